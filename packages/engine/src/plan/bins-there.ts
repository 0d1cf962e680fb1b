import { join, type Sql, sql, stats, type Type } from '@plumbline/core'
import type { Database } from '../engines/database.ts'
import { type Outcome, succeed } from '../duckdb/failure.ts'

/** The float64 cells of an expression that are not missing, as a FROM item with one column `x`. */
export function cells({ spelling }: Database, rows: Sql, value: Sql, type: Type): Sql {
  const number = spelling.asDouble(sql`"v"`, type)
  return sql`(SELECT ${number} AS "x" FROM (SELECT ${value} AS "v" ${rows}) AS "cells" WHERE "v" IS NOT NULL) AS "numbers"`
}

/**
 * The edges of `quantileBins`, of which only the values that they are made of come here: those at a few ranks, the greatest,
 * and the greatest below it. Interpolated here, as for values that are read, so that both give the same edges.
 */
export async function edgesThere(
  database: Database,
  rows: Sql,
  value: Sql,
  type: Type,
): Promise<Outcome<readonly number[]>> {
  const from = cells(database, rows, value, type)
  const top = sql`(SELECT max("x") AS "top" FROM ${from}) AS "greatest"`
  const ends = await database.numbers(
    sql`SELECT count("x"), max("x"), max(CASE WHEN "x" < "top" THEN "x" END) FROM ${from}, ${top}`,
  )
  if (!ends.ok) return ends
  const [n = 0, greatest = Number.NaN, second = Number.NaN] = ends.value.map((column) => column[0] ?? Number.NaN)
  if (n === 0) return succeed([])
  const ranks = stats.quantileBinRanks(n)
  const found = await database.numbers(database.spelling.atRanks(sql`"x"`, n, ranks, from))
  if (!found.ok) return found
  const at = new Map(ranks.map((rank, i) => [rank, found.value[0]?.[i]]))
  const below = Number.isNaN(second) ? undefined : second
  return succeed(stats.quantileBinsOf(n, (rank) => at.get(rank), { greatest, below }))
}

/** Rows in each bin between edges, counted where they are, and last those without a number. */
export async function binsThere(
  database: Database,
  rows: Sql,
  value: Sql,
  type: Type,
  edges: readonly number[],
): Promise<Outcome<Uint32Array>> {
  const { spelling } = database
  const number = spelling.asDouble(sql`"v"`, type)
  const bin = edges.length === 0 ? sql`0` : spelling.binOf(number, edges)
  const counted = await database.numbers(
    sql`SELECT "bin", count(*) FROM (SELECT ${join([sql`CASE WHEN "v" IS NOT NULL THEN ${bin} END AS "bin"`], sql`, `)} FROM (SELECT ${value} AS "v" ${rows}) AS "cells") AS "binned" GROUP BY "bin"`,
  )
  if (!counted.ok) return counted
  const found = new Uint32Array(edges.length + 2)
  const [bins = new Float64Array(), counts = new Float64Array()] = counted.value
  bins.forEach((at, i) => {
    found[Number.isNaN(at) ? edges.length + 1 : at] = counts[i] ?? 0
  })
  return succeed(found)
}
