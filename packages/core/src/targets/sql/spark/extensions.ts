import { constantUnlessNull } from '../exact.ts'
import { binary, repeating, simple, type Spelling, unary } from '../spelling.ts'
import { type Sql, sql } from '../sql.ts'
import { boolOfText, textParts } from '../text-rows.ts'
import { WHITE_SPACE } from '../white-space.ts'
import { double, text } from './literals.ts'

/** A place kept inside of the text, which an INT holds. */
const inside = (place: Sql, s: Sql): Sql =>
  sql`CAST(least(greatest(${place}, 0L), CAST(char_length(${s}) AS BIGINT)) AS INT)`

/** `replace`; an empty text to be replaced stands before every character and at the end, for which Spark has no word. */
const replaced: Spelling = repeating((s, from, to = from) => {
  // In what a regular expression puts in, `$0` is what was found, and `\` and `$` are escaped.
  const after = sql`concat(${text('$0')}, replace(replace(${to.sql}, ${text('\\')}, ${text('\\\\')}), ${text('$')}, ${text('\\$')}))`
  const spread = sql`concat(${to.sql}, regexp_replace(${s.sql}, '(?s).', ${after}))`
  return sql`(CASE WHEN ${from.sql} <> '' THEN replace(${s.sql}, ${from.sql}, ${to.sql}) WHEN ${from.sql} = '' THEN ${spread} END)`
})

const truncated = (unit: Sql): Spelling => unary((d) => sql`(${d} div ${unit})`)

/** How Spark says the functions beyond those of cells that it has words for. */
export const sparkExtensions = {
  sign_int: unary((a) => sql`CAST(signum(${a}) AS BIGINT)`),
  sign_double: unary((a) => sql`signum(${a})`),
  sqrt_int: repeating(({ sql: a }) => sql`(CASE WHEN ${a} >= 0L THEN sqrt(CAST(${a} AS DOUBLE)) END)`),
  // NaN is a missing cell, and arithmetic that makes one is an error.
  is_nan: unary((a) => constantUnlessNull(false, a)),
  is_finite: unary((a) => sql`(abs(${a}) < ${double(Infinity)})`),
  bit_and_int: binary((a, b) => sql`(${a} & ${b})`),
  bit_or_int: binary((a, b) => sql`(${a} | ${b})`),
  bit_xor_int: binary((a, b) => sql`(${a} ^ ${b})`),
  bit_not_int: unary((a) => sql`(~(${a}))`),

  ...textParts({
    length: (s) => sql`char_length(${s})`,
    part: (s, place, count) => sql`substring(${s}, ${place}, ${count})`,
    inside,
    end: (s) => sql`CAST(char_length(${s}) AS BIGINT)`,
    first: sql`0L`,
  }),
  index_of: binary((s, t) => sql`CAST(instr(${s}, ${t}) - 1 AS BIGINT)`),
  replace: replaced,
  reverse: unary((s) => sql`reverse(${s})`),
  trim: simple((s) => sql`btrim(${s.sql}, ${text(WHITE_SPACE)})`),
  bool_of_string: boolOfText(),

  hours_of: truncated(sql`3600000000L`),
  minutes_of: truncated(sql`60000000L`),
  seconds_of: truncated(sql`1000000L`),
  milliseconds_of: unary((d) => sql`((${d} % 1000000L) div 1000L)`),
} as const satisfies Readonly<Record<string, Spelling>>
