import { integerLiteral, join, render, type Sql, sql } from '@plumbline/core'
import type { Cell, Session } from '../duckdb/session.ts'
import type { Outcome } from '../duckdb/failure.ts'
import { succeed } from '../duckdb/failure.ts'
import { type RowFilter, type Scope, where } from './scope.ts'

/** The distinct numbers of an expression, ascending, how often each occurs, and how many rows have none. */
export interface NumberCounts {
  readonly values: Float64Array
  readonly counts: Uint32Array
  readonly missing: number
  /** Rows with a value. */
  readonly total: number
}

/** Counts values of relations that stay as they are as long as it is used, and remembers what it counted. */
export interface ValueCounts {
  /** Says which numbers will be asked for: of few rows, one statement then reads them all. */
  expect(scope: Scope, filter: RowFilter, values: readonly Sql[]): void
  /** The distinct values of a number or boolean (0, 1): all that an order statistic or a distance needs. */
  numbers(scope: Scope, filter: RowFilter, value: Sql): Promise<Outcome<NumberCounts>>
  /** The distinct cells of a category and how often each occurs; null counts the missing ones. */
  categories(scope: Scope, filter: RowFilter, cell: Sql): Promise<Outcome<ReadonlyMap<Cell, number>>>
}

/** Up to so many rows it costs less to read several columns at once and count here than a statement for each column. */
const FEW_ROWS = 10_000

/** Counts in a session; nothing is counted yet. */
export function valueCounts(session: Session): ValueCounts {
  const numbers = new Map<string, NumberCounts>()
  const categories = new Map<string, ReadonlyMap<Cell, number>>()
  const expected = new Map<string, Map<string, Sql>>()
  const rowsOf = (scope: Scope, filter: RowFilter): Sql => sql`FROM ${scope.relation.from}${where(scope, filter)}`
  const countTogether = async (rows: Sql, values: ReadonlyMap<string, Sql>): Promise<void> => {
    const cells = [...values.values()].map((value) => sql`CAST(${value} AS DOUBLE)`)
    const read = await session.numbers(
      sql`SELECT ${join(cells, sql`, `)} ${rows} LIMIT ${integerLiteral(BigInt(FEW_ROWS + 1))}`,
    )
    if (!read.ok || (read.value[0]?.length ?? 0) > FEW_ROWS) return
    ;[...values.keys()].forEach((key, i) => numbers.set(key, countOf(read.value[i] ?? new Float64Array())))
  }
  return {
    expect(scope, filter, values) {
      const rows = rowsOf(scope, filter)
      const group = expected.get(render(rows)) ?? new Map<string, Sql>()
      for (const value of values) group.set(keyOf(rows, value), value)
      expected.set(render(rows), group)
    },
    async numbers(scope, filter, value) {
      const rows = rowsOf(scope, filter)
      const key = keyOf(rows, value)
      const together = expected.get(render(rows))
      if (!numbers.has(key) && together !== undefined) {
        expected.delete(render(rows))
        await countTogether(rows, together)
      }
      const known = numbers.get(key)
      if (known !== undefined) return succeed(known)
      const counted = await numberCounts(session, rows, value)
      if (counted.ok) numbers.set(key, counted.value)
      return counted
    },
    async categories(scope, filter, cell) {
      const rows = rowsOf(scope, filter)
      const key = keyOf(rows, cell)
      const known = categories.get(key)
      if (known !== undefined) return succeed(known)
      const counted = await categoryCounts(session, rows, cell)
      if (counted.ok) categories.set(key, counted.value)
      return counted
    },
  }
}

function keyOf(rows: Sql, value: Sql): string {
  return JSON.stringify([render(rows), render(value)])
}

function countOf(cells: Float64Array): NumberCounts {
  // NaN, which stands for a missing cell, sorts last.
  const sorted = cells.toSorted()
  const end = sorted.findIndex(Number.isNaN)
  return merged(end < 0 ? sorted : sorted.subarray(0, end), () => 1, end < 0 ? 0 : sorted.length - end)
}

async function numberCounts(session: Session, rows: Sql, value: Sql): Promise<Outcome<NumberCounts>> {
  const result = await session.numbers(
    sql`SELECT CAST("v" AS DOUBLE), CAST(count(*) AS DOUBLE) FROM
        (SELECT ${value} AS "v" ${rows}) GROUP BY "v" ORDER BY "v"`,
  )
  if (!result.ok) return result
  const [values = new Float64Array(), counts = new Float64Array()] = result.value
  return succeed(merged(values, (i) => counts[i] as number))
}

/** The counts of values in ascending order, of which neighbours may be equal: int64 beyond 2^53 may share a float64. */
function merged(values: Float64Array, sizeOf: (index: number) => number, others = 0): NumberCounts {
  const kept: number[] = []
  const sizes: number[] = []
  let missing = others
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const each = values[i] as number
    const size = sizeOf(i)
    if (Number.isNaN(each)) missing += size
    else {
      total += size
      if (kept.at(-1) === each) sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + size
      else {
        kept.push(each)
        sizes.push(size)
      }
    }
  }
  return { values: Float64Array.from(kept), counts: Uint32Array.from(sizes), missing, total }
}

async function categoryCounts(session: Session, rows: Sql, value: Sql): Promise<Outcome<ReadonlyMap<Cell, number>>> {
  const result = await session.query(
    sql`SELECT "v", CAST(count(*) AS DOUBLE) AS "n" FROM
        (SELECT ${value} AS "v" ${rows}) GROUP BY "v" ORDER BY "v"`,
  )
  if (!result.ok) return result
  const cells = result.value.columns.get('v') ?? []
  const counts = result.value.columns.get('n') ?? []
  return succeed(new Map(cells.map((cell, i) => [cell, Number(counts[i])])))
}

/** The values one by one in ascending order, as a view that repeats each as often as it occurs. */
export function expanded(counts: NumberCounts): Float64Array {
  const all = new Float64Array(counts.total)
  let at = 0
  counts.values.forEach((value, i) => {
    const end = at + (counts.counts[i] as number)
    all.fill(value, at, end)
    at = end
  })
  return all
}
