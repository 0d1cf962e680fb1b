import { join, type Sql, sql, type stats, type Type } from '@plumbline/core'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import type { Database } from '../engines/database.ts'
import { type RowFilter, type Scope, where } from './scope.ts'

/** The numbers of one side: a column as an expression, on the rows of a filter. */
export interface ThereSide {
  readonly scope: Scope
  readonly filter: RowFilter
  readonly value: Sql
  readonly type: Type
}

/** Two samples that one database holds, of which only numbers about both are fetched. */
export interface PooledSamples {
  readonly database: Database
  /** A FROM item with one row a cell that is not missing: `x`, and `side` 0 for the reference, 1 for the window. */
  readonly present: Sql
  /** Rows with a value, of the reference and of the window. */
  readonly m: number
  readonly n: number
}

const COUNT: Type = { kind: 'int' }

/** A count as float64. */
export const countOf = ({ database }: Pick<PooledSamples, 'database'>, count: Sql): Sql =>
  database.spelling.asDouble(count, COUNT)

/** A number as the database writes it. */
export const number = ({ database }: PooledSamples, value: number): Sql => database.spelling.number(value)

/** Both samples, where one database that counts there holds them; undefined where not. */
export async function poolSamples(
  reference: ThereSide,
  window: ThereSide,
): Promise<(PooledSamples & { readonly missing: number }) | undefined> {
  const { database } = window.scope.relation
  if (database === undefined || database !== reference.scope.relation.database) return undefined
  if (!database.spelling.countsThere) return undefined
  const pooled = poolOf([reference, window])
  const sizes = await sizesOf(database, pooled)
  if (!sizes.ok) return undefined
  const present = sql`(SELECT "x", "side" FROM ${pooled} WHERE "x" IS NOT NULL) AS "present"`
  return { database, present, ...sizes.value }
}

/** The cells of both sides, one row each. */
function poolOf(sides: readonly [ThereSide, ThereSide]): Sql {
  const cells = sides.map(({ scope, filter, value, type }, side) => {
    const cell = scope.spelling.asDouble(sql`"v"`, type)
    return sql`SELECT ${cell} AS "x", ${side === 0 ? sql`0` : sql`1`} AS "side" FROM (SELECT ${value} AS "v" FROM ${scope.relation.from}${where(scope, filter)}) AS "cells"`
  })
  return sql`(${join(cells, sql` UNION ALL `)}) AS "pooled"`
}

async function sizesOf(database: Database, pooled: Sql): Promise<Outcome<{ m: number; n: number; missing: number }>> {
  const { countIf, asDouble } = database.spelling
  const present = (side: Sql): Sql => asDouble(countIf(sql`"side" = ${side} AND "x" IS NOT NULL`), COUNT)
  const missing = asDouble(countIf(sql`"x" IS NULL`), COUNT)
  const found = await database.numbers(sql`SELECT ${present(sql`0`)}, ${present(sql`1`)}, ${missing} FROM ${pooled}`)
  if (!found.ok) return found
  const [m = 0, n = 0, without = 0] = found.value.map((column) => column[0] ?? 0)
  return succeed({ m, n, missing: without })
}

/**
 * A FROM item with one row for each distinct value `x`, in ascending order: `a` and `b` are the rows of the reference and the window that have
 * it, `below_a` and `below_b` those that have it or a lesser one, `rank` its place from 1. All are whole numbers in float64, exact up to 2^53.
 */
export function rankedValues(there: PooledSamples): Sql {
  const rows = (side: Sql): Sql => countOf(there, there.database.spelling.countIf(sql`"side" = ${side}`))
  const upTo = sql`OVER (ORDER BY "x" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`
  return sql`(SELECT "x", "a", "b", sum("a") ${upTo} AS "below_a", sum("b") ${upTo} AS "below_b", sum(${number(there, 1)}) ${upTo} AS "rank" FROM
        (SELECT "x", ${rows(sql`0`)} AS "a", ${rows(sql`1`)} AS "b" FROM ${there.present} GROUP BY "x") AS "counted") AS "ranked"`
}

/** Aggregates over the distinct values (`rankedValues`). */
export async function overValues(
  there: PooledSamples,
  aggregates: readonly Sql[],
): Promise<Outcome<readonly number[]>> {
  const found = await there.database.numbers(sql`SELECT ${join(aggregates, sql`, `)} FROM ${rankedValues(there)}`)
  return found.ok ? succeed(found.value.map((column) => column[0] ?? Number.NaN)) : found
}

/** Means of expressions over the rows of each side, then their covariances (or variances alone) about those means; undefined where a mean is not finite. */
export async function momentsBySide(
  there: PooledSamples,
  expressions: readonly Sql[],
  kind: 'covariances' | 'variances',
): Promise<Outcome<readonly [stats.CharacteristicMoments, stats.CharacteristicMoments] | undefined>> {
  const { database, present, m, n } = there
  const ofSide = (side: 0 | 1, value: Sql): Sql =>
    sql`sum(CASE WHEN "side" = ${side === 0 ? sql`0` : sql`1`} THEN ${value} END) / ${number(there, side === 0 ? m : n)}`
  const sides = [0, 1] as const
  const found = await database.numbers(
    sql`SELECT ${join(
      sides.flatMap((side) => expressions.map((expression) => ofSide(side, expression))),
      sql`, `,
    )} FROM ${present}`,
  )
  if (!found.ok) return found
  const all = found.value.map((column) => column[0] ?? Number.NaN)
  const means = sides.map((side) => all.slice(side * expressions.length, (side + 1) * expressions.length))
  if (all.some((mean) => !Number.isFinite(mean))) return succeed(undefined)
  const pairs = expressions.flatMap((_, i) =>
    expressions.flatMap((__, j) => (j < i || (kind === 'variances' && j > i) ? [] : [[i, j] as const])),
  )
  const centred = (side: 0 | 1, i: number): Sql =>
    sql`(${expressions[i] ?? sql``} - ${number(there, means[side]?.[i] ?? Number.NaN)})`
  const products = sides.flatMap((side) =>
    pairs.map(([i, j]) => ofSide(side, sql`${centred(side, i)} * ${centred(side, j)}`)),
  )
  const spread = await database.numbers(sql`SELECT ${join(products, sql`, `)} FROM ${present}`)
  if (!spread.ok) return spread
  const made = (side: 0 | 1): stats.CharacteristicMoments => {
    const covariance = expressions.map(() => expressions.map(() => 0))
    pairs.forEach(([i, j], at) => {
      const value = spread.value[side * pairs.length + at]?.[0] ?? Number.NaN
      ;(covariance[i] as number[])[j] = value
      ;(covariance[j] as number[])[i] = value
    })
    return { rows: side === 0 ? m : n, means: means[side] ?? [], covariance }
  }
  return succeed([made(0), made(1)])
}
