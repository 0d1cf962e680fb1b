import { type ColumnType, type Sql, sql, trino, type Type } from '@plumbline/core'
import type { TypedCell } from '../relations/typed-column.ts'

const { double, text } = trino.trinoLiterals

/** Families of types that are read alike. */
type Family = 'small-int' | 'bigint' | 'decimal' | 'float' | 'boolean' | 'text' | 'time' | 'zoned'

const FAMILIES: readonly (readonly [RegExp, Family])[] = [
  [/^(tinyint|smallint|integer)$/, 'small-int'],
  [/^bigint$/, 'bigint'],
  [/^decimal\(/, 'decimal'],
  [/^(real|double)$/, 'float'],
  [/^boolean$/, 'boolean'],
  [/^(varchar(\(\d+\))?|char\(\d+\)|uuid|json)$/, 'text'],
  [/^(date|timestamp\(\d+\))$/, 'time'],
  [/^timestamp\(\d+\) with time zone$/, 'zoned'],
]

/**
 * Reads the stored cells `raw` of a type of Trino as a declared column, by the rules of `typedCell` for files: nothing is lost (3.7
 * is no integer, 3.0 is), what cannot be read is NULL and a misfit, NaN is missing. Undefined where the type is one that no cell can be
 * read from.
 */
export function trinoTypedCell(
  stored: Sql,
  sourceType: string,
  columnType: ColumnType,
  type: Type,
): TypedCell | undefined {
  if (columnType === 'list') return listCell(stored, sourceType, type)
  const family = FAMILIES.find(([pattern]) => pattern.test(sourceType))?.[1]
  if (family === undefined) return undefined
  const raw = family === 'text' && !sourceType.startsWith('varchar') ? trinoText(stored, sourceType) : stored
  const kind = columnType === 'category' ? type.kind : columnType
  switch (kind) {
    case 'integer':
    case 'int':
      return integerCell(raw, family)
    case 'number':
      return numberCell(raw, family)
    case 'boolean':
    case 'bool':
      return booleanCell(raw, family)
    case 'timestamp':
      return timeCell(raw, family)
    case 'text':
    case 'string':
      return { cell: sql`CAST(${raw} AS VARCHAR)` }
    default:
      return undefined
  }
}

/** The text of a stored value, as messages show it; of what has no cast to a text, as JSON. */
export const trinoText = (stored: Sql, sourceType: string): Sql =>
  /^(json|array|map|row)/.test(sourceType) ? sql`json_format(CAST(${stored} AS JSON))` : sql`CAST(${stored} AS VARCHAR)`

const attempt = (raw: Sql, cell: Sql): TypedCell => ({ cell, misfit: sql`(${raw} IS NOT NULL AND (${cell}) IS NULL)` })
/** As `attempt`, of floats: NaN is missing and no misfit. */
const attemptFloat = (raw: Sql, cell: Sql): TypedCell => ({
  cell,
  misfit: sql`(NOT is_nan(${raw}) AND ${raw} IS NOT NULL AND (${cell}) IS NULL)`,
})
const never = (raw: Sql, type: Sql): TypedCell => ({
  cell: sql`CAST(NULL AS ${type})`,
  misfit: sql`(${raw} IS NOT NULL)`,
})

/** A text without the white space around it that files may have, too. */
const trimmed = (raw: Sql): Sql => sql`trim(BOTH ${text(' \t\n\r\f\v')} FROM ${raw})`
const matches = (value: Sql, pattern: string): Sql => sql`regexp_like(${value}, ${text(pattern)})`
const replaced = (value: Sql, pattern: string, by: string): Sql =>
  sql`regexp_replace(${value}, ${text(pattern)}, ${text(by)})`

const int64 = (value: Sql): Sql => sql`try_cast(${value} AS BIGINT)`
const float64 = (value: Sql): Sql => sql`CAST(${value} AS DOUBLE)`

function integerCell(raw: Sql, family: Family): TypedCell {
  switch (family) {
    case 'small-int':
      return { cell: sql`CAST(${raw} AS BIGINT)` }
    case 'bigint':
      return { cell: raw }
    case 'decimal':
      return attempt(raw, sql`CASE WHEN ${raw} = floor(${raw}) THEN ${int64(raw)} END`)
    case 'float': {
      const number = float64(raw)
      return attemptFloat(
        raw,
        sql`CASE WHEN ${number} >= ${double(-(2 ** 63))} AND ${number} < ${double(2 ** 63)} AND ${number} = floor(${number}) THEN ${int64(number)} END`,
      )
    }
    case 'text': {
      const word = trimmed(raw)
      const digits = replaced(word, '[.]0*$', '')
      return attempt(
        raw,
        sql`CASE WHEN ${matches(word, '\\A[+-]?[0-9]+([.]0*)?\\z')} THEN ${trino.intOfText(digits)} END`,
      )
    }
    default:
      return never(raw, sql`BIGINT`)
  }
}

/** An integer as float64, NULL where float64 does not hold it: 2^53 + 1 read as 2^53 would be another number. */
const exactDouble = (integer: Sql): Sql =>
  sql`CASE WHEN ${integer} BETWEEN BIGINT '-9007199254740992' AND BIGINT '9007199254740992' THEN ${float64(integer)} WHEN ${float64(integer)} < ${double(2 ** 63)} AND ${int64(float64(integer))} = ${integer} THEN ${float64(integer)} END`

function numberCell(raw: Sql, family: Family): TypedCell {
  switch (family) {
    case 'small-int':
    case 'decimal':
      return { cell: float64(raw) }
    case 'bigint':
      return attempt(raw, exactDouble(raw))
    case 'float':
      return { cell: sql`CASE WHEN NOT is_nan(${raw}) THEN ${float64(raw)} END` }
    case 'text': {
      const word = sql`lower(${trimmed(raw)})`
      const infinite = sql`CASE WHEN ${matches(word, '\\A[+]?inf(inity)?\\z')} THEN ${double(Infinity)} WHEN ${matches(word, '\\A-inf(inity)?\\z')} THEN ${double(-Infinity)} END`
      const spelled = replaced(replaced(word, '^([+-]?)[.]', '$10.'), '[.](e|$)', '$1')
      const decimal = trino.doubleOfText(spelled)
      const finite = sql`CASE WHEN abs(${decimal}) < ${double(Infinity)} THEN ${decimal} END`
      const whole = trino.intOfText(word)
      const cell = sql`CASE WHEN ${matches(word, '\\A[+-]?[0-9]{16,}\\z')} THEN CASE WHEN ${whole} IS NOT NULL THEN ${exactDouble(whole)} END ELSE coalesce(${infinite}, ${finite}) END`
      return {
        cell,
        misfit: sql`(${raw} IS NOT NULL AND NOT ${matches(word, '\\A[+-]?nan\\z')} AND (${cell}) IS NULL)`,
      }
    }
    default:
      return never(raw, sql`DOUBLE`)
  }
}

function booleanCell(raw: Sql, family: Family): TypedCell {
  const digit = sql`CASE WHEN ${raw} = 0 THEN false WHEN ${raw} = 1 THEN true END`
  switch (family) {
    case 'boolean':
      return { cell: raw }
    case 'small-int':
    case 'bigint':
    case 'decimal':
      return attempt(raw, digit)
    case 'float':
      return attemptFloat(raw, digit)
    case 'text': {
      const word = sql`lower(${trimmed(raw)})`
      return attempt(
        raw,
        sql`CASE WHEN ${word} IN ('false', '0', '0.0') THEN false WHEN ${word} IN ('true', '1', '1.0') THEN true END`,
      )
    }
    default:
      return never(raw, sql`BOOLEAN`)
  }
}

/** An instant as ISO 8601 writes it, with or without time and offset. */
const INSTANT =
  '\\A(000[1-9]|00[1-9][0-9]|0[1-9][0-9][0-9]|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?)?\\z'

function timeCell(raw: Sql, family: Family): TypedCell {
  switch (family) {
    case 'time':
      return { cell: sql`CAST(${raw} AS TIMESTAMP(6))` }
    case 'zoned':
      return { cell: sql`CAST(${raw} AT TIME ZONE 'UTC' AS TIMESTAMP(6))` }
    case 'text': {
      // A cast reads a day, and a time with or without an offset `+02:00` behind it; a day that its month has not is NULL.
      const word = replaced(replaced(sql`upper(${trimmed(raw)})`, '^([0-9-]{10})T', '$1 '), 'Z$', '+00:00')
      const colon = replaced(word, '(:[0-9.]+[+-][0-9]{2})([0-9]{2})$', '$1:$2')
      const spelled = replaced(replaced(colon, '(:[0-9.]+[+-][0-9]{2})$', '$1:00'), '([+-][0-9]{2}:[0-9]{2})$', ' $1')
      const zoned = sql`CAST(try_cast(${spelled} AS TIMESTAMP(6) WITH TIME ZONE) AT TIME ZONE 'UTC' AS TIMESTAMP(6))`
      return attempt(raw, sql`CASE WHEN ${matches(sql`upper(${trimmed(raw)})`, INSTANT)} THEN ${zoned} END`)
    }
    default:
      return never(raw, sql`TIMESTAMP(6)`)
  }
}

/** The arrays whose elements are those of a list without a loss; a list with a missing element is a misfit as a whole. */
const ARRAYS: Readonly<Record<string, { readonly from: RegExp; readonly type: Sql }>> = {
  int: { from: /^array\((tinyint|smallint|integer|bigint)\)$/, type: sql`ARRAY(BIGINT)` },
  double: { from: /^array\((tinyint|smallint|integer|real|double)\)$/, type: sql`ARRAY(DOUBLE)` },
  bool: { from: /^array\(boolean\)$/, type: sql`ARRAY(BOOLEAN)` },
  string: { from: /^array\(varchar(\(\d+\))?\)$/, type: sql`ARRAY(VARCHAR)` },
}

function listCell(raw: Sql, sourceType: string, type: Type): TypedCell | undefined {
  const array = type.kind === 'list' ? ARRAYS[type.element.kind] : undefined
  if (array === undefined || !array.from.test(sourceType)) return undefined
  const cast = sql`CAST(${raw} AS ${array.type})`
  const missing =
    type.kind === 'list' && type.element.kind === 'double' ? sql`"one" IS NULL OR is_nan("one")` : sql`"one" IS NULL`
  return attempt(raw, sql`CASE WHEN none_match(${cast}, "one" -> ${missing}) THEN ${cast} END`)
}
