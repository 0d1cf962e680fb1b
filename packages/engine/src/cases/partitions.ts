import { children, type Expr, type Literal } from '@plumbline/core'
import type { CaseCell } from '@plumbline/core/cases'
import { edges, type SpecColumn } from '../release/columns.ts'

/** Whole numbers of a range that are all taken. */
const MOST_LISTED = 16
/** Codes of a category, and constants of conditions, that are taken. */
const MOST_VALUES = 24

/**
 * Values that stand for a column's domain: every code, both truth values, the ends of a range with what lies next to them and its
 * middle, the constants that conditions compare it with, and a missing cell where it may be missing. With `every`, a narrow
 * range of whole numbers is listed in full.
 */
export function partitionOf(
  column: SpecColumn,
  conditions: readonly Expr[],
  every: boolean,
): readonly [CaseCell, ...CaseCell[]] {
  const { kind, declared } = column
  const within = edges(column).filter((cell): cell is CaseCell => typeof cell !== 'bigint')
  if (declared.values !== undefined || kind === 'bool') return atLeastOne(within.slice(0, MOST_VALUES))
  if (kind === 'string') {
    const beside = constantsBeside(column.name, conditions)
    const named = beside.filter((cell) => typeof cell === 'string')
    // What a number is compared with is mostly the size of the text: one of it, and of one more and less.
    const sized = beside.flatMap((cell) => (typeof cell === 'number' ? textsAround(cell) : []))
    return atLeastOne(
      [...new Set([...named, ...sized, 'a', ...(declared.optional ? [null] : [])])].slice(0, MOST_VALUES),
    )
  }
  const whole = kind !== 'double'
  const low = declared.low === undefined ? -1 : Number(declared.low)
  const high = declared.high === undefined ? Math.max(1, low) : Number(declared.high)
  const missing = declared.optional ? [null] : []
  if (every && whole && high - low < MOST_LISTED)
    return atLeastOne([...Array.from({ length: high - low + 1 }, (_, i) => low + i), ...missing])
  const middle = whole ? Math.floor(low + (high - low) / 2) : low + (high - low) / 2
  const named = constantsBeside(column.name, conditions).flatMap((cell) =>
    typeof cell !== 'number' ? [] : whole ? [Math.floor(cell) - 1, Math.floor(cell), Math.floor(cell) + 1] : [cell],
  )
  const between = whole || !isRounded(column.name, conditions) ? [] : HALVES
  const inside = [low, middle, high, ...named, ...between].filter(
    (cell) => cell >= low && cell <= high && (whole ? Number.isSafeInteger(cell) : Number.isFinite(cell)),
  )
  return atLeastOne([...new Set(inside.map((cell) => cell + 0)), ...missing].slice(0, MOST_VALUES))
}

/** Longer texts say no more, and fill the committed file. */
const LONGEST = 1000

const textsAround = (size: number): readonly string[] =>
  [size - 1, size, size + 1]
    .filter((length) => Number.isInteger(length) && length >= 0 && length <= LONGEST)
    .map((length) => 'x'.repeat(length))

const atLeastOne = (values: readonly CaseCell[]): readonly [CaseCell, ...CaseCell[]] => {
  const [first = null, ...rest] = values
  return [first, ...rest]
}

/** Where rounding turns over: in the middle between two whole numbers and next to it, and at a whole number and next to that, on both sides of 0. */
const HALVES: readonly number[] = [0.5, 0.49999999999999994, 1.5, 0.9999999999999999, 1].flatMap((each) => [
  each,
  -each,
])

const ROUNDING: ReadonlySet<string> = new Set(['round', 'trunc', 'floor', 'ceil', 'int_of_double'])

/** Whether a condition rounds the column, or what it makes of it. */
function isRounded(column: string, conditions: readonly Expr[]): boolean {
  const visit = (expr: Expr): { readonly reads: boolean; readonly rounds: boolean } => {
    const parts = children(expr).map(visit)
    const reads =
      ((expr.node === 'column' || expr.node === 'field') && expr.name === column) || parts.some((part) => part.reads)
    const own = reads && expr.node === 'call' && ROUNDING.has(expr.fn)
    return { reads, rounds: own || parts.some((part) => part.rounds) }
  }
  return conditions.some((condition) => visit(condition).rounds)
}

/** Literals of every call and list that reads the column, of a row or of a bound record. */
function constantsBeside(column: string, conditions: readonly Expr[]): readonly CaseCell[] {
  const found: CaseCell[] = []
  const visit = (expr: Expr): boolean => {
    const parts = children(expr)
    const reads = parts.map(visit).includes(true)
    const own = (expr.node === 'column' || expr.node === 'field') && expr.name === column
    if (reads && expr.node === 'call')
      found.push(...parts.flatMap((part) => (part.node === 'literal' ? cellOfLiteral(part) : [])))
    if (reads && expr.node === 'in-list') found.push(...expr.elements.flatMap(cellOfLiteral))
    return own || reads
  }
  conditions.forEach(visit)
  return found
}

function cellOfLiteral({ type, value }: Literal): readonly CaseCell[] {
  if (type.kind === 'int' || type.kind === 'timestamp')
    return Number.isSafeInteger(Number(value)) ? [Number(value)] : []
  return typeof value === 'string' && type.kind !== 'string' ? [] : [value]
}
