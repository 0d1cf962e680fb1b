import { integerLiteral, type Sql, sql, stats, type Type } from '@plumbline/core'
import type { Outcome } from '../duckdb/failure.ts'
import { succeed } from '../duckdb/failure.ts'
import type { Database } from '../engines/database.ts'

/** The distinct numbers of an expression, ascending, how often each occurs, and how many rows have none. */
export interface NumberCounts extends stats.CountedValues {
  readonly missing: number
  /** Rows with a value. */
  readonly total: number
}

/** Counts cells, of which NaN stands for a missing one. They are sorted in place. */
export function countNumbers(cells: Float64Array): NumberCounts {
  let total = 0
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] as number
    if (!Number.isNaN(cell)) cells[total++] = cell
  }
  return { ...stats.countNumbers(cells.subarray(0, total)), missing: cells.length - total, total }
}

/** Up to so many rows are read and sorted here, which takes half of what grouping takes in the engine; 256 MiB of cells. */
const MOST_READ = 1 << 25

const COUNT: Type = { kind: 'int' }

/** The counts of the numbers that a value (SQL) takes on rows (`FROM … WHERE …`). */
export async function numberCounts(
  database: Database,
  rows: Sql,
  value: Sql,
  type: Type,
): Promise<Outcome<NumberCounts>> {
  if (!database.spelling.countsThere) {
    // NaN in place of NULL: a result without NULL is read several times faster.
    const cells = await database.numbers(
      sql`SELECT coalesce(CAST(${value} AS DOUBLE), CAST('NaN' AS DOUBLE)) ${rows} LIMIT ${integerLiteral(BigInt(MOST_READ + 1))}`,
    )
    if (!cells.ok) return cells
    const [read = new Float64Array()] = cells.value
    if (read.length <= MOST_READ) return succeed(countNumbers(read))
  }
  const { spelling } = database
  const grouped = await database.numbers(
    sql`SELECT ${spelling.asDouble(sql`"v"`, type)}, ${spelling.asDouble(sql`count(*)`, COUNT)} FROM
        (SELECT ${value} AS "v" ${rows}) AS "cells" GROUP BY "v" ORDER BY "v"`,
  )
  if (!grouped.ok) return grouped
  const [values = new Float64Array(), counts = new Float64Array()] = grouped.value
  return succeed(ofGroups(values, counts))
}

/** Groups in ascending order, those without a number at either end; int64 beyond 2^53 may share a float64. */
function ofGroups(values: Float64Array, counts: Float64Array): NumberCounts {
  const at = values.findIndex((value) => !Number.isNaN(value))
  const from = at < 0 ? values.length : at
  let to = values.length
  while (to > from && Number.isNaN(values[to - 1])) to--
  const sum = (sizes: Float64Array): number => sizes.reduce((total, size) => total + size, 0)
  const total = sum(counts.subarray(from, to))
  return {
    ...stats.countSorted(values.subarray(from, to), counts.subarray(from, to)),
    missing: sum(counts) - total,
    total,
  }
}

/** The values one by one in ascending order, each as often as it occurs. */
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
