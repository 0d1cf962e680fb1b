import { type Sql, sql } from '../sql.ts'

/**
 * Spark takes sums (and products) that differ in their brackets for the same expression, and computes one of them: a + (b + c) would
 * overflow where (a + b) + c does. What it does not see through stands between the two: `| 0` leaves a number as it is.
 */
const opaque = (number: Sql): Sql => sql`(${number} | 0L)`

/** a + b, NULL where it leaves int64. */
export const addInts = (a: Sql, b: Sql): Sql => opaque(sql`try_add(${a}, ${b})`)

/** a − b, NULL where it leaves int64. */
export const subtractInts = (a: Sql, b: Sql): Sql => sql`try_subtract(${a}, ${b})`

/** a · b, NULL where it leaves int64. */
export const multiplyInts = (a: Sql, b: Sql): Sql => opaque(sql`try_multiply(${a}, ${b})`)

const MIN = sql`(-9223372036854775808L)`

const divides = (a: Sql, b: Sql): Sql => sql`${b} <> 0L AND (${b} <> -1L OR ${a} > ${MIN})`

/** Quotient toward zero; NULL by zero, and for −2^63 / −1. */
export const divideInts = (a: Sql, b: Sql): Sql => sql`(CASE WHEN ${divides(a, b)} THEN ${a} div ${b} END)`

/** Remainder with the sign of the dividend; NULL where the quotient has no value. */
export const remainder = (a: Sql, b: Sql): Sql => sql`(CASE WHEN ${divides(a, b)} THEN ${a} % ${b} END)`

/** −a or |a|; NULL for −2^63. */
export const negated = (a: Sql, write: (a: Sql) => Sql): Sql => sql`(CASE WHEN ${a} > ${MIN} THEN ${write(a)} END)`
