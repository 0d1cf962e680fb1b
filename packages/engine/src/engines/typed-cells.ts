import type { ColumnType, Sql, Type } from '@plumbline/core'
import { sql } from '@plumbline/core'
import type { TypedCell } from '../relations/typed-column.ts'

/** Families of types that are read alike. */
export type Family = 'small-int' | 'bigint' | 'decimal' | 'float' | 'boolean' | 'text' | 'time' | 'zoned'

/** A type as a database writes it, and how its cells are read before all else. */
export interface FamilyOf {
  readonly pattern: RegExp
  readonly family: Family
  readonly read?: (stored: Sql, sourceType: string) => Sql
}

/** How a database says what reading a cell takes. */
export interface CellWords {
  readonly families: readonly FamilyOf[]
  readonly types: Readonly<Record<'int' | 'double' | 'bool' | 'time', Sql>>
  readonly double: (value: number) => Sql
  readonly whole: (value: bigint) => Sql
  readonly text: (value: string) => Sql
  readonly isNan: (number: Sql) => Sql
  /** A text without the white space (` \t\n\r\f\v`) around it that files may have, too. */
  readonly trimmed: (raw: Sql) => Sql
  readonly matches: (value: Sql, pattern: string) => Sql
  readonly intOfText: (text: Sql) => Sql
  readonly doubleOfText: (text: Sql) => Sql
  /** A number as an integer, which is anything that does not raise where it has none. */
  readonly toInt: (number: Sql) => Sql
  /** Whether a decimal, or a float64 within int64, is a whole number that `toInt` reads. */
  readonly isWhole: { readonly decimal: (raw: Sql) => Sql; readonly double: (number: Sql, int: Sql) => Sql }
  /** A cell of a family as a text. */
  readonly asText: (raw: Sql, family: Family) => Sql
  /** A time, or a time with an offset, as an instant. */
  readonly instant: (raw: Sql, family: 'time' | 'zoned') => Sql
  /** A text that `INSTANT` matches, in capitals and without white space, as an instant; NULL for a day that its month has not. */
  readonly instantOfText: (word: Sql) => Sql
  /** The arrays whose elements are those of a list without a loss. */
  readonly arrays: Readonly<Record<string, { readonly from: RegExp; readonly type: Sql }>>
  /** Whether every element of an array has a value (of floats: is no NaN). */
  readonly complete: (raw: Sql, cast: Sql, floats: boolean) => Sql
}

/** Reads a stored cell of a type of the database as a declared column; undefined where the type is one that no cell can be read from. */
export type ReadCell = (stored: Sql, sourceType: string, columnType: ColumnType, type: Type) => TypedCell | undefined

/** An instant as ISO 8601 writes it, with or without time and offset. */
const INSTANT =
  '\\A(000[1-9]|00[1-9][0-9]|0[1-9][0-9][0-9]|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?)?\\z'

const attempt = (raw: Sql, cell: Sql): TypedCell => ({ cell, misfit: sql`(${raw} IS NOT NULL AND (${cell}) IS NULL)` })
const never = (raw: Sql, type: Sql): TypedCell => ({
  cell: sql`CAST(NULL AS ${type})`,
  misfit: sql`(${raw} IS NOT NULL)`,
})

/**
 * Reads stored cells as declared columns by the rules of `typedCell` for files: nothing is lost (3.7 is no integer, 3.0 is), what
 * cannot be read is NULL and a misfit, NaN is missing. No cast raises for any cell.
 */
export function typedCells(words: CellWords): ReadCell {
  const { types, double, text, matches, trimmed, isNan, toInt } = words
  const replaced = (value: Sql, pattern: string, by: string): Sql =>
    sql`regexp_replace(${value}, ${text(pattern)}, ${text(by)})`
  const float64 = (value: Sql): Sql => sql`CAST(${value} AS ${types.double})`
  /** As `attempt`, of floats: NaN is missing and no misfit. */
  const attemptFloat = (raw: Sql, cell: Sql): TypedCell => ({
    cell,
    misfit: sql`(NOT ${isNan(raw)} AND ${raw} IS NOT NULL AND (${cell}) IS NULL)`,
  })

  function integer(raw: Sql, family: Family): TypedCell {
    switch (family) {
      case 'small-int':
        return { cell: sql`CAST(${raw} AS ${types.int})` }
      case 'bigint':
        return { cell: raw }
      case 'decimal':
        return attempt(raw, sql`CASE WHEN ${words.isWhole.decimal(raw)} THEN ${toInt(raw)} END`)
      case 'float': {
        const number = float64(raw)
        const within = sql`${number} >= ${double(-(2 ** 63))} AND ${number} < ${double(2 ** 63)}`
        return attemptFloat(
          raw,
          sql`CASE WHEN ${within} AND ${words.isWhole.double(number, toInt(number))} THEN ${toInt(number)} END`,
        )
      }
      case 'text': {
        const word = trimmed(raw)
        const digits = replaced(word, '[.]0*$', '')
        return attempt(
          raw,
          sql`CASE WHEN ${matches(word, '\\A[+-]?[0-9]+([.]0*)?\\z')} THEN ${words.intOfText(digits)} END`,
        )
      }
      default:
        return never(raw, types.int)
    }
  }

  /** An integer as float64, NULL where float64 does not hold it: 2^53 + 1 read as 2^53 would be another number. */
  const exactDouble = (int: Sql): Sql =>
    sql`CASE WHEN ${int} BETWEEN ${words.whole(-(2n ** 53n))} AND ${words.whole(2n ** 53n)} THEN ${float64(int)} WHEN ${float64(int)} < ${double(2 ** 63)} AND ${toInt(float64(int))} = ${int} THEN ${float64(int)} END`

  function number(raw: Sql, family: Family): TypedCell {
    switch (family) {
      case 'small-int':
      case 'decimal':
        return { cell: float64(raw) }
      case 'bigint':
        return attempt(raw, exactDouble(raw))
      case 'float':
        return { cell: sql`CASE WHEN NOT ${isNan(raw)} THEN ${float64(raw)} END` }
      case 'text': {
        const word = sql`lower(${trimmed(raw)})`
        const infinite = sql`CASE WHEN ${matches(word, '\\A[+]?inf(inity)?\\z')} THEN ${double(Infinity)} WHEN ${matches(word, '\\A-inf(inity)?\\z')} THEN ${double(-Infinity)} END`
        const spelled = replaced(replaced(word, '^([+-]?)[.]', '$10.'), '[.](e|$)', '$1')
        const decimal = words.doubleOfText(spelled)
        const finite = sql`CASE WHEN abs(${decimal}) < ${double(Infinity)} THEN ${decimal} END`
        const int = words.intOfText(word)
        const cell = sql`CASE WHEN ${matches(word, '\\A[+-]?[0-9]{16,}\\z')} THEN CASE WHEN ${int} IS NOT NULL THEN ${exactDouble(int)} END ELSE coalesce(${infinite}, ${finite}) END`
        return {
          cell,
          misfit: sql`(${raw} IS NOT NULL AND NOT ${matches(word, '\\A[+-]?nan\\z')} AND (${cell}) IS NULL)`,
        }
      }
      default:
        return never(raw, types.double)
    }
  }

  function boolean(raw: Sql, family: Family): TypedCell {
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
        return never(raw, types.bool)
    }
  }

  function time(raw: Sql, family: Family): TypedCell {
    if (family === 'time' || family === 'zoned') return { cell: words.instant(raw, family) }
    if (family !== 'text') return never(raw, types.time)
    const word = sql`upper(${trimmed(raw)})`
    return attempt(raw, sql`CASE WHEN ${matches(word, INSTANT)} THEN ${words.instantOfText(word)} END`)
  }

  /** A list with a missing element is a misfit as a whole. */
  function list(raw: Sql, sourceType: string, type: Type): TypedCell | undefined {
    const array = type.kind === 'list' ? words.arrays[type.element.kind] : undefined
    if (type.kind !== 'list' || array === undefined || !array.from.test(sourceType)) return undefined
    const cast = sql`CAST(${raw} AS ${array.type})`
    const whole = words.complete(raw, cast, type.element.kind === 'double')
    return attempt(raw, sql`CASE WHEN ${whole} THEN ${cast} END`)
  }

  return (stored, sourceType, columnType, type) => {
    if (columnType === 'list') return list(stored, sourceType, type)
    const found = words.families.find(({ pattern }) => pattern.test(sourceType))
    if (found === undefined) return undefined
    const { family, read } = found
    const raw = read === undefined ? stored : read(stored, sourceType)
    switch (columnType === 'category' ? type.kind : columnType) {
      case 'integer':
      case 'int':
        return integer(raw, family)
      case 'number':
        return number(raw, family)
      case 'boolean':
      case 'bool':
        return boolean(raw, family)
      case 'timestamp':
        return time(raw, family)
      case 'text':
      case 'string':
        return { cell: words.asText(raw, family) }
      default:
        return undefined
    }
  }
}
