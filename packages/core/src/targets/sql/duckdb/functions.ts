import { comparisonsOf } from '../comparisons.ts'
import { compare } from '../exact.ts'
import {
  binary,
  extremes,
  float,
  LETTERS,
  type Operand,
  pickUnlessNull,
  repeating,
  simple,
  type Spellings,
  unary,
} from '../spelling.ts'
import { type Sql, sql } from '../sql.ts'
import { duckdbMixed } from './exact.ts'
import { duckdbExtensions } from './extensions.ts'
import { uncompiled } from '../../uncompiled.ts'

/** DuckDB's half of the function table: total, so that a new function does not type-check until it is answered here. */
export type DuckdbFunctions = Spellings

const attempt = (write: (a: Sql, b: Sql) => Sql) => binary((a, b) => sql`TRY(${write(a, b)})`)

const { upper, lower } = LETTERS
/** The fast built-in where all is ASCII (its bytes are its characters); `translate` is 20 times slower. */
const asciiCase = (fast: Sql, from: Sql, to: Sql) =>
  repeating(
    ({ sql: s }) =>
      sql`(CASE WHEN strlen(${s}) = length(${s}) THEN ${fast}(${s}) ELSE translate(${s}, ${from}, ${to}) END)`,
  )

/** The text read as a type where it has the shape, else NULL: a bare TRY_CAST also takes spaces, `0x1F` and `1_000`. */
const parsed = (pattern: Sql, type: Sql) =>
  repeating(({ sql: s }) => sql`(CASE WHEN regexp_full_match(${s}, ${pattern}) THEN TRY_CAST(${s} AS ${type}) END)`)

/** Microseconds to a timestamp; outside years 1 to 9999 NULL. */
const inCalendar = (micros: Sql): Sql =>
  sql`list_transform([TRY(${micros})], lambda us: CASE WHEN us BETWEEN -62135596800000000 AND 253402300799999999 THEN make_timestamp(us) END)[1]`
const later = (timestamp: Operand, duration: Operand) => inCalendar(sql`epoch_us(${timestamp.sql}) + ${duration.sql}`)

const part = (write: (t: Sql) => Sql) => unary((t) => sql`(${write(t)})`)
const rounding = (name: Sql) => float((a) => sql`${name}(${a.sql})`)

/** How DuckDB says each function. */
export const duckdbFunctions: DuckdbFunctions = {
  ...uncompiled,
  ...duckdbExtensions,
  not: unary((a) => sql`(NOT ${a})`),
  ...comparisonsOf(compare, compare, duckdbMixed),

  neg_int: unary((a) => sql`TRY(-(${a}))`),
  neg_double: float((a) => sql`(-(${a.sql}))`),
  add_int: attempt((a, b) => sql`${a} + ${b}`),
  add_double: float((a, b) => sql`(${a.sql} + ${b.sql})`),
  add_string: simple((a, b) => sql`(${a.sql} || ${b.sql})`),
  add_timestamp_duration: simple((t, d) => later(t, d)),
  add_duration_timestamp: simple((d, t) => later(t, d)),
  add_duration: attempt((a, b) => sql`${a} + ${b}`),
  sub_int: attempt((a, b) => sql`${a} - ${b}`),
  sub_double: float((a, b) => sql`(${a.sql} - ${b.sql})`),
  sub_timestamp: attempt((a, b) => sql`epoch_us(${a}) - epoch_us(${b})`),
  sub_timestamp_duration: simple((t, d) => inCalendar(sql`epoch_us(${t.sql}) - ${d.sql}`)),
  sub_duration: attempt((a, b) => sql`${a} - ${b}`),
  mul_int: attempt((a, b) => sql`${a} * ${b}`),
  mul_double: float((a, b) => sql`(${a.sql} * ${b.sql})`),
  div_int: attempt((a, b) => sql`${a} // ${b}`),
  // Division by zero gives ±∞ or NaN (or NULL, if the connection is set so): the check of the result finds it.
  div_double: { ...float((a, b) => sql`(${a.sql} / ${b.sql})`), operands: ['raw', 'checked'] },
  mod_int: attempt((a, b) => sql`${a} % ${b}`),

  size_list: unary((list) => sql`len(${list})`),
  norm_list: unary(
    (list) =>
      sql`sqrt(list_reduce(${list}, lambda total, element: CASE WHEN abs(element) <= 1e150 THEN total + CASE WHEN abs(element) >= 1e-150 THEN element * element ELSE 0e0 END END, 0e0))`,
  ),
  in_list: binary((element, list) => sql`list_contains(${list}, ${element})`),
  index_list: repeating(
    ({ sql: list }, { sql: i }) =>
      sql`(CASE WHEN ${i} >= 0 AND ${i} < len(${list}) THEN ${list}[least(${i}, 2000000000) + 1] END)`,
  ),

  size_string: unary((s) => sql`length(${s})`),
  contains: simple((s, t) => sql`contains(${s.sql}, ${t.sql})`),
  starts_with: simple((s, t) => sql`starts_with(${s.sql}, ${t.sql})`),
  ends_with: simple((s, t) => sql`ends_with(${s.sql}, ${t.sql})`),
  lower_ascii: asciiCase(sql`lower`, upper, lower),
  upper_ascii: asciiCase(sql`upper`, lower, upper),

  int_of_double: {
    ...repeating(
      ({ sql: d }) => sql`(CASE WHEN ${d} > -9223372036854775808e0 THEN TRY_CAST(trunc(${d}) AS BIGINT) END)`,
    ),
    operands: 'raw',
  },
  int_of_string: parsed(sql`'[+-]?[0-9]+'`, sql`BIGINT`),
  // date_trunc goes down to the whole second also before 1970, so the division is exact.
  int_of_timestamp: unary((t) => sql`(epoch_us(date_trunc('second', ${t})) // 1000000)`),
  double_of_int: unary((a) => sql`CAST(${a} AS DOUBLE)`),
  double_of_string: { ...parsed(sql`'[+-]?[0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?'`, sql`DOUBLE`), result: 'raw' },
  string_of_int: unary((a) => sql`CAST(${a} AS VARCHAR)`),
  string_of_bool: unary((a) => sql`CAST(${a} AS VARCHAR)`),

  abs_int: unary((a) => sql`TRY(abs(${a}))`),
  abs_double: rounding(sql`abs`),
  ceil: rounding(sql`ceil`),
  floor: rounding(sql`floor`),
  round: rounding(sql`round`),
  trunc: rounding(sql`trunc`),
  sqrt: {
    ...repeating(({ sql: d }) => sql`(CASE WHEN ${d} >= 0e0 THEN sqrt(${d}) END)`),
    operands: 'raw',
    result: 'raw',
  },
  ...extremes(pickUnlessNull(sql`greatest`), pickUnlessNull(sql`least`)),
  is_inf: unary((a) => sql`isinf(${a})`),

  get_full_year: part((t) => sql`year(${t})`),
  get_month: part((t) => sql`month(${t}) - 1`),
  get_date: part((t) => sql`day(${t})`),
  get_day_of_month: part((t) => sql`day(${t}) - 1`),
  get_day_of_week: part((t) => sql`dayofweek(${t})`),
  get_day_of_year: part((t) => sql`dayofyear(${t}) - 1`),
  get_hours: part((t) => sql`hour(${t})`),
  get_minutes: part((t) => sql`minute(${t})`),
  get_seconds: part((t) => sql`second(${t})`),
  get_milliseconds: part((t) => sql`millisecond(${t}) % 1000`),
}
