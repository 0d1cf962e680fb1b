import { stats, type Value } from '@plumbline/core'
import type { Row } from './naive.ts'
import type { TestColumn } from './program-builder.ts'

/** The columns of every generated table. `t` says which table a row belongs to. */
export const tableColumns: readonly TestColumn[] = [
  { name: 't', type: 'integer' },
  { name: 'i', type: 'integer' },
  { name: 'j', type: 'integer' },
  { name: 'x', type: 'number' },
  { name: 'y', type: 'number' },
  { name: 'b', type: 'boolean' },
  { name: 'c', type: 'category', values: ['red', 'green', 'blue'] },
  { name: 'k', type: 'category', values: [1, 2, 3] },
  { name: 's', type: 'text' },
  { name: 'at', type: 'timestamp' },
]

const TEXTS = ['', 'a', 'Ä', '😀', '\uFFFF', 'a,b', 'say "hi"', "it's", 'line\nbreak', ' padded ', 'zz']
const EDGES = [-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n, 9007199254740993n]
const HOSTILE = [Infinity, -Infinity, -0, 5e-324, 1.7976931348623157e308, 1e200]

/** A table of 0 to 40 rows: how hostile it is differs from table to table. */
export function randomRows(table: number, random: stats.Random): Row[] {
  const count = random.int(8) === 0 ? random.int(3) : random.int(41)
  const nulls = [0, 0.1, 0.5, 1][random.int(4)] as number
  const hostile = random.int(4) === 0 ? 0.2 : 0
  const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T
  const maybe = (make: () => Value | null): Value | null => (random.float() < nulls ? null : make())
  const int = () => (random.float() < hostile ? pick(EDGES) : BigInt(random.int(11) - 5))
  const double = () =>
    random.float() < hostile ? pick(HOSTILE) : random.int(2) === 0 ? random.int(9) / 2 - 2 : random.normal()
  return Array.from({ length: count }, () => {
    return new Map<string, Value | null>([
      ['t', BigInt(table)],
      ['i', maybe(int)],
      ['j', maybe(int)],
      ['x', maybe(double)],
      ['y', maybe(double)],
      ['b', maybe(() => random.int(2) === 0)],
      ['c', maybe(() => pick(['red', 'green', 'blue', 'blue']))],
      ['k', maybe(() => BigInt(1 + random.int(3)))],
      // An empty text of a CSV file is a missing cell.
      ['s', maybe(() => pick(TEXTS) || null)],
      ['at', maybe(() => ({ timestamp: BigInt(random.int(2 ** 31)) * 1_000_003n }))],
    ])
  })
}

/** Rows as CSV with a header; NaN stands for missing in every third number, an empty field otherwise. */
export function csvOf(rows: readonly Row[]): string {
  const names = tableColumns.map((column) => column.name)
  let numbers = 0
  const field = (name: string, value: Value | null | undefined): string => {
    if (value === null || value === undefined) return (name === 'x' || name === 'y') && numbers++ % 3 === 0 ? 'NaN' : ''
    if (typeof value === 'object' && 'timestamp' in value)
      return new Date(Number(value.timestamp / 1000n))
        .toISOString()
        .replace('Z', `${String(value.timestamp % 1000n).padStart(3, '0')}Z`)
    if (typeof value === 'string') return `"${value.replaceAll('"', '""')}"`
    return Object.is(value, -0) ? '-0.0' : String(value)
  }
  return `${[names.join(','), ...rows.map((row) => names.map((name) => field(name, row.get(name))).join(','))].join('\n')}\n`
}
