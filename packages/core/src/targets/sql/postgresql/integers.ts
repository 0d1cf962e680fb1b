import { type Sql, sql } from '../sql.ts'

const MAX = sql`9223372036854775807`
const MIN = sql`bigint '-9223372036854775808'`

/** a + b, NULL where it leaves int64. The bound is compared with before, and is itself always within int64. */
export const addInts = (a: Sql, b: Sql): Sql =>
  sql`(CASE WHEN ${a} <= ${MAX} - greatest(${b}, 0) AND ${a} >= ${MIN} - least(${b}, 0) THEN ${a} + ${b} END)`

/** a − b, NULL where it leaves int64. */
export const subtractInts = (a: Sql, b: Sql): Sql =>
  sql`(CASE WHEN ${a} <= ${MAX} + least(${b}, 0) AND ${a} >= ${MIN} + greatest(${b}, 0) THEN ${a} - ${b} END)`

/** Whether an exact decimal is within int64. */
export const withinInt64 = (number: Sql): Sql => sql`${number} BETWEEN -9223372036854775808 AND 9223372036854775807`

/** a · b, NULL where it leaves int64, which an exact decimal product tells. */
export const multiplyInts = (a: Sql, b: Sql): Sql =>
  sql`(CASE WHEN ${withinInt64(sql`CAST(${a} AS numeric) * ${b}`)} THEN ${a} * ${b} END)`

const divides = (a: Sql, b: Sql): Sql => sql`${b} <> 0 AND (${b} <> -1 OR ${a} > ${MIN})`

/** Quotient toward zero; NULL by zero, and for −2^63 / −1. */
export const divideInts = (a: Sql, b: Sql): Sql => sql`(CASE WHEN ${divides(a, b)} THEN ${a} / ${b} END)`

/** Remainder with the sign of the dividend; NULL where the quotient has no value. */
export const remainder = (a: Sql, b: Sql): Sql => sql`(CASE WHEN ${divides(a, b)} THEN ${a} % ${b} END)`

/** −a or |a|; NULL for −2^63. */
export const negated = (a: Sql, write: (a: Sql) => Sql): Sql => sql`(CASE WHEN ${a} > ${MIN} THEN ${write(a)} END)`
