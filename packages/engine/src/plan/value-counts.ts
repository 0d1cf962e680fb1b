import { type Sql, sql } from '@plumbline/core'
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

/** Counts the distinct values of a number or boolean (0, 1): all that an order statistic or a distance needs. */
export async function numberCounts(
  session: Session,
  scope: Scope,
  value: Sql,
  filter: RowFilter,
): Promise<Outcome<NumberCounts>> {
  const result = await session.numbers(
    sql`SELECT CAST("v" AS DOUBLE), CAST(count(*) AS DOUBLE) FROM
        (SELECT ${value} AS "v" FROM ${scope.relation.from}${where(scope, filter)}) GROUP BY "v" ORDER BY "v"`,
  )
  if (!result.ok) return result
  const [values = new Float64Array(), counts = new Float64Array()] = result.value
  const kept: number[] = []
  const sizes: number[] = []
  let missing = 0
  let total = 0
  values.forEach((each, i) => {
    const size = counts[i] as number
    if (Number.isNaN(each)) {
      missing += size
      return
    }
    total += size
    // Int64 beyond 2^53 may share a float64.
    if (kept.at(-1) === each) sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + size
    else {
      kept.push(each)
      sizes.push(size)
    }
  })
  return succeed({ values: Float64Array.from(kept), counts: Uint32Array.from(sizes), missing, total })
}

/** The distinct cells of a category and how often each occurs; null counts the missing ones. */
export async function categoryCounts(
  session: Session,
  scope: Scope,
  value: Sql,
  filter: RowFilter,
): Promise<Outcome<ReadonlyMap<Cell, number>>> {
  const result = await session.query(
    sql`SELECT "v", CAST(count(*) AS DOUBLE) AS "n" FROM
        (SELECT ${value} AS "v" FROM ${scope.relation.from}${where(scope, filter)}) GROUP BY "v" ORDER BY "v"`,
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
