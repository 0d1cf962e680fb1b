import { EPOCHS, integerLiteral, type Sql, sql, textLiteral } from '@plumbline/core'
import type { TypedCell } from './typed-column.ts'

/** Seconds of 0001-01-01 and 9999-12-31 UTC. */
const FIRST = -62_135_596_800n
const LAST = 253_402_300_799n

/** How many to a second, where a format counts since 1970. */
export const perSecond = (format: string): number | undefined =>
  Object.hasOwn(EPOCHS, format) ? EPOCHS[format as keyof typeof EPOCHS] : undefined

/** A count since 1970 as a time, where it is one of the years 1 to 9999; a second's fractions to the microsecond. */
export function countedTime({ cell: count, misfit }: TypedCell, units: number): TypedCell {
  const low = integerLiteral(FIRST * BigInt(units))
  const high = integerLiteral(LAST * BigInt(units))
  const micros = sql`CAST(round(${count} * ${integerLiteral(BigInt(1_000_000 / units))}) AS BIGINT)`
  const cell = sql`CASE WHEN ${count} BETWEEN ${low} AND ${high} THEN make_timestamp(${micros}) END`
  const beyond = sql`(${count} IS NOT NULL AND ${cell} IS NULL)`
  return { cell, misfit: misfit === undefined ? beyond : sql`(${misfit} OR ${beyond})` }
}

/**
 * A text as the time that it is by directives of strptime; without `%z` in UTC. DuckDB takes the words `infinity` and `epoch` by any
 * format, and a year of fewer digits than four for one of the first centuries: both cannot be read here.
 */
export function writtenTime(raw: Sql, format: string): TypedCell {
  const read = sql`try_strptime(${raw}, ${textLiteral(format)})`
  const zoned = [...format.matchAll(/%(.)/gs)].some(([, directive]) => directive === 'z')
  const time = zoned ? sql`(${read} AT TIME ZONE 'UTC')` : read
  const cell = sql`CASE WHEN NOT regexp_matches(${raw}, '(?i)infinity|epoch') AND year(${time}) BETWEEN 1000 AND 9999 THEN ${time} END`
  return { cell, misfit: sql`${raw} IS NOT NULL AND ${cell} IS NULL` }
}
