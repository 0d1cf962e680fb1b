import {
  type ColumnType,
  duckdbColumnType,
  type ScalarKind,
  type Sql,
  sql,
  textLiteral,
  truthWords,
  type Type,
} from '@plumbline/core'
import { countedTime, perSecond, writtenTime } from './written-time.ts'

/** How a source cell is read as its declared type. */
export interface TypedCell {
  /** The cell as the declared type's SQL type; NULL = missing or not readable. NaN is NULL. */
  readonly cell: Sql
  /** TRUE where the source holds something that cannot be read as the type; absent where that cannot happen. */
  readonly misfit?: Sql
}

/** Families of DuckDB types that are read alike. */
type Source = 'small-int' | 'big-int' | 'float' | 'decimal' | 'boolean' | 'text' | 'time' | 'zoned-time' | 'other'

const SMALL_INT = /^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER)$/
const BIG_INT = /^(UBIGINT|HUGEINT|UHUGEINT|BIGNUM|VARINT)$/
const TEXT = /^(VARCHAR|JSON|UUID|ENUM\(.*\))$/s
const TIME = /^(DATE|TIMESTAMP(_S|_MS|_NS)?)$/

function sourceOf(type: string): Source {
  if (SMALL_INT.test(type)) return 'small-int'
  if (BIG_INT.test(type)) return 'big-int'
  if (type === 'DOUBLE' || type === 'FLOAT') return 'float'
  if (type.startsWith('DECIMAL')) return 'decimal'
  if (type === 'BOOLEAN') return 'boolean'
  if (TEXT.test(type)) return 'text'
  if (TIME.test(type)) return 'time'
  if (type === 'TIMESTAMP WITH TIME ZONE') return 'zoned-time'
  return 'other'
}

/**
 * Reads the cells `raw` of DuckDB type `sourceType` as a declared column. Casts lose nothing: 3.7 is no integer, 3.0 is;
 * numbers beyond int64 are misfits; texts that are numbers or times may have spaces around them. Texts themselves are
 * taken as they are, spaces included. A source type that fits is not cast, so that a scan stays a scan. `format` says how times and
 * truth values are written where the source has none of its own.
 */
export function typedCell(
  raw: Sql,
  sourceType: string,
  columnType: ColumnType,
  type: Type,
  format?: string,
): TypedCell {
  const source = sourceOf(sourceType)
  switch (columnType) {
    case 'integer':
      return integerCell(raw, source, sourceType)
    case 'number':
      return numberCell(raw, source, sourceType)
    case 'boolean':
      return format === undefined ? booleanCell(raw, source) : formattedTruth(raw, source, format)
    case 'timestamp':
      return format === undefined ? timeCell(raw, source) : formattedTime(raw, sourceType, format)
    case 'text':
      return textCell(raw, source, sourceType)
    case 'image':
      // Looked up in what its files were found to be (`images/image-columns.ts`); nowhere else is it known.
      return never(raw, sql`CAST(NULL AS VARCHAR)`)
    case 'list':
      return listCell(raw, sourceType, type.kind === 'list' ? type.element : type)
    case 'category':
      if (type.kind === 'int') return integerCell(raw, source, sourceType)
      return type.kind === 'bool' ? booleanCell(raw, source) : textCell(raw, source, sourceType)
  }
}

const never = (raw: Sql, nothing: Sql): TypedCell => ({ cell: nothing, misfit: sql`${raw} IS NOT NULL` })
const attempt = (raw: Sql, cell: Sql): TypedCell => ({ cell, misfit: sql`${raw} IS NOT NULL AND ${cell} IS NULL` })

function integerCell(raw: Sql, source: Source, sourceType: string): TypedCell {
  switch (source) {
    case 'small-int':
      return { cell: sourceType === 'BIGINT' ? raw : sql`CAST(${raw} AS BIGINT)` }
    case 'big-int':
      return attempt(raw, sql`TRY_CAST(${raw} AS BIGINT)`)
    case 'decimal':
      return attempt(raw, sql`CASE WHEN ${raw} = trunc(${raw}) THEN TRY_CAST(${raw} AS BIGINT) END`)
    case 'float': {
      // DuckDB rounds at a cast; and pandas writes whole numbers beside a missing cell as floats, that cell as NaN.
      const cell = sql`CASE WHEN ${raw} = trunc(${raw}) THEN TRY_CAST(${raw} AS BIGINT) END`
      return { cell, misfit: sql`${raw} IS NOT NULL AND NOT isnan(${raw}) AND ${cell} IS NULL` }
    }
    case 'text':
      // DuckDB would also read 3.7, 1e3, 0x10 and 1_000. 3.0 is read for the same reason as above.
      return attempt(
        raw,
        sql`CASE WHEN regexp_full_match(${raw}, '\\s*[+-]?[0-9]+([.]0*)?\\s*') THEN TRY_CAST(trim(${raw}) AS BIGINT) END`,
      )
    default:
      return never(raw, sql`CAST(NULL AS BIGINT)`)
  }
}

/** NaN is not a value of the language: it is missing. */
const withoutNaN = (double: Sql): Sql => sql`CASE WHEN isnan(${double}) THEN NULL ELSE ${double} END`

/** An integer as float64, NULL where float64 does not hold it: 2^53 + 1 read as 2^53 would be another number. */
const exactDouble = (integer: Sql, type: Sql): Sql =>
  sql`CASE WHEN TRY_CAST(CAST(${integer} AS DOUBLE) AS ${type}) = ${integer} THEN CAST(${integer} AS DOUBLE) END`

function numberCell(raw: Sql, source: Source, sourceType: string): TypedCell {
  switch (source) {
    case 'small-int':
      return sourceType === 'BIGINT'
        ? attempt(raw, exactDouble(raw, sql`BIGINT`))
        : { cell: sql`CAST(${raw} AS DOUBLE)` }
    case 'big-int':
      return attempt(raw, exactDouble(sql`CAST(${raw} AS HUGEINT)`, sql`HUGEINT`))
    case 'decimal':
      return { cell: sql`CAST(${raw} AS DOUBLE)` }
    case 'float':
      return { cell: sql`CAST(${withoutNaN(raw)} AS DOUBLE)` }
    case 'text': {
      // Up to 15 digits every integer is a float64.
      const integer = sql`length(${raw}) > 15 AND regexp_full_match(${raw}, '\\s*[+-]?[0-9]+\\s*')`
      const cell = sql`CASE WHEN contains(${raw}, '_') THEN NULL
        WHEN ${integer} THEN ${exactDouble(sql`TRY_CAST(trim(${raw}) AS HUGEINT)`, sql`HUGEINT`)}
        ELSE TRY_CAST(trim(${raw}) AS DOUBLE) END`
      return { cell: withoutNaN(cell), misfit: sql`${raw} IS NOT NULL AND ${cell} IS NULL` }
    }
    default:
      return never(raw, sql`CAST(NULL AS DOUBLE)`)
  }
}

function booleanCell(raw: Sql, source: Source): TypedCell {
  switch (source) {
    case 'boolean':
      return { cell: raw }
    case 'small-int':
    case 'big-int':
    case 'decimal':
      return attempt(raw, sql`CASE ${raw} WHEN 0 THEN FALSE WHEN 1 THEN TRUE END`)
    case 'float': {
      const cell = sql`CASE ${raw} WHEN 0 THEN FALSE WHEN 1 THEN TRUE END`
      return { cell, misfit: sql`${raw} IS NOT NULL AND NOT isnan(${raw}) AND ${cell} IS NULL` }
    }
    case 'text': {
      const word = sql`lower(trim(${raw}))`
      return attempt(
        raw,
        sql`CASE WHEN ${word} IN ('false', '0', '0.0') THEN FALSE WHEN ${word} IN ('true', '1', '1.0') THEN TRUE END`,
      )
    }
    default:
      return never(raw, sql`CAST(NULL AS BOOLEAN)`)
  }
}

/** Two words as truth values, whatever their case: `Yes` and `No`, `1` and `2`. Nothing else is one. */
function formattedTruth(raw: Sql, source: Source, format: string): TypedCell {
  const words = truthWords(format)
  if (words === undefined || source === 'boolean') return booleanCell(raw, source)
  if (source === 'time' || source === 'zoned-time' || source === 'other') return never(raw, sql`CAST(NULL AS BOOLEAN)`)
  const isText = source === 'text'
  const own = isText ? sql`lower(trim(${raw}))` : sql`CAST(${raw} AS DOUBLE)`
  // 1.0 is read as 1 for the same reason as in whole numbers.
  const is = (word: string): Sql => {
    if (!isText) return sql`${own} = TRY_CAST(${textLiteral(word)} AS DOUBLE)`
    const alike = /^\d+$/.test(word) ? sql`, ${textLiteral(`${word}.0`)}` : sql``
    return sql`${own} IN (lower(${textLiteral(word)})${alike})`
  }
  const cell = sql`CASE WHEN ${is(words.yes)} THEN TRUE WHEN ${is(words.no)} THEN FALSE END`
  const isThere = source === 'float' ? sql`${raw} IS NOT NULL AND NOT isnan(${raw})` : sql`${raw} IS NOT NULL`
  return { cell, misfit: sql`${isThere} AND ${cell} IS NULL` }
}

function timeCell(raw: Sql, source: Source): TypedCell {
  // DuckDB's ±infinity is no instant.
  const finite = (time: Sql): Sql => sql`CASE WHEN isfinite(${time}) THEN ${time} END`
  switch (source) {
    case 'time':
      return attempt(raw, finite(sql`CAST(${raw} AS TIMESTAMP)`))
    case 'zoned-time':
      return attempt(raw, finite(sql`(${raw} AT TIME ZONE 'UTC')`))
    case 'text':
      return attempt(raw, finite(sql`(TRY_CAST(trim(${raw}) AS TIMESTAMPTZ) AT TIME ZONE 'UTC')`))
    default:
      return never(raw, sql`CAST(NULL AS TIMESTAMP)`)
  }
}

/** A time by its declared format; what the source itself has as a time is one. */
function formattedTime(raw: Sql, sourceType: string, format: string): TypedCell {
  const source = sourceOf(sourceType)
  if (source === 'time' || source === 'zoned-time') return timeCell(raw, source)
  const units = perSecond(format)
  if (units !== undefined) return countedTime(numberCell(raw, source, sourceType), units)
  // 20260131 in a column of numbers.
  const text = source === 'text' ? raw : sql`CAST(${raw} AS VARCHAR)`
  return /^(text|small-int|big-int)$/.test(source) ? writtenTime(text, format) : timeCell(raw, source)
}

function textCell(raw: Sql, source: Source, sourceType: string): TypedCell {
  if (sourceType === 'VARCHAR') return { cell: raw }
  if (source === 'other') return never(raw, sql`CAST(NULL AS VARCHAR)`)
  return { cell: sql`CAST(${raw} AS VARCHAR)` }
}

/** An array of DuckDB, `DOUBLE[]` or `FLOAT[384]`: the type of its elements. */
const ARRAY = /^(.*)\[\d*\]$/s
const ELEMENTS: Readonly<Record<string, ColumnType>> = {
  int: 'integer',
  double: 'number',
  bool: 'boolean',
  string: 'text',
  timestamp: 'timestamp',
}

/**
 * A list, of which each element is read as a cell is; a text is read as a JSON array. Elements are never missing: a list with one
 * that is, or that is no value of the type, is a misfit as a whole.
 */
function listCell(raw: Sql, sourceType: string, element: Type): TypedCell {
  const columnType = ELEMENTS[element.kind] ?? 'text'
  const name = sql`list_element`
  const nothing = sql`CAST(NULL AS ${duckdbColumnType('list', element.kind as ScalarKind)})`
  const of = ARRAY.exec(sourceType)?.[1]
  if (of === undefined && sourceOf(sourceType) !== 'text') return never(raw, nothing)
  const list = of === undefined ? jsonElements(raw) : raw
  const { cell } = typedCell(name, of ?? 'VARCHAR', columnType, element)
  const cells = sql`list_transform(${list}, lambda ${name}: ${cell})`
  return attempt(raw, sql`CASE WHEN len(${list}) = list_count(${cells}) THEN ${cells} END`)
}

/** The elements of a JSON array as texts, null for those that are null; NULL where it is no JSON array. */
const jsonElements = (text: Sql): Sql =>
  sql`CASE WHEN json_valid(${text}) AND json_type(${text}) = 'ARRAY' THEN list_transform(CAST(${text} AS JSON[]), lambda list_item: json_extract_string(list_item, '$')) END`
