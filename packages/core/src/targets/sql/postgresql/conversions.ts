import { type Sql, sql, textLiteral } from '../sql.ts'
import { double } from './literals.ts'

/** Digits with an optional sign to a bigint, else NULL; NULL outside of int64, which 19 digits tell as texts. */
export const intOfText = (s: Sql): Sql =>
  sql`(CASE WHEN ${s} COLLATE "C" ~ '^[+-]?0*[0-9]{1,18}$' OR (${s} COLLATE "C" ~ '^[+-]?0*[0-9]{19}$' AND right(${s}, 19) COLLATE "C" <= CASE WHEN left(${s}, 1) COLLATE "C" = '-' THEN '9223372036854775808' ELSE '9223372036854775807' END) THEN CAST(${s} AS bigint) END)`

const significant = (value: bigint): Sql => textLiteral(String(value).replace(/0+$/, ''))
/** Halfway between the greatest float64 and 2^1024: from here on a decimal rounds to ∞. It is 1.797…e308. */
const overflows = significant(2n ** 1024n - 2n ** 970n)
/** 2^-1075 = 5^1075 · 10^-1075, half of the least positive float64: up to here a decimal rounds to 0. It is 2.470…e-324. */
const underflows = significant(5n ** 1075n)

/**
 * A decimal to a float64, else NULL; NULL where it rounds to ∞. PostgreSQL raises for what rounds to ∞ or 0, so this is
 * decided on the text: `at`, the exponent of its first significant digit, and the digits from there on, which compare
 * as texts. Short ones without exponent need none of it.
 */
export const doubleOfText = (s: Sql): Sql =>
  sql`(CASE WHEN ${s} COLLATE "C" ~ '^[+-]?[0-9]{1,15}([.][0-9]{1,15})?$' THEN CAST(${s} AS double precision) ELSE ${anyDecimal(s)} END)`

function anyDecimal(s: Sql): Sql {
  const zero = double(0)
  const exponent = sql`CASE WHEN m[4] IS NULL THEN 0 WHEN length(m[4]) <= 9 THEN CAST(m[3] || m[4] AS integer) WHEN m[3] = '-' THEN -2000000000 ELSE 2000000000 END`
  const leadingZeros = sql`length(digits) - length(ltrim(digits, '0'))`
  return sql`(SELECT CASE WHEN kept IS NULL THEN NULL WHEN kept = '' THEN ${zero} WHEN at > 308 OR (at = 308 AND kept COLLATE "C" >= ${overflows}) THEN NULL WHEN at < -324 OR (at = -324 AND kept COLLATE "C" <= ${underflows}) THEN ${zero} ELSE CAST(p.s AS double precision) END FROM (SELECT ${s} AS s OFFSET 0) AS p, LATERAL (SELECT regexp_match(p.s COLLATE "C", '^[+-]?([0-9]+)(?:[.]([0-9]+))?(?:e([+-]?)0*([0-9]+))?$') AS m OFFSET 0) AS q, LATERAL (SELECT m[1] || coalesce(m[2], '') AS digits OFFSET 0) AS r, LATERAL (SELECT rtrim(ltrim(digits, '0'), '0') AS kept, CAST(length(m[1]) - 1 - (${leadingZeros}) AS bigint) + (${exponent}) AS at OFFSET 0) AS t)`
}
