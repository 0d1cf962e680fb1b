import { constantUnlessNull } from '../exact.ts'
import { binary, repeating, simple, type Spelling, unary } from '../spelling.ts'
import { type Sql, sql } from '../sql.ts'
import { boolOfText, textParts } from '../text-rows.ts'
import { WHITE_SPACE } from '../white-space.ts'
import { text } from './literals.ts'

/** A place kept inside of the text, so that nothing overflows in a branch that is not taken. */
const inside = (place: Sql, s: Sql): Sql => sql`least(greatest(${place}, 0), length(${s}))`

/** The characters of a text that is not empty: a regular expression counts code points, where `string_split` does not. */
const characters = (s: Sql): Sql => sql`regexp_extract_all(${s}, '(?s:.)')`

/** `replace`; an empty text to be replaced stands before every character and at the end, for which DuckDB has no word. */
const replaced: Spelling = repeating((s, from, to = from) => {
  const plain = sql`replace(${s.sql}, ${from.sql}, ${to.sql})`
  if (from.literal !== undefined && from.literal.value !== '') return plain
  // In what RE2 puts in, `\0` is what was found and a backslash is written twice.
  const after = sql`('\\0' || replace(${to.sql}, '\\', '\\\\'))`
  const spread = sql`(${to.sql} || regexp_replace(${s.sql}, '(?s:.)', ${after}, 'g'))`
  return sql`(CASE WHEN ${from.sql} <> '' THEN ${plain} WHEN ${from.sql} = '' THEN ${spread} END)`
})

const truncated = (unit: Sql): Spelling => unary((d) => sql`(${d} // ${unit})`)

/**
 * The texts that are made of tokens of JSON (RFC 8259), a comma never before a closing bracket: what `json_valid` takes beyond the grammar
 * (NaN, Infinity, a last comma) is not among them, so that both together are the grammar.
 */
const JSON_STRING = String.raw`"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`
const JSON_NUMBER = String.raw`-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?`
const JSON_CELL = `${JSON_STRING}|${JSON_NUMBER}|true|false|null`
const JSON_TOKENS = text(`(?:[ \t\n\r]|${JSON_CELL}|[\\[\\]{}:]|,[ \t\n\r]*(?:${JSON_CELL}|[\\[{]))*`)
/** An escape of half a character is grammar, and refused by `json_valid`: it only has to find an escape there. */
const ESCAPES = text(String.raw`\\u[0-9a-fA-F]{4}`)

/** How DuckDB says the functions beyond those of cells that it has words for. */
export const duckdbExtensions = {
  // An image is the text that `images/image-value.ts` writes: png:640x480x3:51234:<digest>.
  width_image: unary((image) => sql`CAST(split_part(split_part(${image}, ':', 2), 'x', 1) AS BIGINT)`),
  height_image: unary((image) => sql`CAST(split_part(split_part(${image}, ':', 2), 'x', 2) AS BIGINT)`),
  channels_image: unary((image) => sql`CAST(split_part(split_part(${image}, ':', 2), 'x', 3) AS BIGINT)`),
  format_image: unary((image) => sql`split_part(${image}, ':', 1)`),
  bytes_image: unary((image) => sql`CAST(split_part(${image}, ':', 3) AS BIGINT)`),
  digest_image: unary((image) => sql`split_part(${image}, ':', 4)`),
  sign_int: unary((a) => sql`CAST(sign(${a}) AS BIGINT)`),
  sign_double: unary((a) => sql`CAST(sign(${a}) AS DOUBLE)`),
  sqrt_int: repeating(({ sql: a }) => sql`(CASE WHEN ${a} >= 0 THEN sqrt(CAST(${a} AS DOUBLE)) END)`),
  // NaN is a missing cell, and arithmetic that makes one is an error.
  is_nan: unary((a) => constantUnlessNull(false, a)),
  is_finite: unary((a) => sql`isfinite(${a})`),
  bit_and_int: binary((a, b) => sql`(${a} & ${b})`),
  bit_or_int: binary((a, b) => sql`(${a} | ${b})`),
  bit_xor_int: binary((a, b) => sql`xor(${a}, ${b})`),
  bit_not_int: unary((a) => sql`(~(${a}))`),

  ...textParts({
    length: (s) => sql`length(${s})`,
    part: (s, place, count) => sql`substring(${s}, ${place}, ${count})`,
    inside,
  }),
  index_of: repeating(
    ({ sql: s }, { sql: t }) =>
      sql`(CASE WHEN ${t} = '' THEN length(${s}) * 0 ELSE CAST(instr(${s}, ${t}) AS BIGINT) - 1 END)`,
  ),
  replace: replaced,
  reverse: repeating(
    ({ sql: s }) => sql`(CASE WHEN ${s} = '' THEN '' ELSE array_to_string(list_reverse(${characters(s)}), '') END)`,
  ),
  is_json: repeating(
    ({ sql: s }) =>
      sql`(regexp_full_match(${s}, ${JSON_TOKENS}) AND json_valid(regexp_replace(${s}, ${ESCAPES}, ${text(String.raw`\\u0041`)}, 'g')))`,
  ),
  trim: simple((s) => sql`trim(${s.sql}, ${text(WHITE_SPACE)})`),
  bool_of_string: boolOfText(),

  hours_of: truncated(sql`3600000000`),
  minutes_of: truncated(sql`60000000`),
  seconds_of: truncated(sql`1000000`),
  milliseconds_of: unary((d) => sql`((${d} % 1000000) // 1000)`),
} as const satisfies Readonly<Record<string, Spelling>>
