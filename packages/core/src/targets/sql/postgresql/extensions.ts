import { constantUnlessNull } from '../exact.ts'
import { binary, repeating, simple, type Spelling, unary } from '../spelling.ts'
import { type Sql, sql } from '../sql.ts'
import { boolOfText, textParts } from '../text-rows.ts'
import { WHITE_SPACE } from '../white-space.ts'
import { double, text } from './literals.ts'

/** A place kept inside of the text, which an integer holds; `least` would skip a NULL length. */
const inside = (place: Sql, s: Sql): Sql =>
  sql`CAST(least(greatest(${place}, 0), coalesce(char_length(${s}), 0)) AS integer)`

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

  ...textParts({
    length: (s) => sql`char_length(${s})`,
    part: (s, place, count) => sql`substr(${s}, ${place}, ${count})`,
    inside,
    count: (characters) => sql`greatest(${characters}, 0)`,
  }),
  index_of: binary((s, t) => sql`CAST(strpos(${s} COLLATE "C", ${t}) - 1 AS bigint)`),
  replace: replaced,
  reverse: unary((s) => sql`reverse(${s})`),
  trim: simple((s) => sql`btrim(${s.sql}, ${text(WHITE_SPACE)})`),
  bool_of_string: boolOfText((s) => sql`${s} COLLATE "C"`),

  hours_of: truncated(sql`3600000000`),
  minutes_of: truncated(sql`60000000`),
  seconds_of: truncated(sql`1000000`),
  milliseconds_of: unary((d) => sql`((${d} % 1000000) / 1000)`),
} as const satisfies Readonly<Record<string, Spelling>>
