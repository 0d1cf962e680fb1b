import { type Sql, sql } from '../sql.ts'
import { double } from './literals.ts'

const nan = sql`double('NaN')`
/** A sum or product that Spark does not join with another one, as `integers.ts` says; the number stays what it is. */
const opaque = (number: Sql): Sql => sql`nanvl(${number}, ${nan})`

/** a + b, as IEEE 754 has it. */
export const addFloats = (a: Sql, b: Sql): Sql => opaque(sql`${a} + ${b}`)

/** a · b, as IEEE 754 has it. */
export const multiplyFloats = (a: Sql, b: Sql): Sql => opaque(sql`${a} * ${b}`)

/** From here on every float64 is a whole number. */
const WHOLE = double(2 ** 52)

/** A number rounded to a whole one. Spark's own `floor` and `ceil` end at int64. */
const rounded =
  (write: (a: Sql) => Sql) =>
  (a: Sql): Sql =>
    sql`(CASE WHEN abs(${a}) < ${WHOLE} THEN ${write(a)} ELSE ${a} END)`

/** The greatest whole number not above. */
export const floorFloat = rounded((a) => sql`CAST(floor(${a}) AS DOUBLE)`)
/** The least whole number not below. */
export const ceilFloat = rounded((a) => sql`CAST(ceil(${a}) AS DOUBLE)`)
/** The whole number toward zero: a cast to an integer cuts off what is behind the point. */
export const truncFloat = rounded((a) => sql`CAST(CAST(${a} AS BIGINT) AS DOUBLE)`)
/** The nearest whole number, halves away from zero; the difference to the one toward zero is exact. */
export const roundFloat = rounded(
  (a) =>
    sql`(CAST(CAST(${a} AS BIGINT) AS DOUBLE) + CASE WHEN abs(${a} - CAST(CAST(${a} AS BIGINT) AS DOUBLE)) >= ${double(0.5)} THEN signum(${a}) ELSE ${double(0)} END)`,
)

/** The whole number toward zero as an integer; NULL outside of (−2^63, 2^63). */
export const truncated = (a: Sql): Sql =>
  sql`(CASE WHEN ${a} > ${double(-(2 ** 63))} AND ${a} < ${double(2 ** 63)} THEN CAST(${a} AS BIGINT) END)`

/** NULL instead of a non-finite number. NaN is above infinity here. */
export const finite = (number: Sql): Sql => sql`(CASE WHEN abs(${number}) < ${double(Infinity)} THEN ${number} END)`
