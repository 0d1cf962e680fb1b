import { comparisonsOf } from '../comparisons.ts'
import { compare } from '../exact.ts'
import { binary, extremes, float, guarded, LETTERS, raw, simple, type Spellings, unary } from '../spelling.ts'
import { type Sql, sql } from '../sql.ts'
import { uncompiled } from '../../uncompiled.ts'
import { unsupported } from '../../unsupported.ts'
import { doubleOfText, intOfText } from './conversions.ts'
import { bigqueryMixed } from './exact.ts'
import { bigqueryExtensions } from './extensions.ts'
import { roundFloat, truncated } from './floats.ts'
import { addInts, divideInts, multiplyInts, negated, remainder, subtractInts } from './integers.ts'
import { double } from './literals.ts'
import { inCalendar, micros } from './times.ts'

/** BigQuery's half of the function table: total, so that a new function does not type-check until it is answered here. */
export type BigqueryFunctions = Spellings

const NO_LISTS = unsupported('a list that is missing is an empty one in BigQuery')

const part = (name: Sql) => unary((t) => sql`EXTRACT(${name} FROM ${t} AT TIME ZONE 'UTC')`)
const fromZero = (name: Sql) => unary((t) => sql`(EXTRACT(${name} FROM ${t} AT TIME ZONE 'UTC') - 1)`)
const pick = (name: Sql) => binary((a, b) => sql`${name}(${a}, ${b})`)
/** `LOWER` and `UPPER` know every letter. */
const asciiCase = (from: Sql, to: Sql) => unary((s) => sql`TRANSLATE(${s}, ${from}, ${to})`)
const { upper, lower } = LETTERS
const add = binary(addInts)
const subtract = binary(subtractInts)

/** How BigQuery says each function. */
export const bigqueryFunctions: BigqueryFunctions = {
  ...uncompiled,
  ...bigqueryExtensions,
  not: unary((a) => sql`(NOT ${a})`),
  ...comparisonsOf(compare, compare, bigqueryMixed),

  neg_int: guarded((a) => negated(a, (x) => sql`-(${x})`)),
  neg_double: float((a) => sql`(-(${a.sql}))`),
  add_int: add,
  // Arithmetic that overflows raises there; SAFE_… is NULL.
  add_double: float((a, b) => sql`SAFE_ADD(${a.sql}, ${b.sql})`),
  add_string: binary((a, b) => sql`concat(${a}, ${b})`),
  add_timestamp_duration: guarded((t, d) => inCalendar(addInts(micros(t), d))),
  add_duration_timestamp: guarded((d, t) => inCalendar(addInts(micros(t), d))),
  add_duration: add,
  sub_int: subtract,
  sub_double: float((a, b) => sql`SAFE_SUBTRACT(${a.sql}, ${b.sql})`),
  sub_timestamp: binary((later, earlier) => subtractInts(micros(later), micros(earlier))),
  sub_timestamp_duration: guarded((t, d) => inCalendar(subtractInts(micros(t), d))),
  sub_duration: subtract,
  mul_int: binary(multiplyInts),
  mul_double: float((a, b) => sql`SAFE_MULTIPLY(${a.sql}, ${b.sql})`),
  div_int: guarded(divideInts),
  // By zero it is NULL; 1/∞ is 0, so a divisor that arithmetic made must be finite.
  div_double: { ...float((a, b) => sql`SAFE_DIVIDE(${a.sql}, ${b.sql})`), operands: ['raw', 'checked'] },
  mod_int: guarded(remainder),

  size_list: NO_LISTS,
  in_list: NO_LISTS,
  index_list: NO_LISTS,

  size_string: unary((s) => sql`CHAR_LENGTH(${s})`),
  contains: binary((s, t) => sql`(STRPOS(${s}, ${t}) > 0)`),
  starts_with: binary((s, t) => sql`STARTS_WITH(${s}, ${t})`),
  ends_with: binary((s, t) => sql`ENDS_WITH(${s}, ${t})`),
  lower_ascii: asciiCase(upper, lower),
  upper_ascii: asciiCase(lower, upper),

  int_of_double: { ...guarded(truncated), operands: 'raw' },
  int_of_string: guarded(intOfText),
  int_of_timestamp: unary((t) => sql`UNIX_SECONDS(${t})`),
  double_of_int: unary((a) => sql`CAST(${a} AS FLOAT64)`),
  double_of_string: { ...guarded(doubleOfText), result: 'raw' },
  string_of_int: unary((a) => sql`CAST(${a} AS STRING)`),
  string_of_bool: unary((a) => sql`CAST(${a} AS STRING)`),

  abs_int: guarded((a) => negated(a, (x) => sql`ABS(${x})`)),
  abs_double: float((a) => sql`ABS(${a.sql})`),
  ceil: float((a) => sql`CEIL(${a.sql})`),
  floor: float((a) => sql`FLOOR(${a.sql})`),
  round: raw(guarded(roundFloat)),
  trunc: float((a) => sql`TRUNC(${a.sql})`),
  // A negative number raises there.
  sqrt: raw(guarded((a) => sql`(CASE WHEN ${a} >= ${double(0)} THEN SQRT(GREATEST(${a}, ${double(0)})) END)`)),
  ...extremes(pick(sql`GREATEST`), pick(sql`LEAST`)),
  is_inf: simple((a) => sql`(ABS(${a.sql}) = ${double(Infinity)})`),

  get_full_year: part(sql`YEAR`),
  get_month: fromZero(sql`MONTH`),
  get_date: part(sql`DAY`),
  get_day_of_month: fromZero(sql`DAY`),
  get_day_of_week: fromZero(sql`DAYOFWEEK`),
  get_day_of_year: fromZero(sql`DAYOFYEAR`),
  get_hours: part(sql`HOUR`),
  get_minutes: part(sql`MINUTE`),
  get_seconds: part(sql`SECOND`),
  get_milliseconds: part(sql`MILLISECOND`),
}
