import { constantUnlessNull } from '../exact.ts'
import { binary, repeating, simple, type Spelling, unary } from '../spelling.ts'
import { type Sql, sql } from '../sql.ts'
import { double, text } from './literals.ts'

/** White space of Unicode, as the language trims it. */
const WHITE = text(
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
)

/** The characters from one place to before another; NULL where a place is outside. */
const between = (s: Sql, from: Sql, to: Sql): Sql =>
  sql`(CASE WHEN ${from} >= 0 AND ${to} <= length(${s}) AND ${from} <= ${to} THEN substr(${s}, ${from} + 1, ${to} - ${from}) END)`

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

  char_at: repeating(
    ({ sql: s }, { sql: i }) => sql`(CASE WHEN ${i} >= 0 AND ${i} <= length(${s}) THEN substr(${s}, ${i} + 1, 1) END)`,
  ),
  index_of: binary((s, t) => sql`(strpos(${s}, ${t}) - 1)`),
  // An empty text to be replaced stands before every character and at the end, in Trino as well.
  replace: simple((s, from, to = from) => sql`replace(${s.sql}, ${from.sql}, ${to.sql})`),
  reverse: unary((s) => sql`reverse(${s})`),
  substring: repeating(({ sql: s }, from) => between(s, from.sql, sql`length(${s})`)),
  substring_to: repeating(({ sql: s }, from, to = from) => between(s, from.sql, to.sql)),
  trim: simple((s) => sql`trim(BOTH ${WHITE} FROM ${s.sql})`),
  bool_of_string: repeating(
    ({ sql: s }) =>
      sql`(CASE WHEN ${s} IN ('1', 't', 'true', 'TRUE', 'True') THEN true WHEN ${s} IN ('0', 'f', 'false', 'FALSE', 'False') THEN false END)`,
  ),

  hours_of: truncated(sql`3600000000`),
  minutes_of: truncated(sql`60000000`),
  seconds_of: truncated(sql`1000000`),
  milliseconds_of: unary((d) => sql`((${d} % 1000000) / 1000)`),
} as const satisfies Readonly<Record<string, Spelling>>
