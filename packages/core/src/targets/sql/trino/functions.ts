import { comparisonsOf } from '../comparisons.ts'
import { compare } from '../exact.ts'
import {
  binary,
  extremes,
  float,
  guarded,
  LETTERS,
  raw,
  repeating,
  simple,
  type Spellings,
  unary,
} from '../spelling.ts'
import { type Sql, sql } from '../sql.ts'
import { uncompiled } from '../../uncompiled.ts'
import { doubleOfText, intOfText } from './conversions.ts'
import { trinoMixed } from './exact.ts'
import { trinoExtensions } from './extensions.ts'
import { roundFloat, truncated } from './floats.ts'
import { addInts, divideInts, multiplyInts, negated, remainder, subtractInts } from './integers.ts'
import { double } from './literals.ts'
import { inCalendar, micros, seconds } from './times.ts'

/** Trino's half of the function table: total, so that a new function does not type-check until it is answered here. */
export type TrinoFunctions = Spellings

const part = (write: (t: Sql) => Sql) => unary((t) => sql`CAST(${write(t)} AS BIGINT)`)
const pick = (name: Sql) => binary((a, b) => sql`${name}(${a}, ${b})`)
/** `lower` and `upper` know every letter. */
const asciiCase = (from: Sql, to: Sql) => unary((s) => sql`translate(${s}, ${from}, ${to})`)
const { upper, lower } = LETTERS
const add = binary(addInts)
const subtract = binary(subtractInts)

/** How Trino says each function. */
export const trinoFunctions: TrinoFunctions = {
  ...uncompiled,
  ...trinoExtensions,
  not: unary((a) => sql`(NOT ${a})`),
  ...comparisonsOf(compare, compare, trinoMixed),

  neg_int: guarded((a) => negated(a, (x) => sql`-(${x})`)),
  neg_double: float((a) => sql`(-(${a.sql}))`),
  add_int: add,
  add_double: float((a, b) => sql`(${a.sql} + ${b.sql})`),
  add_string: binary((a, b) => sql`concat(${a}, ${b})`),
  add_timestamp_duration: guarded((t, d) => inCalendar(sql`try(${micros(t)} + ${d})`)),
  add_duration_timestamp: guarded((d, t) => inCalendar(sql`try(${micros(t)} + ${d})`)),
  add_duration: add,
  sub_int: subtract,
  sub_double: float((a, b) => sql`(${a.sql} - ${b.sql})`),
  sub_timestamp: binary((later, earlier) => sql`try(${micros(later)} - ${micros(earlier)})`),
  sub_timestamp_duration: guarded((t, d) => inCalendar(sql`try(${micros(t)} - ${d})`)),
  sub_duration: subtract,
  mul_int: binary(multiplyInts),
  mul_double: float((a, b) => sql`(${a.sql} * ${b.sql})`),
  div_int: guarded(divideInts),
  // By zero it is infinite or NaN; 1/∞ is 0, so a divisor that arithmetic made must be finite.
  div_double: { ...float((a, b) => sql`(${a.sql} / ${b.sql})`), operands: ['raw', 'checked'] },
  mod_int: guarded(remainder),

  size_list: unary((list) => sql`cardinality(${list})`),
  in_list: binary((element, list) => sql`contains(${list}, ${element})`),
  index_list: repeating(
    ({ sql: list }, { sql: i }) =>
      sql`(CASE WHEN ${i} >= 0 AND ${i} < cardinality(${list}) THEN element_at(${list}, ${i} + 1) END)`,
  ),

  size_string: unary((s) => sql`length(${s})`),
  contains: binary((s, t) => sql`(strpos(${s}, ${t}) > 0)`),
  starts_with: binary((s, t) => sql`starts_with(${s}, ${t})`),
  ends_with: guarded(
    (s, t) =>
      sql`(CASE WHEN length(${t}) = 0 THEN ${s} IS NOT NULL OR NULL ELSE substr(${s}, -length(${t})) = ${t} END)`,
  ),
  lower_ascii: asciiCase(upper, lower),
  upper_ascii: asciiCase(lower, upper),

  int_of_double: { ...guarded(truncated), operands: 'raw' },
  int_of_string: guarded(intOfText),
  int_of_timestamp: guarded((t) => seconds(t)),
  double_of_int: unary((a) => sql`CAST(${a} AS DOUBLE)`),
  double_of_string: { ...guarded(doubleOfText), result: 'raw' },
  string_of_int: unary((a) => sql`CAST(${a} AS VARCHAR)`),
  string_of_bool: unary((a) => sql`CAST(${a} AS VARCHAR)`),

  abs_int: guarded((a) => negated(a, (x) => sql`abs(${x})`)),
  abs_double: float((a) => sql`abs(${a.sql})`),
  ceil: float((a) => sql`ceil(${a.sql})`),
  floor: float((a) => sql`floor(${a.sql})`),
  round: raw(guarded(roundFloat)),
  trunc: float((a) => sql`truncate(${a.sql})`),
  sqrt: float((a) => sql`sqrt(${a.sql})`),
  ...extremes(pick(sql`greatest`), pick(sql`least`)),
  is_inf: simple((a) => sql`(abs(${a.sql}) = ${double(Infinity)})`),

  // The planner turns a comparison of `year` itself into one of times, and fails where the number is no year.
  get_full_year: part((t) => sql`year(${t}) + 0`),
  get_month: part((t) => sql`month(${t}) - 1`),
  get_date: part((t) => sql`day(${t})`),
  get_day_of_month: part((t) => sql`day(${t}) - 1`),
  get_day_of_week: part((t) => sql`day_of_week(${t}) % 7`),
  get_day_of_year: part((t) => sql`day_of_year(${t}) - 1`),
  get_hours: part((t) => sql`hour(${t})`),
  get_minutes: part((t) => sql`minute(${t})`),
  get_seconds: part((t) => sql`second(${t})`),
  get_milliseconds: part((t) => sql`millisecond(${t})`),
}
