import { integerLiteral, join, render, type Sql, sql, stats, type Type } from '@plumbline/core'
import type { Cell, Database } from '../engines/database.ts'
import type { Outcome } from '../duckdb/failure.ts'
import { succeed } from '../duckdb/failure.ts'
import { binsThere, edgesThere } from './bins-there.ts'
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
  numbers(scope: Scope, filter: RowFilter, value: Sql, type?: Type): Promise<Outcome<NumberCounts>>
  /** Edges of bins that hold about equally many of the numbers each (`quantileBins`). */
  edges(scope: Scope, filter: RowFilter, value: Sql, type: Type): Promise<Outcome<readonly number[]>>
  /** Rows in each bin between edges, and last those without a number. */
  bins(scope: Scope, filter: RowFilter, value: Sql, type: Type, edges: readonly number[]): Promise<Outcome<Uint32Array>>
  /** The distinct cells of a category and how often each occurs; null counts the missing ones. */
  categories(scope: Scope, filter: RowFilter, cell: Sql): Promise<Outcome<ReadonlyMap<Cell, number>>>
}

/** Up to so many rows it costs less to read several columns at once and count here than a statement for each column. */
const FEW_ROWS = 10_000

const NUMBER: Type = { kind: 'double' }
const COUNT: Type = { kind: 'int' }

/** Counts where the rows of each relation are; nothing is counted yet. */
export function valueCounts(run: Database): ValueCounts {
  const databaseOf = (scope: Scope): Database => scope.relation.database ?? run
  const numbers = new Map<string, NumberCounts>()
  const categories = new Map<string, ReadonlyMap<Cell, number>>()
  const expected = new Map<string, Map<string, Sql>>()
  const bins = new Map<string, Uint32Array>()
  const edgesOf = new Map<string, readonly number[]>()
  const rowsOf = (scope: Scope, filter: RowFilter): Sql => sql`FROM ${scope.relation.from}${where(scope, filter)}`
  const countTogether = async (session: Database, rows: Sql, values: ReadonlyMap<string, Sql>): Promise<void> => {
    const cells = [...values.values()].map((value) => sql`CAST(${value} AS DOUBLE)`)
    const read = await session.numbers(
      sql`SELECT ${join(cells, sql`, `)} ${rows} LIMIT ${integerLiteral(BigInt(FEW_ROWS + 1))}`,
    )
    if (!read.ok || (read.value[0]?.length ?? 0) > FEW_ROWS) return
    ;[...values.keys()].forEach((key, i) => numbers.set(key, countOf(read.value[i] ?? new Float64Array())))
  }
  return {
    expect(scope, filter, values) {
      if (scope.spelling.countsThere) return
      const rows = rowsOf(scope, filter)
      const group = expected.get(render(rows)) ?? new Map<string, Sql>()
      for (const value of values) group.set(keyOf(rows, value), value)
      expected.set(render(rows), group)
    },
    async numbers(scope, filter, value, type = NUMBER) {
      const session = databaseOf(scope)
      const rows = rowsOf(scope, filter)
      const key = keyOf(rows, value)
      const together = expected.get(render(rows))
      if (!numbers.has(key) && together !== undefined) {
        expected.delete(render(rows))
        await countTogether(session, rows, together)
      }
      const known = numbers.get(key)
      if (known !== undefined) return succeed(known)
      const counted = await numberCounts(session, rows, value, type)
      if (counted.ok) numbers.set(key, counted.value)
      return counted
    },
    async edges(scope, filter, value, type) {
      if (scope.spelling.countsThere) {
        const key = keyOf(rowsOf(scope, filter), value)
        const known = edgesOf.get(key)
        if (known !== undefined) return succeed(known)
        const found = await edgesThere(databaseOf(scope), rowsOf(scope, filter), value, type)
        if (found.ok) edgesOf.set(key, found.value)
        return found
      }
      const counted = await this.numbers(scope, filter, value, type)
      return counted.ok ? succeed(stats.quantileBins(expanded(counted.value))) : counted
    },
    async bins(scope, filter, value, type, edges) {
      if (scope.spelling.countsThere) {
        const key = JSON.stringify([keyOf(rowsOf(scope, filter), value), edges])
        const known = bins.get(key)
        if (known !== undefined) return succeed(known)
        const found = await binsThere(databaseOf(scope), rowsOf(scope, filter), value, type, edges)
        if (found.ok) bins.set(key, found.value)
        return found
      }
      const counted = await this.numbers(scope, filter, value, type)
      if (!counted.ok) return counted
      const found = stats.histogram(counted.value.values, edges, counted.value.counts)
      found[edges.length + 1] = counted.value.missing
      return succeed(found)
    },
    async categories(scope, filter, cell) {
      const rows = rowsOf(scope, filter)
      const key = keyOf(rows, cell)
      const known = categories.get(key)
      if (known !== undefined) return succeed(known)
      const counted = await categoryCounts(databaseOf(scope), rows, cell)
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

async function numberCounts(session: Database, rows: Sql, value: Sql, type: Type): Promise<Outcome<NumberCounts>> {
  const { spelling } = session
  const result = await session.numbers(
    sql`SELECT ${spelling.asDouble(sql`"v"`, type)}, ${spelling.asDouble(sql`count(*)`, COUNT)} FROM
        (SELECT ${value} AS "v" ${rows}) AS "cells" GROUP BY "v" ORDER BY "v"`,
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

async function categoryCounts(session: Database, rows: Sql, value: Sql): Promise<Outcome<ReadonlyMap<Cell, number>>> {
  const result = await session.query(
    sql`SELECT "v", ${session.spelling.asDouble(sql`count(*)`, COUNT)} AS "n" FROM
        (SELECT ${value} AS "v" ${rows}) AS "cells" GROUP BY "v" ORDER BY "v"`,
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
