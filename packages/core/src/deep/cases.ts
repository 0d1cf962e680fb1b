import type { Column, Expr, Literal } from '../expr/expr.ts'
import { type Duration, literalValue, type RecordValue, type Timestamp, type Value } from '../expr/value.ts'
import { children } from '../targets/children.ts'
import { above, below } from '../targets/smt/float64.ts'
import type { Asked } from './asked.ts'
import { meets, onRow } from './confirm.ts'

/** Conditions evaluated before a question is left to the solver. */
const MOST_EVALUATIONS = 4_000

/** What looking at every case shows of demands; undefined: they do more than compare cells with constants, or there are too many. */
export type Cases =
  | { readonly kind: 'satisfiable'; readonly row: RecordValue }
  | { readonly kind: 'unsatisfiable' }
  | undefined

/**
 * Decides demands that only compare cells with constants. Between two neighbouring constants no comparison changes, so one
 * row for each combination of such intervals, and of missing cells, stands for all rows there are: a proof, without a solver.
 */
export function byCases(asked: readonly Asked[]): Cases {
  const constants = constantsOf(asked)
  if (constants === undefined) return undefined
  const budget = { left: MOST_EVALUATIONS }
  const columns = [...constants].map(([name, { kind, literals }]) => {
    const own = asked.filter((each) => each.columns.size === 1 && each.columns.has(name))
    const values = [...valuesOf(kind, literals), null].filter((value) => all(own, new Map([[name, value]]), budget))
    return { name, values }
  })
  // The fewest values first: what fails, fails early.
  columns.sort((a, b) => a.values.length - b.values.length)
  const row = new Map<string, Value | null>()
  const place = new Map(columns.map(({ name }, i) => [name, i]))
  const due = columns.map((_, i) =>
    asked.filter(
      (each) => each.columns.size > 1 && Math.max(...[...each.columns].map((name) => place.get(name) ?? 0)) === i,
    ),
  )
  const search = (i: number): boolean => {
    const column = columns[i]
    if (column === undefined) return true
    return column.values.some((value) => {
      // A column at which nothing is due costs nothing: without this, all combinations of such would be gone through.
      if (budget.left <= 0) return false
      row.set(column.name, value)
      return all(due[i] ?? [], row, budget) && search(i + 1)
    })
  }
  const constant = asked.filter((each) => each.columns.size === 0)
  const found = all(constant, row, budget) && search(0)
  if (budget.left <= 0) return undefined
  return found ? { kind: 'satisfiable', row } : { kind: 'unsatisfiable' }
}

/** Whether a row meets all of some demands; false, too, where no more may be evaluated. */
function all(asked: readonly Asked[], row: RecordValue, budget: { left: number }): boolean {
  if (asked.length === 0) return true
  const valueOf = onRow(row)
  return asked.every(({ demand }) => budget.left-- > 0 && meets(demand, valueOf))
}

interface Constants {
  readonly kind: string
  readonly literals: Literal[]
}

/** The constants that each column is compared with; undefined where a demand does anything else with a cell. */
function constantsOf(asked: readonly Asked[]): ReadonlyMap<string, Constants> | undefined {
  const found = new Map<string, Constants>()
  const add = ({ name, type }: Column, literals: readonly Literal[]): true => {
    const known = found.get(name) ?? { kind: type.kind, literals: [] }
    known.literals.push(...literals)
    found.set(name, known)
    return true
  }
  const read = (expr: Expr): boolean => {
    switch (expr.node) {
      case 'column':
        return expr.type.kind === 'bool' && add(expr, [])
      case 'is-missing':
        return expr.operand.node === 'column' && add(expr.operand, [])
      case 'in-list':
        return expr.operand.node === 'column' ? add(expr.operand, expr.elements) : read(expr.operand)
      case 'call': {
        const [a, b] = expr.args
        if (a !== undefined && b !== undefined && COMPARISON.test(expr.fn)) {
          if (a.node === 'column' && b.node === 'literal') return add(a, [b])
          if (a.node === 'literal' && b.node === 'column') return add(b, [a])
        }
        return children(expr).every(read)
      }
      default:
        return children(expr).every(read)
    }
  }
  const isRead = asked.every(({ demand }) => read(demand.expr) && (demand.within === undefined || read(demand.within)))
  return isRead ? found : undefined
}

const COMPARISON = /^(lt|le|gt|ge|eq|ne)_/

/** Values of a kind, one at least in each interval between constants, and each constant. */
function valuesOf(kind: string, literals: readonly Literal[]): readonly Value[] {
  const constants = literals.map(literalValue).filter((value) => value !== null)
  switch (kind) {
    case 'bool':
      return [false, true]
    case 'int':
      return integersOf(constants)
    case 'double':
      return distinct([
        0,
        ...constants.flatMap((value) => {
          const at = Number(value)
          return Number.isFinite(at) ? [below(at), at, above(at)] : [at, Math.sign(at) * Number.MAX_VALUE]
        }),
      ])
    case 'string':
      // Nothing lies between a text and the same with U+0000 behind it.
      return distinct(['', ...constants.flatMap((value) => (typeof value === 'string' ? [value, `${value}\0`] : []))])
    case 'timestamp':
      return integersOf(constants.map((value) => (value as Timestamp).timestamp)).map((timestamp) => ({ timestamp }))
    case 'duration':
      return integersOf(constants.map((value) => (value as Duration).duration)).map((duration) => ({ duration }))
    default:
      return []
  }
}

const integersOf = (constants: readonly Value[]): readonly bigint[] =>
  distinct([0n, ...constants.flatMap(integersAround)]).filter((value) => BigInt.asIntN(64, value) === value)

function integersAround(value: Value): readonly bigint[] {
  if (typeof value === 'bigint') return [value - 1n, value, value + 1n]
  const at = Number(value)
  if (!Number.isFinite(at)) return []
  const [floor, ceiling] = [BigInt(Math.floor(at)), BigInt(Math.ceil(at))]
  return [floor - 1n, floor, ceiling, ceiling + 1n]
}

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)]
