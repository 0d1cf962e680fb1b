import { type ColumnType, postgresql, type Sql, sql, type Type } from '@plumbline/core'
import type { TypedCell } from '../relations/typed-column.ts'

const { double } = postgresql.postgresqlLiterals

/** Families of types that are read alike. */
type Family = 'small-int' | 'bigint' | 'numeric' | 'float' | 'boolean' | 'text' | 'time' | 'zoned-time'

const FAMILIES: readonly (readonly [RegExp, Family])[] = [
  [/^(smallint|integer)$/, 'small-int'],
  [/^bigint$/, 'bigint'],
  [/^numeric$/, 'numeric'],
  [/^(real|double precision)$/, 'float'],
  [/^boolean$/, 'boolean'],
  [/^(text|character varying|character|name|uuid|json|jsonb|citext|enum)$/, 'text'],
  [/^(date|timestamp without time zone)$/, 'time'],
  [/^timestamp with time zone$/, 'zoned-time'],
]

const familyOf = (type: string): Family | undefined => FAMILIES.find(([pattern]) => pattern.test(type))?.[1]

/**
 * Reads the stored cells `raw` of a type of PostgreSQL as a declared column, by the rules of `typedCell` for files: nothing is
 * lost (3.7 is no integer, 3.0 is), what cannot be read is NULL and a misfit, NaN is missing. No cast raises for any cell.
 * Undefined where the type is one that no cell can be read from.
 */
export function postgresqlTypedCell(
  raw: Sql,
  sourceType: string,
  columnType: ColumnType,
  type: Type,
): TypedCell | undefined {
  if (columnType === 'list') return listCell(raw, sourceType, type)
  const family = familyOf(sourceType)
  if (family === undefined) return undefined
  const kind = columnType === 'category' ? type.kind : columnType
  switch (kind) {
    case 'integer':
    case 'int':
      return integerCell(raw, family, sourceType)
    case 'number':
      return numberCell(raw, family)
    case 'boolean':
    case 'bool':
      return booleanCell(raw, family)
    case 'timestamp':
      return timeCell(raw, family)
    case 'text':
    case 'string':
      return textCell(raw, family)
    default:
      return undefined
  }
}

const attempt = (raw: Sql, cell: Sql): TypedCell => ({ cell, misfit: sql`(${raw} IS NOT NULL AND (${cell}) IS NULL)` })
const nan = sql`'NaN'`
/** As `attempt`, of numbers: NaN is missing and no misfit. */
const attemptNumber = (raw: Sql, cell: Sql): TypedCell => ({
  cell,
  misfit: sql`(${raw} IS NOT NULL AND ${raw} <> ${nan} AND (${cell}) IS NULL)`,
})
const never = (raw: Sql, type: Sql): TypedCell => ({
  cell: sql`CAST(NULL AS ${type})`,
  misfit: sql`(${raw} IS NOT NULL)`,
})

/** A text without the white space around it that files may have, too. */
const trimmed = (raw: Sql): Sql => sql`btrim(CAST(${raw} AS text), E' \\t\\n\\r\\f\\v')`

const bigint = sql`bigint`
const LEAST = sql`-9223372036854775808`
const BEYOND = sql`9223372036854775808`

function integerCell(raw: Sql, family: Family, sourceType: string): TypedCell {
  switch (family) {
    case 'small-int':
    case 'bigint':
      return { cell: sourceType === 'bigint' ? raw : sql`CAST(${raw} AS bigint)` }
    case 'numeric':
      return attemptNumber(
        raw,
        sql`CASE WHEN ${raw} >= ${LEAST} AND ${raw} < ${BEYOND} THEN CASE WHEN ${raw} = trunc(${raw}) THEN CAST(${raw} AS bigint) END END`,
      )
    case 'float':
      return attemptNumber(
        raw,
        sql`CASE WHEN ${raw} >= ${double(-(2 ** 63))} AND ${raw} < ${double(2 ** 63)} THEN CASE WHEN ${raw} = trunc(CAST(${raw} AS double precision)) THEN CAST(${raw} AS bigint) END END`,
      )
    case 'text': {
      const digits = sql`regexp_replace(${trimmed(raw)}, '[.]0*$', '')`
      const shaped = sql`${trimmed(raw)} COLLATE "C" ~ '^[+-]?[0-9]+([.]0*)?$'`
      return attempt(raw, sql`CASE WHEN ${shaped} THEN ${postgresql.intOfText(digits)} END`)
    }
    default:
      return never(raw, bigint)
  }
}

/** An integer as float64, NULL where float64 does not hold it: 2^53 + 1 read as 2^53 would be another number. */
const exactDouble = (integer: Sql): Sql =>
  sql`CASE WHEN ${integer} BETWEEN -9007199254740992 AND 9007199254740992 THEN CAST(${integer} AS double precision) WHEN CAST(${integer} AS double precision) < ${double(2 ** 63)} THEN CASE WHEN CAST(CAST(${integer} AS double precision) AS bigint) = ${integer} THEN CAST(${integer} AS double precision) END END`

function numberCell(raw: Sql, family: Family): TypedCell {
  switch (family) {
    case 'small-int':
      return { cell: sql`CAST(${raw} AS double precision)` }
    case 'bigint':
      return attempt(raw, exactDouble(raw))
    case 'numeric':
      // Beyond float64 a cast raises; what is finer than it can tell from 0 is 0.
      return attemptNumber(
        raw,
        sql`CASE WHEN ${raw} = ${nan} THEN NULL WHEN abs(${raw}) <= 1e308 THEN CASE WHEN abs(${raw}) >= 1e-307 THEN CAST(${raw} AS double precision) ELSE ${double(0)} END END`,
      )
    case 'float':
      return { cell: sql`NULLIF(CAST(${raw} AS double precision), double precision 'NaN')` }
    case 'text': {
      const word = sql`lower(${trimmed(raw)})`
      const special = sql`CASE ${word} WHEN 'inf' THEN ${double(Infinity)} WHEN '+inf' THEN ${double(Infinity)} WHEN 'infinity' THEN ${double(Infinity)} WHEN '-inf' THEN ${double(-Infinity)} WHEN '-infinity' THEN ${double(-Infinity)} END`
      const spelled = sql`regexp_replace(regexp_replace(regexp_replace(${word}, '^([+-]?)[.]', '\\10.'), '[.](e|$)', '\\1'), '^[+-]?nan$', '')`
      const cell = sql`coalesce(${special}, ${postgresql.doubleOfText(spelled)})`
      const wholes = sql`${word} COLLATE "C" ~ '^[+-]?[0-9]{16,}$'`
      const exact = sql`CASE WHEN ${wholes} THEN CASE WHEN (${postgresql.intOfText(word)}) IS NOT NULL THEN ${exactDouble(postgresql.intOfText(word))} END ELSE ${cell} END`
      return {
        cell: exact,
        misfit: sql`(${raw} IS NOT NULL AND ${word} COLLATE "C" !~ '^[+-]?nan$' AND (${exact}) IS NULL)`,
      }
    }
    default:
      return never(raw, sql`double precision`)
  }
}

function booleanCell(raw: Sql, family: Family): TypedCell {
  const digit = sql`CASE WHEN ${raw} = 0 THEN false WHEN ${raw} = 1 THEN true END`
  switch (family) {
    case 'boolean':
      return { cell: raw }
    case 'small-int':
    case 'bigint':
      return attempt(raw, digit)
    case 'numeric':
    case 'float':
      return attemptNumber(raw, digit)
    case 'text': {
      const word = sql`lower(${trimmed(raw)}) COLLATE "C"`
      return attempt(
        raw,
        sql`CASE WHEN ${word} IN ('false', '0', '0.0') THEN false WHEN ${word} IN ('true', '1', '1.0') THEN true END`,
      )
    }
    default:
      return never(raw, sql`boolean`)
  }
}

function timeCell(raw: Sql, family: Family): TypedCell {
  // ±infinity is no instant.
  const finite = (time: Sql): Sql => sql`CASE WHEN isfinite(${raw}) THEN ${time} END`
  switch (family) {
    case 'time':
      return attempt(raw, finite(sql`CAST(${raw} AS timestamp)`))
    case 'zoned-time':
      return attempt(raw, finite(sql`(${raw} AT TIME ZONE 'UTC')`))
    case 'text':
      return attempt(raw, timeOfText(trimmed(raw)))
    default:
      return never(raw, sql`timestamp`)
  }
}

/** An instant as ISO 8601 writes it, with or without time and offset; the day has to be one of its month, so that no cast raises. */
function timeOfText(text: Sql): Sql {
  const year = '(000[1-9]|00[1-9][0-9]|0[1-9][0-9][0-9]|[1-9][0-9]{3})'
  const clock =
    '([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?([zZ]|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?)?'
  const shape = postgresql.postgresqlLiterals.text(`^${year}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])${clock}$`)
  const first = sql`make_date(CAST(left(${text}, 4) AS integer), CAST(substr(${text}, 6, 2) AS integer), 1)`
  const days = sql`extract(day FROM ${first} + interval '1 month' - interval '1 day')`
  return sql`CASE WHEN ${text} COLLATE "C" ~ ${shape} THEN CASE WHEN CAST(substr(${text}, 9, 2) AS integer) <= ${days} THEN CAST(${text} AS timestamp with time zone) AT TIME ZONE 'UTC' END END`
}

function textCell(raw: Sql, family: Family): TypedCell {
  if (family === 'boolean')
    return { cell: sql`CASE WHEN ${raw} THEN 'true' WHEN NOT ${raw} THEN 'false' END COLLATE "C"` }
  return { cell: sql`CAST(${raw} AS text) COLLATE "C"` }
}

/** The arrays whose elements are those of a list without a cast; a list with a missing element is a misfit as a whole. */
const ARRAYS: Readonly<Record<string, { readonly from: RegExp; readonly type: Sql }>> = {
  int: { from: /^(smallint|integer|bigint)\[\]$/, type: sql`bigint[]` },
  double: { from: /^(smallint|integer|real|double precision)\[\]$/, type: sql`double precision[]` },
  bool: { from: /^boolean\[\]$/, type: sql`boolean[]` },
  string: { from: /^(text|character varying|uuid)\[\]$/, type: sql`text[]` },
}

function listCell(raw: Sql, sourceType: string, type: Type): TypedCell | undefined {
  const array = type.kind === 'list' ? ARRAYS[type.element.kind] : undefined
  if (array === undefined || !array.from.test(sourceType)) return undefined
  const plain = sql`array_position(${raw}, NULL) IS NULL AND coalesce(array_ndims(${raw}), 1) = 1`
  const whole =
    type.kind === 'list' && type.element.kind === 'double' ? sql`${plain} AND NOT ('NaN' = ANY (${raw}))` : plain
  return attempt(raw, sql`CASE WHEN ${whole} THEN CAST(${raw} AS ${array.type}) END`)
}
