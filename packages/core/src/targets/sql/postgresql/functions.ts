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
import { doubleOfText, intOfText } from './conversions.ts'
import { postgresqlMixed } from './exact.ts'
import { postgresqlExtensions } from './extensions.ts'
import { addFloats, divideFloats, multiplyFloats, roundFloat, subtractFloats, truncated } from './floats.ts'
import { addInts, divideInts, multiplyInts, negated, remainder, subtractInts } from './integers.ts'
import { uncompiled } from '../../uncompiled.ts'
import { double } from './literals.ts'
import { between, inCalendar, micros, year } from './times.ts'

/** PostgreSQL's half of the function table: total, so that a new function does not type-check until it is answered here. */
export type PostgresqlFunctions = Spellings

const rounding = (name: Sql) => float((a) => sql`${name}(${a.sql})`)
const part = (field: Sql) => unary((t) => sql`CAST(extract(${field} FROM ${t}) AS bigint)`)
const partFromZero = (field: Sql) => unary((t) => sql`(CAST(extract(${field} FROM ${t}) AS bigint) - 1)`)

/** How PostgreSQL says each function. Texts are read in the collation "C": by code point, and no letter beyond ASCII. */
export const postgresqlFunctions: PostgresqlFunctions = {
  ...uncompiled,
  ...postgresqlExtensions,
  not: unary((a) => sql`(NOT ${a})`),
  ...comparisonsOf(compare, (op, a, b) => compare(op, sql`${a} COLLATE "C"`, b), postgresqlMixed),

  neg_int: guarded((a) => negated(a, (x) => sql`-(${x})`)),
  neg_double: float((a) => sql`(-(${a.sql}))`),
  add_int: guarded(addInts),
  add_double: raw(guarded(addFloats)),
  add_string: binary((a, b) => sql`(${a} || ${b})`),
  add_timestamp_duration: binary((t, d) => inCalendar(sql`${micros(t)} + ${d}`)),
  add_duration_timestamp: binary((d, t) => inCalendar(sql`${micros(t)} + ${d}`)),
  add_duration: guarded(addInts),
  sub_int: guarded(subtractInts),
  sub_double: raw(guarded(subtractFloats)),
  sub_timestamp: binary(between),
  sub_timestamp_duration: binary((t, d) => inCalendar(sql`${micros(t)} - ${d}`)),
  sub_duration: guarded(subtractInts),
  mul_int: guarded(multiplyInts),
  mul_double: { ...guarded(multiplyFloats), operands: 'raw' },
  div_int: guarded(divideInts),
  // 1/∞ is 0, so a divisor that arithmetic made must be finite.
  div_double: { ...guarded(divideFloats), operands: ['raw', 'checked'] },
  mod_int: guarded(remainder),

  size_list: unary((list) => sql`CAST(cardinality(${list}) AS bigint)`),
  // PostgreSQL refuses squares that are no numbers; the bounds keep them ordinary.
  norm_list: repeating(
    ({ sql: list }) => sql`(CASE WHEN cardinality(${list}) = 0 THEN ${double(0)} WHEN ${list} IS NOT NULL THEN
      (SELECT CASE WHEN max(abs("element")) <= ${double(1e150)}
        THEN sqrt(sum(CASE WHEN abs("element") BETWEEN ${double(1e-150)} AND ${double(1e150)} THEN "element" * "element" ELSE ${double(0)} END ORDER BY "place")) END
      FROM unnest(${list}) WITH ORDINALITY AS "elements" ("element", "place")) END)`,
  ),
  // Nothing is compared with the elements of an empty list, so that an element without a value would be in none.
  in_list: repeating(
    ({ sql: element }, { sql: list }) => sql`(CASE WHEN ${element} IS NOT NULL THEN ${element} = ANY (${list}) END)`,
  ),
  index_list: repeating(
    ({ sql: list }, { sql: i }) =>
      sql`(CASE WHEN ${i} >= 0 AND ${i} < cardinality(${list}) THEN (${list})[CAST(least(${i}, 2000000000) AS integer) + 1] END)`,
  ),

  size_string: unary((s) => sql`CAST(char_length(${s}) AS bigint)`),
  contains: binary((s, t) => sql`(strpos(${s} COLLATE "C", ${t}) > 0)`),
  starts_with: binary((s, t) => sql`starts_with(${s} COLLATE "C", ${t})`),
  ends_with: guarded((s, t) => sql`(right(${s}, char_length(${t})) COLLATE "C" = ${t})`),
  lower_ascii: unary((s) => sql`lower(${s} COLLATE "C")`),
  upper_ascii: unary((s) => sql`upper(${s} COLLATE "C")`),

  int_of_double: { ...guarded(truncated), operands: 'raw' },
  int_of_string: guarded(intOfText),
  int_of_timestamp: unary((t) => sql`CAST(floor(extract(epoch FROM ${t})) AS bigint)`),
  double_of_int: unary((a) => sql`CAST(${a} AS double precision)`),
  double_of_string: guarded(doubleOfText),
  string_of_int: unary((a) => sql`CAST(${a} AS text)`),
  string_of_bool: unary((a) => sql`CAST(${a} AS text)`),

  abs_int: guarded((a) => negated(a, (x) => sql`abs(${x})`)),
  abs_double: rounding(sql`abs`),
  ceil: rounding(sql`ceil`),
  floor: rounding(sql`floor`),
  round: raw(guarded(roundFloat)),
  trunc: rounding(sql`trunc`),
  sqrt: raw(guarded((a) => sql`(CASE WHEN ${a} >= ${double(0)} THEN sqrt(${a}) END)`)),
  ...extremes(pickUnlessNull(sql`greatest`), pickUnlessNull(sql`least`)),
  is_inf: simple((a) => sql`(abs(${a.sql}) = ${double(Infinity)})`),

  get_full_year: guarded(year),
  get_month: partFromZero(sql`month`),
  get_date: part(sql`day`),
  get_day_of_month: partFromZero(sql`day`),
  get_day_of_week: part(sql`dow`),
  get_day_of_year: partFromZero(sql`doy`),
  get_hours: part(sql`hour`),
  get_minutes: part(sql`minute`),
  get_seconds: unary((t) => sql`CAST(floor(extract(second FROM ${t})) AS bigint)`),
  get_milliseconds: unary((t) => sql`(CAST(floor(extract(milliseconds FROM ${t})) AS bigint) % 1000)`),
}
