import type { Column, Expr, Literal } from '../expr/expr.ts'
import { literalValue, type RecordValue, type Value } from '../expr/value.ts'
import { above, below } from '../targets/smt/float64.ts'
import { conjuncts, DENIED } from './aggregates/bounds.ts'
import type { Asked } from './asked.ts'

/** Kinds of cells that lie in an order, as numbers: an int, a timestamp and a duration are whole ones. */
const ORDERED: ReadonlySet<string> = new Set(['int', 'double', 'timestamp', 'duration'])

/** A cell of one column that is not above that of another. */
interface Step {
  readonly from: Column
  readonly to: Column
  readonly strict: boolean
}

/**
 * Cells for the columns that demands compare with each other: the least that are in that order and not below the constants
 * they are compared with. Of demands that do nothing else these are a row, if there is one; others may ask for more.
 * `wide`: numbers that are to differ differ by 1 and not by the least that numbers can.
 */
export function orderedCells(asked: readonly Asked[], wide: boolean): RecordValue {
  const steps: Step[] = []
  const least = new Map<string, bigint | number>()
  const greatest = new Map<string, bigint | number>()
  for (const { low, high, strict } of asked.flatMap(comparisonsOf)) {
    if (low.node === 'literal') {
      if (high.node === 'column') raise(least, high, numberOf(low), strict, wide)
    } else if (high.node === 'column') steps.push({ from: low, to: high, strict })
    else lower(greatest, low, numberOf(high), strict)
  }
  if (steps.length === 0) return new Map()
  const columns = new Map(steps.flatMap(({ from, to }) => [from, to]).map((column) => [column.name, column]))
  start(columns, steps, least, greatest)
  // As often as there are columns: what still grows then goes round.
  for (let round = 0, grew = true; grew && round <= columns.size; round++) {
    grew = false
    for (const { from, to, strict } of steps) if (raise(least, to, least.get(from.name) ?? 0, strict, wide)) grew = true
  }
  return new Map([...columns].map(([name, column]) => [name, cellOf(column, least.get(name) ?? 0)]))
}

/** Where no constant bounds a column from below: 0, or as far below the bounds above as there are columns. */
function start(
  columns: ReadonlyMap<string, Column>,
  steps: readonly Step[],
  least: Map<string, bigint | number>,
  greatest: ReadonlyMap<string, bigint | number>,
): void {
  const highest = [...greatest].flatMap(([name, value]) => (columns.has(name) ? [Number(value)] : []))
  const at = Math.min(0, ...highest.filter(Number.isFinite).map((value) => value - steps.length - 1))
  for (const [name, column] of columns) if (!least.has(name)) raise(least, column, at, false, true)
}

interface Compared {
  readonly low: Column | Literal
  readonly high: Column | Literal
  readonly strict: boolean
}

/** What a demand says of the order of two numbers. */
function comparisonsOf({ demand: { expr, holds } }: Asked): readonly Compared[] {
  return (holds ? conjuncts(expr) : [expr]).flatMap((part): readonly Compared[] => {
    if (part.node !== 'call' || !/^(lt|le|gt|ge|eq)_/.test(part.fn)) return []
    const op = OPERATORS[part.fn.slice(0, 2)]
    const [left, right] = part.args.map(operand)
    if (op === undefined || left === undefined || right === undefined) return []
    if (op === '==' && !holds) return []
    if (op === '==')
      return [
        { low: left, high: right, strict: false },
        { low: right, high: left, strict: false },
      ]
    const way = holds ? op : DENIED[op]
    const [low, high] = way.startsWith('<') ? [left, right] : [right, left]
    return [{ low, high, strict: way.length === 1 }]
  })
}

const OPERATORS: Readonly<Record<string, '<' | '<=' | '>' | '>=' | '=='>> = {
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  eq: '==',
}

function operand(expr: Expr): Column | Literal | undefined {
  if (expr.node === 'call' && expr.fn === 'double_of_int' && expr.args[0] !== undefined) return operand(expr.args[0])
  return (expr.node === 'column' || expr.node === 'literal') && ORDERED.has(expr.type.kind) ? expr : undefined
}

function numberOf(literal: Literal): bigint | number {
  const value = literalValue(literal)
  if (typeof value === 'bigint' || typeof value === 'number') return value
  if (value === null || typeof value !== 'object') return 0
  if ('timestamp' in value) return value.timestamp as bigint
  return 'duration' in value ? (value.duration as bigint) : 0
}

/** Puts a column's least value where it has to be; whether it was below. */
function raise(
  least: Map<string, bigint | number>,
  { name, type }: Column,
  to: bigint | number,
  strict: boolean,
  wide: boolean,
): boolean {
  const value = type.kind === 'double' ? beyond(Number(to), strict, wide) : whole(to, strict)
  const before = least.get(name)
  if (before !== undefined && before >= value) return false
  least.set(name, value)
  return true
}

function lower(
  greatest: Map<string, bigint | number>,
  { name, type }: Column,
  to: bigint | number,
  strict: boolean,
): void {
  const value = type.kind === 'double' && strict ? below(Number(to)) : to
  const before = greatest.get(name)
  if (before === undefined || value < before) greatest.set(name, value)
}

const beyond = (value: number, strict: boolean, wide: boolean): number =>
  strict ? (wide ? Math.max(value + 1, above(value)) : above(value)) : value

/** The least whole number that is not below, or above. */
function whole(value: bigint | number, strict: boolean): bigint {
  if (typeof value === 'number' && !Number.isFinite(value)) return 0n
  const least = typeof value === 'bigint' ? value : BigInt(Math.ceil(value))
  return strict && value >= least ? least + 1n : least
}

function cellOf({ type }: Column, value: bigint | number): Value {
  if (type.kind === 'double') return Number(value)
  const int = BigInt.asIntN(64, whole(value, false))
  return type.kind === 'timestamp' ? { timestamp: int } : type.kind === 'duration' ? { duration: int } : int
}
