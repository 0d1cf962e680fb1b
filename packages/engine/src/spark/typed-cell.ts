import { type ColumnType, spark, type Sql, sql, type Type } from '@plumbline/core'
import type { TypedCell } from '../relations/typed-column.ts'

const { double, text } = spark.sparkLiterals

/** Families of types that are read alike. */
type Family = 'small-int' | 'bigint' | 'decimal' | 'float' | 'boolean' | 'text' | 'collated' | 'time'

const FAMILIES: readonly (readonly [RegExp, Family])[] = [
  [/^(tinyint|smallint|int)$/, 'small-int'],
  [/^bigint$/, 'bigint'],
  [/^decimal\(/, 'decimal'],
  [/^(float|double)$/, 'float'],
  [/^boolean$/, 'boolean'],
  [/^(string|char\(\d+\)|varchar\(\d+\))$/, 'text'],
  [/^(string|char\(\d+\)|varchar\(\d+\)) collate /, 'collated'],
  [/^(date|timestamp|timestamp_ntz)$/, 'time'],
]

/**
 * Reads the stored cells `raw` of a type of Spark as a declared column, by the rules of `typedCell` for files: nothing is lost (3.7
 * is no integer, 3.0 is), what cannot be read is NULL and a misfit, NaN is missing. Undefined where the type is one that no cell can be
 * read from.
 */
export function sparkTypedCell(
  stored: Sql,
  sourceType: string,
  columnType: ColumnType,
  type: Type,
): TypedCell | undefined {
  if (columnType === 'list') return listCell(stored, sourceType, type)
  const family = FAMILIES.find(([pattern]) => pattern.test(sourceType))?.[1]
  if (family === undefined) return undefined
  // Texts are equal and ordered by code point, whatever the collation of their column says.
  const raw = family === 'collated' ? sql`(${stored} COLLATE UTF8_BINARY)` : stored
  const kind = columnType === 'category' ? type.kind : columnType
  switch (kind) {
    case 'integer':
    case 'int':
      return integerCell(raw, family)
    case 'number':
      return numberCell(raw, family, sourceType)
    case 'boolean':
    case 'bool':
      return booleanCell(raw, family)
    case 'timestamp':
      return timeCell(raw, family)
    case 'text':
    case 'string':
      return { cell: family === 'text' || family === 'collated' ? raw : sql`CAST(${raw} AS STRING)` }
    default:
      return undefined
  }
}

const attempt = (raw: Sql, cell: Sql): TypedCell => ({ cell, misfit: sql`(${raw} IS NOT NULL AND (${cell}) IS NULL)` })
/** As `attempt`, of floats: NaN is missing and no misfit. */
const attemptFloat = (raw: Sql, cell: Sql): TypedCell => ({
  cell,
  misfit: sql`(NOT isnan(${raw}) AND ${raw} IS NOT NULL AND (${cell}) IS NULL)`,
})
const never = (raw: Sql, type: Sql): TypedCell => ({
  cell: sql`CAST(NULL AS ${type})`,
  misfit: sql`(${raw} IS NOT NULL)`,
})

/** A text without the white space around it that files may have, too. */
const trimmed = (raw: Sql): Sql => sql`btrim(${raw}, ${text(' \t\n\r\f\v')})`
const matches = (value: Sql, pattern: string): Sql => sql`${value} RLIKE ${text(pattern)}`
const replaced = (value: Sql, pattern: string, by: string): Sql =>
  sql`regexp_replace(${value}, ${text(pattern)}, ${text(by)})`

const int64 = (value: Sql): Sql => sql`CAST(${value} AS BIGINT)`
const float64 = (value: Sql): Sql => sql`CAST(${value} AS DOUBLE)`

function integerCell(raw: Sql, family: Family): TypedCell {
  switch (family) {
    case 'small-int':
      return { cell: int64(raw) }
    case 'bigint':
      return { cell: raw }
    case 'decimal':
      return attempt(
        raw,
        sql`CASE WHEN ${raw} >= -9223372036854775808 AND ${raw} <= 9223372036854775807 AND ${raw} = floor(${raw}) THEN ${int64(raw)} END`,
      )
    case 'float': {
      const number = float64(raw)
      return attemptFloat(
        raw,
        sql`CASE WHEN ${number} >= ${double(-(2 ** 63))} AND ${number} < ${double(2 ** 63)} AND ${number} = ${float64(int64(number))} THEN ${int64(number)} END`,
      )
    }
    case 'text':
    case 'collated': {
      const word = trimmed(raw)
      const digits = replaced(word, '[.]0*$', '')
      return attempt(
        raw,
        sql`CASE WHEN ${matches(word, '\\A[+-]?[0-9]+([.]0*)?\\z')} THEN ${spark.intOfText(digits)} END`,
      )
    }
    default:
      return never(raw, sql`BIGINT`)
  }
}

/** An integer as float64, NULL where float64 does not hold it: 2^53 + 1 read as 2^53 would be another number. */
const exactDouble = (integer: Sql): Sql =>
  sql`CASE WHEN ${integer} BETWEEN -9007199254740992L AND 9007199254740992L THEN ${float64(integer)} WHEN ${float64(integer)} < ${double(2 ** 63)} AND ${int64(float64(integer))} = ${integer} THEN ${float64(integer)} END`

function numberCell(raw: Sql, family: Family, sourceType: string): TypedCell {
  switch (family) {
    case 'small-int':
    case 'decimal':
      return { cell: float64(raw) }
    case 'bigint':
      return attempt(raw, exactDouble(raw))
    case 'float': {
      const number = sourceType === 'double' ? raw : float64(raw)
      return { cell: sql`CASE WHEN NOT isnan(${raw}) THEN ${number} END` }
    }
    case 'text':
    case 'collated': {
      const word = sql`lower(${trimmed(raw)})`
      const infinite = sql`CASE WHEN ${matches(word, '\\A[+]?inf(inity)?\\z')} THEN ${double(Infinity)} WHEN ${matches(word, '\\A-inf(inity)?\\z')} THEN ${double(-Infinity)} END`
      const spelled = replaced(replaced(word, '^([+-]?)[.]', '$10.'), '[.](e|$)', '$1')
      const decimal = spark.doubleOfText(spelled)
      const finite = sql`CASE WHEN abs(${decimal}) < ${double(Infinity)} THEN ${decimal} END`
      const whole = spark.intOfText(word)
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
    case 'text':
    case 'collated': {
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
      return { cell: sql`CAST(${raw} AS TIMESTAMP)` }
    case 'text':
    case 'collated': {
      const word = sql`upper(${trimmed(raw)})`
      // Spark reads an offset of hours and minutes with a colon between them only; a day that its month has not is NULL.
      const spelled = replaced(replaced(word, '([+-][0-9]{2})([0-9]{2})$', '$1:$2'), '(:[0-9.]+[+-][0-9]{2})$', '$1:00')
      return attempt(raw, sql`CASE WHEN ${matches(word, INSTANT)} THEN try_cast(${spelled} AS TIMESTAMP) END`)
    }
    default:
      return never(raw, sql`TIMESTAMP`)
  }
}

/** The arrays whose elements are those of a list without a loss; a list with a missing element is a misfit as a whole. */
const ARRAYS: Readonly<Record<string, { readonly from: RegExp; readonly type: Sql }>> = {
  int: { from: /^array<(tinyint|smallint|int|bigint)>$/, type: sql`ARRAY<BIGINT>` },
  double: { from: /^array<(tinyint|smallint|int|float|double)>$/, type: sql`ARRAY<DOUBLE>` },
  bool: { from: /^array<boolean>$/, type: sql`ARRAY<BOOLEAN>` },
  string: { from: /^array<string>$/, type: sql`ARRAY<STRING>` },
}

function listCell(raw: Sql, sourceType: string, type: Type): TypedCell | undefined {
  const array = type.kind === 'list' ? ARRAYS[type.element.kind] : undefined
  if (array === undefined || !array.from.test(sourceType)) return undefined
  const cast = sql`CAST(${raw} AS ${array.type})`
  const plain = sql`array_size(array_compact(${raw})) = array_size(${raw})`
  const whole =
    type.kind === 'list' && type.element.kind === 'double'
      ? sql`${plain} AND NOT array_contains(${cast}, double('NaN'))`
      : plain
  return attempt(raw, sql`CASE WHEN ${whole} THEN ${cast} END`)
}
