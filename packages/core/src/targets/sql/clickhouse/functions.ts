import { comparisonsOf } from '../comparisons.ts'
import { compare } from '../exact.ts'
import {
  binary,
  extremes,
  float,
  guarded,
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
import { clickhouseMixed } from './exact.ts'
import { clickhouseExtensions } from './extensions.ts'
import { roundFloat, truncated } from './floats.ts'
import { addInts, divideInts, multiplyInts, negated, remainder, subtractInts } from './integers.ts'
import { double } from './literals.ts'
import { inCalendar, micros, seconds } from './times.ts'

/** ClickHouse's half of the function table: total, so that a new function does not type-check until it is answered here. */
export type ClickhouseFunctions = Spellings

const part = (write: (t: Sql) => Sql) => unary((t) => sql`toInt64(${write(t)})`)
const add = binary(addInts)
const subtract = binary(subtractInts)

/** How ClickHouse says each function. */
export const clickhouseFunctions: ClickhouseFunctions = {
  ...uncompiled,
  ...clickhouseExtensions,
  not: unary((a) => sql`(NOT ${a})`),
  ...comparisonsOf(compare, compare, clickhouseMixed),

  neg_int: unary((a) => negated(a, (x) => sql`-(${x})`)),
  neg_double: float((a) => sql`(-(${a.sql}))`),
  add_int: add,
  add_double: float((a, b) => sql`(${a.sql} + ${b.sql})`),
  add_string: binary((a, b) => sql`concat(${a}, ${b})`),
  add_timestamp_duration: guarded((t, d) => inCalendar(addInts(micros(t), d))),
  add_duration_timestamp: guarded((d, t) => inCalendar(addInts(micros(t), d))),
  add_duration: add,
  sub_int: subtract,
  sub_double: float((a, b) => sql`(${a.sql} - ${b.sql})`),
  sub_timestamp: binary((later, earlier) => subtractInts(micros(later), micros(earlier))),
  sub_timestamp_duration: guarded((t, d) => inCalendar(subtractInts(micros(t), d))),
  sub_duration: subtract,
  mul_int: binary(multiplyInts),
  mul_double: float((a, b) => sql`(${a.sql} * ${b.sql})`),
  div_int: binary(divideInts),
  // By zero it is infinite or NaN; 1/∞ is 0, so a divisor that arithmetic made must be finite.
  div_double: { ...float((a, b) => sql`(${a.sql} / ${b.sql})`), operands: ['raw', 'checked'] },
  mod_int: guarded(remainder),

  size_list: unary((list) => sql`toInt64(length(${list}))`),
  // What is missing is sought, and found where an array holds NULL.
  in_list: repeating(
    ({ sql: element }, { sql: list }) => sql`(CASE WHEN ${element} IS NOT NULL THEN has(${list}, ${element}) END)`,
  ),
  // The place 0 raises, whatever stands around it.
  index_list: repeating(({ sql: list }, { sql: i }) => {
    const isPlace = sql`(${i} >= 0 AND ${i} < toInt64(length(${list})))`
    return sql`(CASE WHEN ${isPlace} THEN arrayElement(${list}, assumeNotNull(CASE WHEN ${isPlace} THEN ${i} ELSE 0 END) + 1) END)`
  }),

  size_string: unary((s) => sql`toInt64(lengthUTF8(${s}))`),
  contains: binary((s, t) => sql`(positionUTF8(${s}, ${t}) > 0)`),
  starts_with: binary((s, t) => sql`startsWith(${s}, ${t})`),
  ends_with: binary((s, t) => sql`endsWith(${s}, ${t})`),
  lower_ascii: unary((s) => sql`lower(${s})`),
  upper_ascii: unary((s) => sql`upper(${s})`),

  int_of_double: { ...guarded(truncated), operands: 'raw' },
  int_of_string: guarded(intOfText),
  int_of_timestamp: guarded((t) => seconds(t)),
  double_of_int: unary((a) => sql`toFloat64(${a})`),
  double_of_string: { ...guarded(doubleOfText), result: 'raw' },
  string_of_int: unary((a) => sql`toString(${a})`),
  string_of_bool: guarded((a) => sql`(CASE WHEN ${a} THEN 'true' WHEN NOT ${a} THEN 'false' END)`),

  abs_int: unary((a) => negated(a, (x) => sql`abs(${x})`)),
  abs_double: float((a) => sql`abs(${a.sql})`),
  ceil: float((a) => sql`ceil(${a.sql})`),
  floor: float((a) => sql`floor(${a.sql})`),
  round: raw(guarded(roundFloat)),
  trunc: float((a) => sql`trunc(${a.sql})`),
  sqrt: float((a) => sql`sqrt(${a.sql})`),
  ...extremes(pickUnlessNull(sql`greatest`), pickUnlessNull(sql`least`)),
  is_inf: simple((a) => sql`(abs(${a.sql}) = ${double(Infinity)})`),

  get_full_year: part((t) => sql`toYear(${t})`),
  get_month: part((t) => sql`toInt64(toMonth(${t})) - 1`),
  get_date: part((t) => sql`toDayOfMonth(${t})`),
  get_day_of_month: part((t) => sql`toInt64(toDayOfMonth(${t})) - 1`),
  get_day_of_week: part((t) => sql`toDayOfWeek(${t}) % 7`),
  get_day_of_year: part((t) => sql`toInt64(toDayOfYear(${t})) - 1`),
  get_hours: part((t) => sql`toHour(${t})`),
  get_minutes: part((t) => sql`toMinute(${t})`),
  get_seconds: part((t) => sql`toSecond(${t})`),
  get_milliseconds: part((t) => sql`toMillisecond(${t})`),
}
