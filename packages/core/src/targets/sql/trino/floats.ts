import { type Sql, sql } from '../sql.ts'
import { double } from './literals.ts'

/** From here on every float64 is a whole number. */
const WHOLE = double(2 ** 52)

/** The nearest whole number, halves away from zero; the difference to the one toward zero is exact. */
export const roundFloat = (a: Sql): Sql =>
  sql`(CASE WHEN abs(${a}) < ${WHOLE} THEN truncate(${a}) + CASE WHEN abs(${a} - truncate(${a})) >= ${double(0.5)} THEN sign(${a}) ELSE ${double(0)} END ELSE ${a} END)`

/** The whole number toward zero as an integer; NULL outside of (−2^63, 2^63). */
export const truncated = (a: Sql): Sql =>
  sql`(CASE WHEN ${a} > ${double(-(2 ** 63))} AND ${a} < ${double(2 ** 63)} THEN try_cast(truncate(${a}) AS BIGINT) END)`

/** NULL instead of a non-finite number. A comparison with NaN is false. */
export const finite = (number: Sql): Sql => sql`(CASE WHEN abs(${number}) < ${double(Infinity)} THEN ${number} END)`
