import { constantUnlessNull } from '../exact.ts'
import { binary, repeating, simple, type Spelling, unary } from '../spelling.ts'
import { type Sql, sql } from '../sql.ts'
import { double, text } from './literals.ts'

/** White space of Unicode, as the language trims it. */
const WHITE = text(
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
)

/** A place kept inside of the text, which an integer holds; `least` would skip a NULL length. */
const inside = (place: Sql, s: Sql): Sql =>
  sql`CAST(least(greatest(${place}, 0), coalesce(char_length(${s}), 0)) AS integer)`

/** The characters from one place to before another; NULL where a place is outside. */
const between = (s: Sql, from: Sql, to: Sql): Sql =>
  sql`(CASE WHEN ${from} >= 0 AND ${to} <= char_length(${s}) AND ${from} <= ${to} THEN substr(${s}, ${inside(from, s)} + 1, greatest(${inside(to, s)} - ${inside(from, s)}, 0)) END)`

/** `replace`; an empty text to be replaced stands before every character and at the end, for which PostgreSQL has no word. */
const replaced: Spelling = repeating((s, from, to = from) => {
  const spread = sql`${to.sql} || CASE WHEN char_length(${s.sql}) = 0 THEN '' ELSE array_to_string(string_to_array(${s.sql}, NULL), ${to.sql}) || ${to.sql} END`
  return sql`(CASE WHEN char_length(${from.sql}) > 0 THEN replace(${s.sql} COLLATE "C", ${from.sql}, ${to.sql}) WHEN char_length(${from.sql}) = 0 THEN ${spread} END)`
})

const truncated = (unit: Sql): Spelling => unary((d) => sql`(${d} / ${unit})`)

/** How PostgreSQL says the functions beyond those of cells that it has words for. */
export const postgresqlExtensions = {
  sign_int: unary((a) => sql`CAST(sign(${a}) AS bigint)`),
  sign_double: unary((a) => sql`sign(${a})`),
  sqrt_int: repeating(({ sql: a }) => sql`(CASE WHEN ${a} >= 0 THEN sqrt(CAST(${a} AS double precision)) END)`),
  // NaN is a missing cell, and arithmetic that makes one is an error.
  is_nan: unary((a) => constantUnlessNull(false, a)),
  is_finite: unary((a) => sql`(abs(${a}) < ${double(Infinity)})`),
  bit_and_int: binary((a, b) => sql`(${a} & ${b})`),
  bit_or_int: binary((a, b) => sql`(${a} | ${b})`),
  bit_xor_int: binary((a, b) => sql`(${a} # ${b})`),
  bit_not_int: unary((a) => sql`(~(${a}))`),

  char_at: repeating(
    ({ sql: s }, { sql: i }) =>
      sql`(CASE WHEN ${i} >= 0 AND ${i} <= char_length(${s}) THEN substr(${s}, ${inside(i, s)} + 1, 1) END)`,
  ),
  index_of: binary((s, t) => sql`CAST(strpos(${s} COLLATE "C", ${t}) - 1 AS bigint)`),
  replace: replaced,
  reverse: unary((s) => sql`reverse(${s})`),
  substring: repeating(({ sql: s }, from) => between(s, from.sql, sql`char_length(${s})`)),
  substring_to: repeating(({ sql: s }, from, to = from) => between(s, from.sql, to.sql)),
  trim: simple((s) => sql`btrim(${s.sql}, ${WHITE})`),
  bool_of_string: repeating(
    ({ sql: s }) =>
      sql`(CASE WHEN ${s} COLLATE "C" IN ('1', 't', 'true', 'TRUE', 'True') THEN true WHEN ${s} COLLATE "C" IN ('0', 'f', 'false', 'FALSE', 'False') THEN false END)`,
  ),

  hours_of: truncated(sql`3600000000`),
  minutes_of: truncated(sql`60000000`),
  seconds_of: truncated(sql`1000000`),
  milliseconds_of: unary((d) => sql`((${d} % 1000000) / 1000)`),
} as const satisfies Readonly<Record<string, Spelling>>
