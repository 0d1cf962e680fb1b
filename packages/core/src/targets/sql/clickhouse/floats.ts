import { type Sql, sql } from '../sql.ts'
import { double } from './literals.ts'

/** From here on every float64 is a whole number. */
const WHOLE = double(2 ** 52)

const sign = (a: Sql): Sql => sql`toFloat64(sign(${a}))`

/** The nearest whole number, halves away from zero (ClickHouse's own goes to the even one); the difference to the one toward zero is exact. */
export const roundFloat = (a: Sql): Sql =>
  sql`(CASE WHEN abs(${a}) < ${WHOLE} THEN trunc(${a}) + CASE WHEN abs(${a} - trunc(${a})) >= ${double(0.5)} THEN ${sign(a)} ELSE ${double(0)} END ELSE ${a} END)`

/** The whole number toward zero as an integer; NULL outside of (−2^63, 2^63). */
export const truncated = (a: Sql): Sql =>
  sql`(CASE WHEN ${a} > ${double(-(2 ** 63))} AND ${a} < ${double(2 ** 63)} THEN accurateCastOrNull(trunc(${a}), 'Int64') END)`

/** NULL instead of a non-finite number. */
export const finite = (number: Sql): Sql => sql`(CASE WHEN isFinite(${number}) THEN ${number} END)`
