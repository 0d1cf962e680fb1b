import { constantUnlessNull } from '../exact.ts'
import { binary, repeating, simple, type Spelling, unary } from '../spelling.ts'
import { type Sql, sql } from '../sql.ts'
import { boolOfText, textParts } from '../text-rows.ts'
import { double, text } from './literals.ts'

/** White space of Unicode, as the language trims it, as a class of RE2. */
const WHITE =
  '[\\t\\n\\v\\f\\r \\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}]+'
const AROUND = text(`\\A${WHITE}|${WHITE}\\z`)

const truncated = (unit: Sql): Spelling => unary((d) => sql`intDiv(${d}, ${unit})`)

/** How ClickHouse says the functions beyond those of cells that it has words for. */
export const clickhouseExtensions = {
  sign_int: unary((a) => sql`toInt64(sign(${a}))`),
  sign_double: unary((a) => sql`toFloat64(sign(${a}))`),
  sqrt_int: repeating(({ sql: a }) => sql`(CASE WHEN ${a} >= 0 THEN sqrt(toFloat64(${a})) END)`),
  // NaN is a missing cell, and arithmetic that makes one is an error.
  is_nan: unary((a) => constantUnlessNull(false, a)),
  is_finite: unary((a) => sql`(abs(${a}) < ${double(Infinity)})`),
  bit_and_int: binary((a, b) => sql`bitAnd(${a}, ${b})`),
  bit_or_int: binary((a, b) => sql`bitOr(${a}, ${b})`),
  bit_xor_int: binary((a, b) => sql`bitXor(${a}, ${b})`),
  bit_not_int: unary((a) => sql`bitNot(${a})`),

  ...textParts({
    length: (s) => sql`lengthUTF8(${s})`,
    part: (s, place, count) => sql`substringUTF8(${s}, ${place}, ${count})`,
    end: (s) => sql`toInt64(lengthUTF8(${s}))`,
  }),
  index_of: binary((s, t) => sql`(toInt64(positionUTF8(${s}, ${t})) - 1)`),
  replace: repeating(({ sql: s }, from, to = from) => {
    // An empty text to be replaced stands before every character and at the end, for which ClickHouse has no word.
    const spread = sql`concat(${to.sql}, arrayStringConcat(arrayMap(c -> concat(c, assumeNotNull(${to.sql})), extractAll(assumeNotNull(${s}), '(?s).'))))`
    return sql`(CASE WHEN ${from.sql} <> '' THEN replaceAll(${s}, ${from.sql}, ${to.sql}) WHEN ${from.sql} = '' AND ${s} IS NOT NULL THEN ${spread} END)`
  }),
  reverse: unary((s) => sql`reverseUTF8(${s})`),
  trim: simple((s) => sql`replaceRegexpAll(${s.sql}, ${AROUND}, ${text('')})`),
  bool_of_string: boolOfText(),

  hours_of: truncated(sql`3600000000`),
  minutes_of: truncated(sql`60000000`),
  seconds_of: truncated(sql`1000000`),
  milliseconds_of: unary((d) => sql`intDiv(${d} % 1000000, 1000)`),
} as const satisfies Readonly<Record<string, Spelling>>
