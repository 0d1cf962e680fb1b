import {
  type Expr,
  type Implementation,
  type Literal,
  literalOf,
  type RecordValue,
  referenceAnswers,
  type RowAnswer,
  type RowColumn,
  type RowFunctionName,
  type Type,
} from '@plumbline/core'
import { ask, type Demand, type Solver, type SolverLimits } from '@plumbline/core/deep'

/** Rows of a batch that are asked: a question takes milliseconds where the others take none. */
const MOST_ROWS = 48
/** Rows of one question. */
const TOGETHER = 12
const DEFAULT_MS = 500
const BOOL: Type = { kind: 'bool' }
type Verdict = 'sat' | 'unsat' | 'unknown'

const SCALARS: ReadonlySet<Type['kind']> = new Set(['bool', 'int', 'double', 'string', 'timestamp', 'duration'])

/** Limits for each question. */
export interface SmtImplementationOptions {
  readonly milliseconds?: number
  readonly signal?: AbortSignal
}

/**
 * The SMT-LIB encoding as an implementation: with the cells of a row given, it has to allow what the reference says. An
 * encoding may allow more (`unsat` is a proof all the same), and what is not decided in time is no disagreement.
 */
export function smtImplementation(
  solver: Solver,
  { milliseconds = DEFAULT_MS, signal }: SmtImplementationOptions = {},
): Implementation {
  const limits: SolverLimits = { milliseconds, ...(signal === undefined ? {} : { signal }) }
  return {
    name: 'smt',
    errors: 'missing',
    refuses: (expr) => {
      const kinds = [expr.type.kind, ...[...columnsOf(expr).values()].map(({ kind }) => kind)]
      return kinds.every((kind) => SCALARS.has(kind)) ? undefined : 'lists are not encoded'
    },
    cannotHold: () => undefined,
    answers: async ({ columns, exprs, rows }) => {
      const answers: RowAnswer[][] = []
      for (const expr of exprs) {
        const references = referenceAnswers(expr, rows)
        const found = rows.map((): RowAnswer => ({ open: 'not asked' }))
        let isHard = false
        for (const places of inTurns(rows.length)) {
          const demands = (of: readonly number[]) =>
            of.map((row) => demandsOf(expr, rows[row] as RecordValue, references[row] as RowAnswer, columns, `${row}:`))
          // Where one question took all of its time, the others about the same expression would, too.
          const together: Verdict = isHard ? 'unknown' : await verdict(solver, demands(places).flat(), limits)
          isHard ||= together === 'unknown'
          for (const row of places) {
            // Of rows that are not allowed together, one or more is not allowed by itself.
            const own = together === 'unsat' ? await verdict(solver, demands([row]).flat(), limits) : together
            found[row] = answerOf(own, references[row] as RowAnswer)
          }
        }
        answers.push(found)
      }
      return answers
    },
    code: (expr) => ask([{ name: 'it', expr, missing: 'fail', holds: true }], new Map(), false).query([], false).script,
  }
}

/** Places of the rows that are asked, spread over all, and which of them in one question. */
function inTurns(count: number): readonly (readonly number[])[] {
  const asked = Math.min(count, MOST_ROWS)
  const places = Array.from({ length: asked }, (_, i) => Math.floor((i * count) / asked))
  return Array.from({ length: Math.ceil(asked / TOGETHER) }, (_, i) => places.slice(i * TOGETHER, (i + 1) * TOGETHER))
}

async function verdict(solver: Solver, demands: readonly Demand[], limits: SolverLimits): Promise<Verdict> {
  const { script } = ask(demands, new Map(), false).query([], false)
  return (await solver.check({ script, named: [], read: [] }, limits)).kind
}

function answerOf(verdict: Verdict, reference: RowAnswer): RowAnswer {
  switch (verdict) {
    case 'sat':
      return reference
    case 'unsat':
      return { broken: 'the encoding does not allow what the reference says' }
    case 'unknown':
      return { open: 'not decided' }
  }
}

/** That a row has these cells, and the expression this outcome; `prefix` keeps the columns of several rows apart. */
function demandsOf(
  expr: Expr,
  row: RecordValue,
  reference: RowAnswer,
  columns: readonly RowColumn[],
  prefix: string,
): readonly Demand[] {
  const demands: Demand[] = []
  const demand = (of: Expr, missing: Demand['missing'], holds: boolean): void =>
    void demands.push({ name: `${prefix}${demands.length}`, expr: of, missing, holds })
  const read = columnsOf(expr)
  for (const { name, kind } of columns) {
    const type = read.get(name)
    if (type === undefined) continue
    const column: Expr = { node: 'column', name: `${prefix}${name}`, type }
    const cell = row.get(name) ?? null
    if (cell === null || Number.isNaN(cell))
      demand({ node: 'is-missing', type: BOOL, operand: column, negated: false }, 'fail', true)
    else demand(equals(column, literalOf({ kind }, cell)), 'fail', true)
  }
  const asked = renamed(expr, prefix)
  if ('value' in reference) demand(equals(asked, literalOfAnswer(expr.type, reference.value)), 'fail', true)
  else if ('error' in reference) {
    // An error of any code makes no comparison true; one with `missing: pass` is met where the error is `missing`.
    const itself = equals(asked, asked)
    demand(itself, 'fail', false)
    demand(itself, 'pass', reference.error === 'missing')
  }
  return demands
}

const equals = (a: Expr, b: Expr): Expr => ({
  node: 'call',
  fn: `eq_${a.type.kind}` as RowFunctionName,
  type: BOOL,
  args: [a, b],
})

function literalOfAnswer(type: Type, value: boolean | bigint | number | string): Literal {
  if (type.kind === 'timestamp') return literalOf(type, { timestamp: value as bigint })
  return literalOf(type, type.kind === 'duration' ? { duration: value as bigint } : value)
}

/** The tree with every column under another name. It is plain JSON. */
function renamed(expr: Expr, prefix: string): Expr {
  const go = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(go)
    if (typeof part !== 'object' || part === null) return part
    const changed = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, go(value)]))
    return changed['node'] === 'column' ? { ...changed, name: `${prefix}${String(changed['name'])}` } : changed
  }
  return go(expr) as Expr
}

function columnsOf(expr: Expr): ReadonlyMap<string, Type> {
  const found = new Map<string, Type>()
  const go = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    const { node, name, type } = part as { readonly node?: unknown; readonly name?: unknown; readonly type?: unknown }
    if (node === 'column') found.set(String(name), type as Type)
    for (const value of Object.values(part)) go(value)
  }
  go(expr)
  return found
}
