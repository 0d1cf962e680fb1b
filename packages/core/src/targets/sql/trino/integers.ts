import { type Sql, sql } from '../sql.ts'

/** a + b, NULL where it leaves int64. */
export const addInts = (a: Sql, b: Sql): Sql => sql`try(${a} + ${b})`

/** a − b, NULL where it leaves int64. */
export const subtractInts = (a: Sql, b: Sql): Sql => sql`try(${a} - ${b})`

/** a · b, NULL where it leaves int64. */
export const multiplyInts = (a: Sql, b: Sql): Sql => sql`try(${a} * ${b})`

const MIN = sql`BIGINT '-9223372036854775808'`

const divides = (a: Sql, b: Sql): Sql => sql`${b} <> 0 AND (${b} <> -1 OR ${a} > ${MIN})`

/** Quotient toward zero; NULL by zero, and for −2^63 / −1. */
export const divideInts = (a: Sql, b: Sql): Sql => sql`(CASE WHEN ${divides(a, b)} THEN try(${a} / ${b}) END)`

/** Remainder with the sign of the dividend; NULL where the quotient has no value. */
export const remainder = (a: Sql, b: Sql): Sql => sql`(CASE WHEN ${divides(a, b)} THEN try(${a} % ${b}) END)`

/** −a or |a|; NULL for −2^63. */
export const negated = (a: Sql, write: (a: Sql) => Sql): Sql => sql`(CASE WHEN ${a} > ${MIN} THEN ${write(a)} END)`
