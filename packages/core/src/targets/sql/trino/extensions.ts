import { constantUnlessNull } from '../exact.ts'
import { binary, repeating, simple, type Spelling, unary } from '../spelling.ts'
import { type Sql, sql } from '../sql.ts'
import { boolOfText, textParts } from '../text-rows.ts'
import { WHITE_SPACE } from '../white-space.ts'
import { double, text } from './literals.ts'

const truncated = (unit: Sql): Spelling => unary((d) => sql`(${d} / ${unit})`)

/** How Trino says the functions beyond those of cells that it has words for. */
export const trinoExtensions = {
  sign_int: unary((a) => sql`sign(${a})`),
  sign_double: unary((a) => sql`sign(${a})`),
  sqrt_int: repeating(({ sql: a }) => sql`(CASE WHEN ${a} >= 0 THEN sqrt(CAST(${a} AS DOUBLE)) END)`),
  // NaN is a missing cell, and arithmetic that makes one is an error.
  is_nan: unary((a) => constantUnlessNull(false, a)),
  is_finite: unary((a) => sql`(abs(${a}) < ${double(Infinity)})`),
  bit_and_int: binary((a, b) => sql`bitwise_and(${a}, ${b})`),
  bit_or_int: binary((a, b) => sql`bitwise_or(${a}, ${b})`),
  bit_xor_int: binary((a, b) => sql`bitwise_xor(${a}, ${b})`),
  bit_not_int: unary((a) => sql`bitwise_not(${a})`),

  ...textParts({ length: (s) => sql`length(${s})`, part: (s, place, count) => sql`substr(${s}, ${place}, ${count})` }),
  index_of: binary((s, t) => sql`(strpos(${s}, ${t}) - 1)`),
  // An empty text to be replaced stands before every character and at the end, in Trino as well.
  replace: simple((s, from, to = from) => sql`replace(${s.sql}, ${from.sql}, ${to.sql})`),
  reverse: unary((s) => sql`reverse(${s})`),
  trim: simple((s) => sql`trim(BOTH ${text(WHITE_SPACE)} FROM ${s.sql})`),
  bool_of_string: boolOfText(),

  hours_of: truncated(sql`3600000000`),
  minutes_of: truncated(sql`60000000`),
  seconds_of: truncated(sql`1000000`),
  milliseconds_of: unary((d) => sql`((${d} % 1000000) / 1000)`),
} as const satisfies Readonly<Record<string, Spelling>>
