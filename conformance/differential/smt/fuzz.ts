import { type Satisfiability, satisfiable } from '../../../packages/core/src/deep/index.ts'
import { createEvaluator } from '../../../packages/core/src/expr/evaluate/evaluate.ts'
import type { Expr } from '../../../packages/core/src/expr/expr.ts'
import { printExpr } from '../../../packages/core/src/expr/print/typed.ts'
import { createRandom } from '../../../packages/core/src/stats/prng.ts'
import { ask, type Demand, type Solver } from '../../../packages/core/src/targets/smt/index.ts'
import { createExpressionGenerator } from '../expressions.ts'
import { generateGroup } from '../group.ts'
import type { GeneratedRow } from '../../../packages/core/src/fuzz/rows.ts'
import { schema } from '../schema.ts'
import { askNative, type Native } from './native.ts'

/** What a run found. */
export interface SmtRun {
  readonly conditions: number
  readonly satisfiable: number
  readonly unsatisfiable: number
  readonly unknown: number
  /** Of the unsatisfiable: how many random rows each was tried on, together. */
  readonly rowsTried: number
  /** Proofs of which the encoding was exact, with no bound in place of a value. */
  readonly exact: number
  /** Answers of another solver compared with ours. */
  readonly compared: number
  readonly mistakes: readonly string[]
  readonly reasons: Readonly<Record<string, number>>
}

/** How a run is made. */
export interface SmtRunOptions {
  readonly seed: string
  readonly conditions: number
  /** Wall-clock time, and z3's own steps: these decide, so that a busy machine gives the same answers. */
  readonly milliseconds: number
  readonly steps: number
  readonly solver: Solver
  readonly natives: readonly Native[]
  /** Every so many conditions the others are asked. */
  readonly nativeEvery: number
  /** Called after every hundred conditions with what was found so far. */
  readonly onProgress?: (run: SmtRun) => void
}

/** The columns of the generated relation, with nothing taken for granted. */
export const columns: ReadonlyMap<string, (typeof schema)[number]> = new Map(schema.map((each) => [each.name, each]))

/** Asks whether random conditions can be true, and holds each answer to what rows and other solvers say. */
export async function fuzzSmt(options: SmtRunOptions): Promise<SmtRun> {
  const random = createRandom(options.seed, 'smt')
  const generator = createExpressionGenerator(random)
  const distinct = new Set<string>()
  const counts = { satisfiable: 0, unsatisfiable: 0, unknown: 0 }
  const mistakes: string[] = []
  const reasons: Record<string, number> = {}
  let [asked, rowsTried, compared, exact] = [0, 0, 0, 0]
  let seen: readonly GeneratedRow[] = []
  const result = (): SmtRun => ({ conditions: asked, ...counts, rowsTried, exact, compared, mistakes, reasons })
  while (asked < options.conditions) {
    const { exprs, rows } = generateGroup(random, generator, distinct)
    seen = [...rows, ...seen].slice(0, 240)
    for (const expr of exprs) {
      if (expr.type.kind !== 'bool' || asked >= options.conditions) continue
      asked++
      const demand: Demand = { name: 'it', expr, missing: 'fail', holds: true }
      const answer = await satisfiable([demand], columns, {
        solver: options.solver,
        limits: { milliseconds: options.milliseconds, steps: options.steps },
      })
      counts[answer.kind]++
      if (answer.kind === 'unknown') {
        const [reason = ''] = answer.reason.split(':')
        reasons[reason] = (reasons[reason] ?? 0) + 1
      }
      const question = ask([demand], columns, false)
      if (answer.kind === 'unsatisfiable') {
        rowsTried += seen.length
        if (isExact(question)) exact++
        const witness = trueOn(expr, seen)
        if (witness !== undefined) mistakes.push(`proved that none can: ${printExpr(expr)}\n  on ${witness}`)
      }
      if (asked % 100 === 0) options.onProgress?.(result())
      if (asked % options.nativeEvery !== 0) continue
      for (const native of options.natives) {
        const verdict = await askNative(native, question.query([], false), 2_000)
        if (verdict === 'unknown') continue
        compared++
        const wrong = contradicts(verdict, answer, isExact(question))
        if (wrong) mistakes.push(`${native.name} says ${verdict}, ours ${answer.kind}: ${printExpr(expr)}`)
      }
    }
  }
  return result()
}

/**
 * Whether what another solver finds must be a row. A number is any real one until facts about the float64 around it are
 * told, so of a question that reads numbers `sat` says nothing: `x == 2^62 + 1` has a real solution, and no float64.
 */
export const isExact = ({ encoding, cells }: ReturnType<typeof ask>): boolean =>
  encoding.loose.size === 0 && cells.doubles.length === 0

/** A row on which a condition is true, in words. */
function trueOn(expr: Expr, rows: readonly GeneratedRow[]): string | undefined {
  const evaluator = createEvaluator()
  const row = rows.find(({ cells }) => evaluator.evaluate(expr, { row: cells }) === true)
  if (row === undefined) return undefined
  return JSON.stringify([...row.cells], (_, part) => (typeof part === 'bigint' ? `${part}n` : part))
}

/**
 * A row that was confirmed refutes every `unsat`. A proof is refuted by `sat` only where the encoding is exact: another
 * question, refined by facts, may have given ours.
 */
function contradicts(verdict: string, answer: Satisfiability, isExact: boolean): boolean {
  if (verdict !== 'sat' && verdict !== 'unsat') return true
  if (answer.kind === 'satisfiable') return verdict === 'unsat'
  return answer.kind === 'unsatisfiable' && verdict === 'sat' && isExact
}
