import { constantUnlessNull } from '../exact.ts'
import { binary, repeating, simple, type Spelling, unary } from '../spelling.ts'
import { type Sql, sql } from '../sql.ts'
import { boolOfText, textParts } from '../text-rows.ts'
import { WHITE_SPACE } from '../white-space.ts'
import { double, text } from './literals.ts'

const truncated = (unit: Sql): Spelling => unary((d) => sql`CAST((${d} - MOD(${d}, ${unit})) / ${unit} AS BIGINT)`)

/** How Snowflake says the functions beyond those of cells that it has words for. */
export const snowflakeExtensions = {
  sign_int: unary((a) => sql`SIGN(${a})`),
  sign_double: unary((a) => sql`SIGN(${a})`),
  sqrt_int: repeating(({ sql: a }) => sql`(CASE WHEN ${a} >= 0 THEN SQRT(GREATEST(CAST(${a} AS DOUBLE), 0)) END)`),
  // NaN is a missing cell, and arithmetic that makes one is an error.
  is_nan: unary((a) => constantUnlessNull(false, a)),
  is_finite: unary((a) => sql`(ABS(${a}) < ${double(Infinity)})`),
  bit_and_int: binary((a, b) => sql`BITAND(${a}, ${b})`),
  bit_or_int: binary((a, b) => sql`BITOR(${a}, ${b})`),
  bit_xor_int: binary((a, b) => sql`BITXOR(${a}, ${b})`),
  bit_not_int: unary((a) => sql`BITNOT(${a})`),

  ...textParts({ length: (s) => sql`LENGTH(${s})`, part: (s, place, count) => sql`SUBSTR(${s}, ${place}, ${count})` }),
  index_of: binary((s, t) => sql`(POSITION(${t}, ${s}) - 1)`),
  replace: repeating(({ sql: s }, from, to = from) => {
    // An empty text to be replaced stands before every character and at the end; `REPLACE` leaves the text as it is.
    const after = sql`CONCAT(${text('\\0')}, REPLACE(${to.sql}, ${text('\\')}, ${text('\\\\')}))`
    const spread = sql`CONCAT(${to.sql}, REGEXP_REPLACE(${s}, ${text('.')}, ${after}, 1, 0, 's'))`
    return sql`(CASE WHEN ${from.sql} <> '' THEN REPLACE(${s}, ${from.sql}, ${to.sql}) WHEN ${from.sql} = '' THEN ${spread} END)`
  }),
  reverse: unary((s) => sql`REVERSE(${s})`),
  trim: simple((s) => sql`TRIM(${s.sql}, ${text(WHITE_SPACE)})`),
  bool_of_string: boolOfText(),

  hours_of: truncated(sql`3600000000`),
  minutes_of: truncated(sql`60000000`),
  seconds_of: truncated(sql`1000000`),
  milliseconds_of: unary((d) => sql`CAST((MOD(${d}, 1000000) - MOD(${d}, 1000)) / 1000 AS BIGINT)`),
} as const satisfies Readonly<Record<string, Spelling>>
