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
  sql`(CASE WHEN ${from} >= 0 AND ${to} <= CHAR_LENGTH(${s}) AND ${from} <= ${to} THEN SUBSTR(${s}, ${from} + 1, ${to} - ${from}) END)`

const truncated = (unit: Sql): Spelling => unary((d) => sql`DIV(${d}, ${unit})`)

/** How BigQuery says the functions beyond those of cells that it has words for. */
export const bigqueryExtensions = {
  sign_int: unary((a) => sql`SIGN(${a})`),
  sign_double: unary((a) => sql`SIGN(${a})`),
  sqrt_int: repeating(({ sql: a }) => sql`(CASE WHEN ${a} >= 0 THEN SQRT(CAST(${a} AS FLOAT64)) END)`),
  // NaN is a missing cell, and arithmetic that makes one is an error.
  is_nan: unary((a) => constantUnlessNull(false, a)),
  is_finite: unary((a) => sql`(ABS(${a}) < ${double(Infinity)})`),
  bit_and_int: binary((a, b) => sql`(${a} & ${b})`),
  bit_or_int: binary((a, b) => sql`(${a} | ${b})`),
  bit_xor_int: binary((a, b) => sql`(${a} ^ ${b})`),
  bit_not_int: unary((a) => sql`(~ ${a})`),

  char_at: repeating(
    ({ sql: s }, { sql: i }) =>
      sql`(CASE WHEN ${i} >= 0 AND ${i} <= CHAR_LENGTH(${s}) THEN SUBSTR(${s}, ${i} + 1, 1) END)`,
  ),
  index_of: binary((s, t) => sql`(STRPOS(${s}, ${t}) - 1)`),
  replace: repeating(({ sql: s }, from, to = from) => {
    // An empty text to be replaced stands before every character and at the end; `REPLACE` leaves the text as it is.
    const after = sql`CONCAT(${text('\\0')}, REPLACE(${to.sql}, ${text('\\')}, ${text('\\\\')}))`
    const spread = sql`CONCAT(${to.sql}, REGEXP_REPLACE(${s}, ${text('(?s).')}, ${after}))`
    return sql`(CASE WHEN ${from.sql} <> '' THEN REPLACE(${s}, ${from.sql}, ${to.sql}) WHEN ${from.sql} = '' THEN ${spread} END)`
  }),
  reverse: unary((s) => sql`REVERSE(${s})`),
  substring: repeating(({ sql: s }, from) => between(s, from.sql, sql`CHAR_LENGTH(${s})`)),
  substring_to: repeating(({ sql: s }, from, to = from) => between(s, from.sql, to.sql)),
  trim: simple((s) => sql`TRIM(${s.sql}, ${WHITE})`),
  bool_of_string: repeating(
    ({ sql: s }) =>
      sql`(CASE WHEN ${s} IN ('1', 't', 'true', 'TRUE', 'True') THEN true WHEN ${s} IN ('0', 'f', 'false', 'FALSE', 'False') THEN false END)`,
  ),

  hours_of: truncated(sql`3600000000`),
  minutes_of: truncated(sql`60000000`),
  seconds_of: truncated(sql`1000000`),
  milliseconds_of: unary((d) => sql`DIV(MOD(${d}, 1000000), 1000)`),
} as const satisfies Readonly<Record<string, Spelling>>
