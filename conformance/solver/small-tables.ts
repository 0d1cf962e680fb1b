import type { createRandom } from '../../packages/core/src/stats/prng.ts'

/** Halves as well as wholes where the column holds numbers. */
const KINDS = { integer: [-9, 0, 1, 2, 3, 14, null], number: [-9.5, 0, 1, 1.25, 2, 2.5, 14, null] } as const
export type Kind = keyof typeof KINDS

/** A row of a small table; `null` is a missing cell. */
export interface Row {
  readonly c: number | null
  readonly b: boolean
}
export type Table = readonly Row[]

/** Every table of up to three rows. */
function tablesOf(kind: Kind): readonly Table[] {
  const rows: readonly Row[] = KINDS[kind].flatMap((c) => [true, false].map((b) => ({ c, b })))
  return [[], ...rows.flatMap((x) => [[x], ...rows.flatMap((y) => [[x, y], ...rows.map((z) => [x, y, z])])])]
}
/** All of them. */
export const TABLES: Readonly<Record<Kind, readonly Table[]>> = {
  integer: tablesOf('integer'),
  number: tablesOf('number'),
}

const cellsOf = (table: Table): readonly number[] =>
  table.flatMap(({ c }) => (c === null ? [] : [c])).toSorted((a, b) => a - b)
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const mean = (values: readonly number[]): number => sum(values) / values.length
const variance = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : sum(values.map((value) => (value - mean(values)) ** 2)) / (values.length - 1)
function quantile(values: readonly number[], q: number): number {
  const at = (values.length - 1) * q
  const [low, high] = [values[Math.floor(at)] ?? Number.NaN, values[Math.ceil(at)] ?? Number.NaN]
  return low + (high - low) * (at - Math.floor(at))
}
const groupSize = (table: Table, c: number | null): number => table.filter((row) => row.c === c).length
const share = (table: Table, condition: (c: number) => boolean): number =>
  table.filter(({ c }) => c !== null && condition(c)).length / table.length

/** Each aggregate by its definition; NaN where it has no value. */
const AGGREGATES: Readonly<Record<string, (table: Table) => number>> = {
  'count()': (table) => table.length,
  'distinct(c)': (table) => new Set(cellsOf(table)).size,
  'present(c)': (table) => cellsOf(table).length,
  'null_share(c)': (table) => 1 - cellsOf(table).length / table.length,
  'duplicates(c)': (table) => table.filter(({ c }) => groupSize(table, c) > 1).length,
  'mode_count(c)': (table) => Math.max(0, ...cellsOf(table).map((c) => groupSize(table, c))),
  'sum(c)': (table) => (cellsOf(table).length === 0 ? Number.NaN : sum(cellsOf(table))),
  'min(c)': (table) => cellsOf(table)[0] ?? Number.NaN,
  'max(c)': (table) => cellsOf(table).at(-1) ?? Number.NaN,
  'mean(c)': (table) => mean(cellsOf(table)),
  'median(c)': (table) => quantile(cellsOf(table), 0.5),
  'quantile(c, 0.9)': (table) => quantile(cellsOf(table), 0.9),
  'variance(c)': (table) => variance(cellsOf(table)),
  'stddev(c)': (table) => Math.sqrt(variance(cellsOf(table))),
  'share(c >= 2)': (table) => share(table, (c) => c >= 2),
  'share(!(c >= 2))': (table) => share(table, (c) => !(c >= 2)),
  'share(c > 2)': (table) => share(table, (c) => c > 2),
  'share(c == 1)': (table) => share(table, (c) => c === 1),
  'share(c == 0)': (table) => share(table, (c) => c === 0),
  'share(c >= 2 || c == 1)': (table) => share(table, (c) => c >= 2 || c === 1),
  'share(c in [0, 3])': (table) => share(table, (c) => c === 0 || c === 3),
}
const EVERY: Readonly<Record<string, (c: number) => boolean>> = {
  'c >= 2': (c) => c >= 2,
  'c < 2': (c) => c < 2,
  'c in [0, 1]': (c) => c === 0 || c === 1,
}

/** Of which rows a condition on each is asked: of all, or of one of two parts. */
const SLICES: Readonly<Record<string, (row: Row) => boolean>> = {
  '': () => true,
  part: ({ b }) => b,
  rest: ({ b }) => !b,
}

/** A clause beside its truth. */
export interface Asked {
  readonly text: string
  meets(table: Table): boolean
  /** The bound of its number, and whether a table meets it with another one; none where it asks something of each row. */
  readonly bound?: number
  meetsAt?(table: Table, bound: number): boolean
  /** Whether what it measures has no value. */
  isEmpty(table: Table): boolean
}

/** A bound of an aggregate, of all rows or of those where b is true, or a condition on each row. */
export function anyClause(random: ReturnType<typeof createRandom>): Asked {
  const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T
  if (random.int(4) === 0) {
    const [condition, missing] = [pick(Object.keys(EVERY)), pick(['fail', 'pass', 'exclude'])]
    const holds = EVERY[condition] as (c: number) => boolean
    const slice = pick(Object.keys(SLICES))
    const isIn = SLICES[slice] as (row: Row) => boolean
    return {
      text: `${slice === '' ? '' : `slices: [${slice}], `}missing: ${missing}, every: "${condition}"`,
      meets: (table) =>
        table.length > 0 && table.filter(isIn).every(({ c }) => (c === null ? missing !== 'fail' : holds(c))),
      isEmpty: (table) => table.length === 0,
    }
  }
  const [aggregate, isLess, isSlice] = [pick(Object.keys(AGGREGATES)), random.int(2) === 0, random.int(5) === 0]
  const bound = aggregate.includes('share') ? pick([0.2, 0.4, 0.6, 0.8]) : pick([0.5, 1, 1.5, 2, 2.5])
  const value = AGGREGATES[aggregate] as (table: Table) => number
  const meetsAt = (table: Table, at: number): boolean => {
    const rows = isSlice ? table.filter(({ b }) => b) : table
    const measured = value(rows)
    // Of no rows nothing is satisfied.
    if (rows.length === 0) return false
    return isLess ? measured <= at : measured >= at
  }
  return {
    text: `${isSlice ? 'slices: [part], ' : ''}must: "${aggregate} ${isLess ? '<=' : '>='} ${bound}"`,
    bound,
    meetsAt,
    meets: (table) => meetsAt(table, bound),
    isEmpty: (table) => {
      const rows = isSlice ? table.filter(({ b }) => b) : table
      return rows.length === 0 || Number.isNaN(value(rows))
    },
  }
}
