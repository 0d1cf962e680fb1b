import type { Cell } from '../engines/database.ts'
import { listText } from '../engines/list-text.ts'

const whole = /^-?\d+$/

/** `2024-01-02 03:04:05.678 BC` as microseconds since 1970 UTC, exactly; DateStyle ISO, no time zone. */
export function microsOfText(text: string): bigint {
  const [, year = '', month, day, hour, minute, second, fraction = '', era] =
    /^(\d+)-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?( BC)?$/.exec(text) ?? []
  const date = new Date(0)
  date.setUTCFullYear(era === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day))
  date.setUTCHours(Number(hour), Number(minute), Number(second))
  return BigInt(date.getTime()) * 1000n + BigInt(fraction.padEnd(6, '0'))
}

type ArrayReader = { create(text: string, of: (element: string) => Cell): { parse(): readonly Cell[] } }

/** Reads the text of a value by the number of its type, as PostgreSQL's protocol names types. */
export function cellReaders(arrays: ArrayReader): (oid: number) => (text: string) => Cell {
  const boolean = (text: string): Cell => text === 't'
  const integer = (text: string): Cell => Number(text)
  const decimal = (text: string): Cell => (whole.test(text) ? BigInt(text) : Number(text))
  const text = (value: string): Cell => value
  const list = (of: (element: string) => Cell) => (value: string) => listText(arrays.create(value, of).parse())
  const readers: ReadonlyMap<number, (text: string) => Cell> = new Map([
    [16, boolean],
    [20, BigInt],
    [21, integer],
    [23, integer],
    [26, integer],
    [700, Number],
    [701, Number],
    [1700, decimal],
    [1114, microsOfText],
    [1000, list(boolean)],
    [1016, list(BigInt)],
    [1022, list(Number)],
    [1009, list(text)],
    [1115, list(microsOfText)],
  ])
  return (oid) => readers.get(oid) ?? text
}

/** The same for float64 columns: booleans are 0 and 1. */
export const numberReader = (oid: number): ((text: string) => number) =>
  oid === 16 ? (text) => (text === 't' ? 1 : 0) : Number
