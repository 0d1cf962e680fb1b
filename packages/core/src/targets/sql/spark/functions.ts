import { comparisonsOf } from '../comparisons.ts'
import { compare } from '../exact.ts'
import {
  binary,
  extremes,
  float,
  guarded,
  LETTERS,
  pickUnlessNull,
  raw,
  repeating,
  simple,
  type Spellings,
  unary,
} from '../spelling.ts'
import { type Sql, sql } from '../sql.ts'
import { uncompiled } from '../../uncompiled.ts'
import { doubleOfText, intOfText } from './conversions.ts'
import { sparkMixed } from './exact.ts'
import { sparkExtensions } from './extensions.ts'
import { addFloats, ceilFloat, floorFloat, multiplyFloats, roundFloat, truncFloat, truncated } from './floats.ts'
import { addInts, divideInts, multiplyInts, negated, remainder, subtractInts } from './integers.ts'
import { double } from './literals.ts'
import { inCalendar, micros } from './times.ts'

/** Spark's half of the function table: total, so that a new function does not type-check until it is answered here. */
export type SparkFunctions = Spellings

const part = (write: (t: Sql) => Sql) => unary((t) => sql`CAST(${write(t)} AS BIGINT)`)
/** Whether all of a text is ASCII; `lower` and `upper` know every letter. */
const asciiCase = (fast: Sql, from: Sql, to: Sql) =>
  guarded(
    (s) =>
      sql`(CASE WHEN octet_length(${s}) = char_length(${s}) THEN ${fast}(${s}) ELSE translate(${s}, ${from}, ${to}) END)`,
  )
const { upper, lower } = LETTERS
const add = binary(addInts)
const subtract = binary(subtractInts)

/** How Spark says each function. */
export const sparkFunctions: SparkFunctions = {
  ...uncompiled,
  ...sparkExtensions,
  not: unary((a) => sql`(NOT ${a})`),
  ...comparisonsOf(compare, compare, sparkMixed),

  neg_int: guarded((a) => negated(a, (x) => sql`-(${x})`)),
  neg_double: float((a) => sql`(-(${a.sql}))`),
  add_int: add,
  add_double: float((a, b) => addFloats(a.sql, b.sql)),
  add_string: binary((a, b) => sql`concat(${a}, ${b})`),
  add_timestamp_duration: guarded((t, d) => inCalendar(sql`try_add(${micros(t)}, ${d})`)),
  add_duration_timestamp: guarded((d, t) => inCalendar(sql`try_add(${micros(t)}, ${d})`)),
  add_duration: add,
  sub_int: subtract,
  sub_double: float((a, b) => sql`(${a.sql} - ${b.sql})`),
  sub_timestamp: binary((later, earlier) => sql`try_subtract(${micros(later)}, ${micros(earlier)})`),
  sub_timestamp_duration: guarded((t, d) => inCalendar(sql`try_subtract(${micros(t)}, ${d})`)),
  sub_duration: subtract,
  mul_int: binary(multiplyInts),
  mul_double: float((a, b) => multiplyFloats(a.sql, b.sql)),
  div_int: guarded(divideInts),
  // By zero it is NULL; 1/∞ is 0, so a divisor that arithmetic made must be finite.
  div_double: { ...float((a, b) => sql`try_divide(${a.sql}, ${b.sql})`), operands: ['raw', 'checked'] },
  mod_int: guarded(remainder),

  size_list: unary((list) => sql`CAST(array_size(${list}) AS BIGINT)`),
  norm_list: unary(
    (list) =>
      sql`sqrt(aggregate(${list}, ${double(0)}, (total, element) -> CASE WHEN abs(element) <= ${double(1e150)} THEN total + CASE WHEN abs(element) >= ${double(1e-150)} THEN element * element ELSE ${double(0)} END END))`,
  ),
  in_list: binary((element, list) => sql`array_contains(${list}, ${element})`),
  index_list: repeating(
    ({ sql: list }, { sql: i }) =>
      sql`(CASE WHEN ${i} >= 0L AND ${i} < array_size(${list}) THEN get(${list}, CAST(least(${i}, 2000000000L) AS INT)) END)`,
  ),

  size_string: unary((s) => sql`CAST(char_length(${s}) AS BIGINT)`),
  contains: binary((s, t) => sql`contains(${s}, ${t})`),
  starts_with: binary((s, t) => sql`startswith(${s}, ${t})`),
  ends_with: binary((s, t) => sql`endswith(${s}, ${t})`),
  lower_ascii: asciiCase(sql`lower`, upper, lower),
  upper_ascii: asciiCase(sql`upper`, lower, upper),

  int_of_double: { ...guarded(truncated), operands: 'raw' },
  int_of_string: guarded(intOfText),
  int_of_timestamp: unary((t) => sql`unix_seconds(${t})`),
  double_of_int: unary((a) => sql`CAST(${a} AS DOUBLE)`),
  double_of_string: { ...guarded(doubleOfText), result: 'raw' },
  string_of_int: unary((a) => sql`CAST(${a} AS STRING)`),
  string_of_bool: unary((a) => sql`CAST(${a} AS STRING)`),

  abs_int: guarded((a) => negated(a, (x) => sql`abs(${x})`)),
  abs_double: float((a) => sql`abs(${a.sql})`),
  ceil: raw(guarded(ceilFloat)),
  floor: raw(guarded(floorFloat)),
  round: raw(guarded(roundFloat)),
  trunc: raw(guarded(truncFloat)),
  sqrt: raw(guarded((a) => sql`(CASE WHEN ${a} >= ${double(0)} THEN sqrt(${a}) END)`)),
  ...extremes(pickUnlessNull(sql`greatest`), pickUnlessNull(sql`least`)),
  is_inf: simple((a) => sql`(abs(${a.sql}) = ${double(Infinity)})`),

  get_full_year: part((t) => sql`year(${t})`),
  get_month: part((t) => sql`month(${t}) - 1`),
  get_date: part((t) => sql`day(${t})`),
  get_day_of_month: part((t) => sql`day(${t}) - 1`),
  get_day_of_week: part((t) => sql`dayofweek(${t}) - 1`),
  get_day_of_year: part((t) => sql`dayofyear(${t}) - 1`),
  get_hours: part((t) => sql`hour(${t})`),
  get_minutes: part((t) => sql`minute(${t})`),
  get_seconds: part((t) => sql`second(${t})`),
  get_milliseconds: unary((t) => sql`(pmod(${micros(t)}, 1000000L) div 1000L)`),
}
