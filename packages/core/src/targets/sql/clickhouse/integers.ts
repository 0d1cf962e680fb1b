import { type Sql, sql } from '../sql.ts'

/** What is computed in 128 bits as an integer of 64, NULL where it leaves them: integers of ClickHouse go round. */
const within = (wide: Sql): Sql => sql`accurateCastOrNull(${wide}, 'Int64')`
const wide = (a: Sql): Sql => sql`toInt128(${a})`

/** a + b, NULL where it leaves int64. */
export const addInts = (a: Sql, b: Sql): Sql => within(sql`${wide(a)} + ${wide(b)}`)

/** a − b, NULL where it leaves int64. */
export const subtractInts = (a: Sql, b: Sql): Sql => within(sql`${wide(a)} - ${wide(b)}`)

/** a · b, NULL where it leaves int64. */
export const multiplyInts = (a: Sql, b: Sql): Sql => within(sql`${wide(a)} * ${wide(b)}`)

/** Quotient toward zero; NULL by zero, and for −2^63 / −1. */
export const divideInts = (a: Sql, b: Sql): Sql => within(sql`intDivOrNull(${wide(a)}, ${wide(b)})`)

/** Remainder with the sign of the dividend; NULL where the quotient has no value. */
export const remainder = (a: Sql, b: Sql): Sql =>
  sql`(CASE WHEN ${divideInts(a, b)} IS NOT NULL THEN ${within(sql`moduloOrNull(${wide(a)}, ${wide(b)})`)} END)`

/** −a or |a|; NULL for −2^63. */
export const negated = (a: Sql, write: (a: Sql) => Sql): Sql => within(write(wide(a)))
