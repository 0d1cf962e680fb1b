import { type Sql, sql } from '../sql.ts'

/** Integers are decimals of 38 digits, which hold any sum and product of two of 64 bits; NULL where one leaves them. */
const within = (wide: Sql): Sql =>
  sql`(CASE WHEN ${wide} BETWEEN -9223372036854775808 AND 9223372036854775807 THEN ${wide} END)`

/** a + b, NULL where it leaves int64. */
export const addInts = (a: Sql, b: Sql): Sql => within(sql`(${a} + ${b})`)

/** a − b, NULL where it leaves int64. */
export const subtractInts = (a: Sql, b: Sql): Sql => within(sql`(${a} - ${b})`)

/** a · b, NULL where it leaves int64. */
export const multiplyInts = (a: Sql, b: Sql): Sql => within(sql`(${a} * ${b})`)

/** What is left by the division, with the sign of the dividend. */
const rest = (a: Sql, b: Sql): Sql => sql`MOD(${a}, NULLIF(${b}, 0))`

/** Quotient toward zero; NULL by zero, and for −2^63 / −1. A quotient of decimals is rounded: what is left is taken away before. */
export const divideInts = (a: Sql, b: Sql): Sql => within(sql`CAST((${a} - ${rest(a, b)}) / NULLIF(${b}, 0) AS BIGINT)`)

/** Remainder with the sign of the dividend; NULL where the quotient has no value. */
export const remainder = (a: Sql, b: Sql): Sql =>
  sql`(CASE WHEN ${b} <> -1 OR ${a} > -9223372036854775808 THEN ${rest(a, b)} END)`

/** −a or |a|; NULL for −2^63. */
export const negated = (a: Sql, write: (a: Sql) => Sql): Sql => within(write(a))
