import { integerLiteral, join, render, type Sql, sql, stats, type Type } from '@plumbline/core'
import type { Cell, Database } from '../engines/database.ts'
import type { Outcome } from '../duckdb/failure.ts'
import { succeed } from '../duckdb/failure.ts'
import { binsThere, edgesThere } from './bins-there.ts'
import { countNumbers, type NumberCounts, numberCounts } from './number-counts.ts'
import { type RowFilter, type Scope, where } from './scope.ts'

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
export const FEW_ROWS = 10_000

const NUMBER: Type = { kind: 'double' }
const COUNT: Type = { kind: 'int' }

/** Counts where the rows of each relation are; nothing is counted yet. */
export function valueCounts(run: Database): ValueCounts {
  const databaseOf = (scope: Scope): Database => scope.relation.database ?? run
  const numbers = new Map<string, NumberCounts>()
  const categories = new Map<string, ReadonlyMap<Cell, number>>()
  const expected = new Map<string, Map<string, Sql>>()
  const bins = new Map<string, Uint32Array>()
  const edges = new Map<string, readonly number[]>()
  const rowsOf = (scope: Scope, filter: RowFilter): Sql => sql`FROM ${scope.relation.from}${where(scope, filter)}`
  const countTogether = async (session: Database, rows: Sql, values: ReadonlyMap<string, Sql>): Promise<void> => {
    const cells = [...values.values()].map((value) => sql`CAST(${value} AS DOUBLE)`)
    const read = await session.numbers(
      sql`SELECT ${join(cells, sql`, `)} ${rows} LIMIT ${integerLiteral(BigInt(FEW_ROWS + 1))}`,
    )
    if (!read.ok || (read.value[0]?.length ?? 0) > FEW_ROWS) return
    ;[...values.keys()].forEach((key, i) => numbers.set(key, countNumbers(read.value[i] ?? new Float64Array())))
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
        const known = edges.get(key)
        if (known !== undefined) return succeed(known)
        const found = await edgesThere(databaseOf(scope), rowsOf(scope, filter), value, type)
        if (found.ok) edges.set(key, found.value)
        return found
      }
      const counted = await this.numbers(scope, filter, value, type)
      return counted.ok ? succeed(edgesOf(counted.value)) : counted
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

/** `quantileBins` of numbers that are counted. */
export function edgesOf(counted: NumberCounts): readonly number[] {
  const { values, total } = counted
  const greatest = values.at(-1)
  return greatest === undefined
    ? []
    : stats.quantileBinsOf(total, stats.atRank(counted), { greatest, below: values.at(-2) })
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
