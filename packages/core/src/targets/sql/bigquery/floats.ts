import { type Sql, sql } from '../sql.ts'
import { double } from './literals.ts'

/** From here on every float64 is a whole number. */
const WHOLE = double(2 ** 52)

/** The nearest whole number, halves away from zero; the difference to the one toward zero is exact. */
export const roundFloat = (a: Sql): Sql =>
  sql`(CASE WHEN ABS(${a}) < ${WHOLE} THEN TRUNC(${a}) + CASE WHEN ABS(${a} - TRUNC(${a})) >= ${double(0.5)} THEN SIGN(${a}) ELSE ${double(0)} END ELSE ${a} END)`

/** The whole number toward zero as an integer; NULL outside of (−2^63, 2^63). */
export const truncated = (a: Sql): Sql =>
  sql`(CASE WHEN ${a} > ${double(-(2 ** 63))} AND ${a} < ${double(2 ** 63)} THEN SAFE_CAST(TRUNC(${a}) AS INT64) END)`

/** NULL instead of a non-finite number. */
export const finite = (number: Sql): Sql => sql`(CASE WHEN ABS(${number}) < ${double(Infinity)} THEN ${number} END)`
