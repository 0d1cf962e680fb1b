import { type Sql, sql } from '../sql.ts'
import { double } from './literals.ts'

/*
 * PostgreSQL raises where IEEE 754 has ±∞ (overflow) or 0 (underflow), so each operation is preceded by a comparison
 * that decides, on operands scaled by a power of two (exactly), whether it would. Bounds are clamped so that the
 * comparison itself raises for no operand at all: PostgreSQL evaluates constant parts of an expression when it plans,
 * and does so also in branches that no row takes.
 */
const power = (exponent: number): Sql => double(2 ** exponent)
const zero = double(0)
const one = double(1)
const both = (a: Sql, b: Sql): Sql => sql`${a} IS NOT NULL AND ${b} IS NOT NULL`

/**
 * Of two operands of one sign: half the sum is below 2^1023. Operands below 1e290 cannot make a sum round up to 2^1024,
 * and stand as 1e290, whose half is exact. Of two signs: they never overflow.
 */
const sumFits = (a: Sql, b: Sql): Sql => {
  const half = (x: Sql): Sql => sql`greatest(abs(${x}), ${double(1e290)}) * ${double(0.5)}`
  return sql`${half(a)} + ${half(b)} < ${power(1023)}`
}

/** a + b, NULL or non-finite where IEEE 754 has no finite sum. */
export const addFloats = (a: Sql, b: Sql): Sql =>
  sql`(CASE WHEN ${sumFits(a, b)} OR (${a} > ${zero}) <> (${b} > ${zero}) THEN ${a} + ${b} END)`

/** a − b, NULL or non-finite where IEEE 754 has no finite difference. */
export const subtractFloats = (a: Sql, b: Sql): Sql =>
  sql`(CASE WHEN ${sumFits(a, b)} OR (${a} > ${zero}) = (${b} > ${zero}) THEN ${a} - ${b} END)`

/**
 * a · b; NULL where it is not finite, 0 where it is at most half of the least positive number. Overflow: |a| · 2^-512
 * times |b| · 2^-512 rounds as the product does, so it is compared with 1. Operands that are not small cannot underflow.
 */
export function multiplyFloats(a: Sql, b: Sql): Sql {
  const scaled = (x: Sql): Sql => sql`greatest(abs(${x}), ${one}) * ${power(-512)}`
  const ordinary = sql`least(abs(${a}), abs(${b})) > ${double(1e-150)} OR ${a} = ${zero} OR ${b} = ${zero}`
  // Most cells are neither large nor small, and two comparisons tell: of a literal the planner makes them.
  const usual = (x: Sql): Sql => sql`abs(${x}) BETWEEN ${double(1e-150)} AND ${double(1e150)}`
  return sql`(CASE WHEN ${usual(a)} AND ${usual(b)} THEN ${a} * ${b} WHEN ${scaled(a)} * (${scaled(b)}) < ${one} THEN CASE WHEN ${ordinary} THEN ${a} * ${b} ELSE ${smallProduct(a, b)} END END)`
}

/**
 * A product that may underflow: nonzero ⇔ l · h > 2^-75, where l and h are the lesser and the greater operand times
 * 2^500. Where that product rounds to the bound itself, the sign of its rounding error decides (Dekker 1971: the error
 * of a product is the sum of the products of the operands' halves).
 */
function smallProduct(a: Sql, b: Sql): Sql {
  const bound = power(-75)
  const split = (x: Sql): Sql => sql`${double(134217729)} * ${x} - (${double(134217729)} * ${x} - ${x})`
  const [lowOfL, lowOfH] = [sql`(l - lh)`, sql`(h - hh)`]
  const error = sql`lh * hh - s + lh * ${lowOfH} + ${lowOfL} * hh + ${lowOfL} * ${lowOfH}`
  return sql`(SELECT CASE WHEN s > ${bound} OR (s = ${bound} AND ${error} > ${zero}) THEN p.a * p.b WHEN ${both(sql`p.a`, sql`p.b`)} THEN ${zero} END FROM (SELECT ${a} AS a, ${b} AS b OFFSET 0) AS p, LATERAL (SELECT least(least(abs(p.a), abs(p.b)), ${one}) * ${power(500)} AS l, least(greatest(greatest(abs(p.a), abs(p.b)), ${power(-538)}), ${one}) * ${power(500)} AS h) AS q, LATERAL (SELECT l * h AS s, ${split(sql`l`)} AS lh, ${split(sql`h`)} AS hh) AS r)`
}

/**
 * a / b; NULL by zero or where it is not finite, 0 where it is at most half of the least positive number. A quotient of
 * two numbers overflows exactly if |a| >= |b| · 2^1024, and underflows exactly if |a| <= |b| · 2^-1075.
 */
export const divideFloats = (a: Sql, b: Sql): Sql =>
  sql`(CASE WHEN greatest(abs(${a}), ${power(-60)}) * ${power(-512)} < least(abs(${b}), ${double(2)}) * ${power(512)} THEN CASE WHEN least(abs(${a}), ${one}) * ${power(600)} > greatest(abs(${b}), ${one}) * ${power(-475)} THEN ${a} / ${b} WHEN ${both(a, b)} THEN ${zero} END END)`

/** Halves away from zero; PostgreSQL's own `round` takes them to the even neighbour. */
export const roundFloat = (a: Sql): Sql =>
  sql`(trunc(${a}) + CASE WHEN abs(${a} - trunc(${a})) >= ${double(0.5)} THEN sign(${a}) ELSE ${zero} END)`

/** The whole number toward zero as a bigint; NULL outside of (−2^63, 2^63). */
export const truncated = (a: Sql): Sql =>
  sql`(CASE WHEN ${a} > ${double(-(2 ** 63))} AND ${a} < ${double(2 ** 63)} THEN CAST(trunc(${a}) AS bigint) END)`

/** NULL instead of a non-finite number. NaN sorts above infinity here. */
export const finite = (number: Sql): Sql => sql`(CASE WHEN abs(${number}) < ${double(Infinity)} THEN ${number} END)`
