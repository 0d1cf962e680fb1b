import type { Cell, Table } from '../engines/database.ts'
import { listText } from '../engines/list-text.ts'

/** A column of a result, with its type as Trino writes it: `decimal(38,0)`. */
export interface ResultColumn {
  readonly name: string
  readonly type: string
}

/** A result as it came: rows of JSON, whole numbers beyond 2^53 as bigint. */
export interface TrinoResult {
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly (readonly unknown[])[]
}

/** JSON with whole numbers exact: those that float64 cannot hold become bigint. */
export function parseExact(text: string): unknown {
  const exact = (_: string, value: unknown, context?: { readonly source: string }): unknown =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? BigInt(context?.source ?? '')
      : value
  return JSON.parse(text, exact as (key: string, value: unknown) => unknown)
}

type Reading = (value: unknown) => Cell

const whole: Reading = (value) => BigInt(value as number | bigint | string)
const READINGS: readonly (readonly [RegExp, Reading])[] = [
  [/^(tinyint|smallint|integer|bigint|decimal\(\d+,0\))$/, whole],
  // NaN and the infinities come as texts.
  [/^(double|real|decimal\()/, Number],
  [/^boolean$/, (value) => value === true],
  [/^timestamp\(\d+\)$/, (value) => microsOf(String(value))],
]

/** `2024-02-29 12:00:00.123456` in UTC, and `+10000-…` or `-0001-…` beyond the years of four digits, to microseconds since 1970. */
function microsOf(text: string): bigint {
  const [, date = '', time = '', fraction = ''] = /^(.*) ([\d:]+)(?:\.(\d+))?$/.exec(text) ?? []
  const year = /^\d{4}-/.test(date) ? date : date.replace(/^([+-])(\d+)/, (_, sign, y) => sign + y.padStart(6, '0'))
  return BigInt(Date.parse(`${year}T${time}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
}

function readingOf(type: string): Reading {
  const element = /^array\((.*)\)$/.exec(type)?.[1]
  if (element !== undefined) {
    const read = orNull(readingOf(element))
    return (value) => listText((value as readonly unknown[]).map(read))
  }
  return READINGS.find(([pattern]) => pattern.test(type))?.[1] ?? String
}

const orNull =
  (read: Reading) =>
  (value: unknown): Cell =>
    value === null ? null : read(value)

/** The rows of a result, cells in the order asked. */
export function rowsOf({ columns, rows }: TrinoResult): readonly (readonly Cell[])[] {
  const readings = columns.map(({ type }) => orNull(readingOf(type)))
  return rows.map((row) => readings.map((read, i) => read(row[i] ?? null)))
}

/** A result as a table. */
export function tableOf(result: TrinoResult): Table {
  const rows = rowsOf(result)
  const columns = result.columns.map(({ name }, i) => [name, rows.map((row) => row[i] ?? null)] as const)
  return { rows: rows.length, columns: new Map(columns) }
}

/** The columns of a result as float64; null is NaN, booleans are 0 and 1. */
export function numbersOf(result: TrinoResult): readonly Float64Array[] {
  const rows = rowsOf(result)
  return result.columns.map((_, i) =>
    Float64Array.from(rows, (row) => ((row[i] ?? null) === null ? Number.NaN : Number(row[i]))),
  )
}
