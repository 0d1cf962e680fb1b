import type { ColumnProfile } from '@plumbline/core'
import type { CellStats } from './cell-stats.ts'
import type { FoundType } from './column-type.ts'

type Range = NonNullable<ColumnProfile['range']>
type Bound = Range[number]

/** Least and greatest of the type that was found, encoded as a profile has them. */
export function rangeOf({ type, times }: FoundType, stats: CellStats | undefined): Range | undefined {
  if (stats === undefined || stats.cells === 0) return undefined
  switch (type) {
    case 'integer':
      return [integer(stats.low.integer), integer(stats.high.integer)]
    case 'number':
      return [number(stats.low.number), number(stats.high.number)]
    case 'timestamp':
      return [time(times?.low ?? stats.low.timestamp), time(times?.high ?? stats.high.timestamp)]
    default:
      return undefined
  }
}

const integer = (cell: unknown): Bound => (typeof cell === 'bigint' || typeof cell === 'number' ? String(cell) : null)
const number = (cell: unknown): Bound => (typeof cell === 'number' && Number.isFinite(cell) ? cell : null)

/** RFC 3339 has the years 0000 to 9999. */
function time(cell: unknown): Bound {
  if (typeof cell !== 'bigint') return null
  const date = new Date(Number(cell / 1000n))
  if (Number.isNaN(date.getTime())) return null
  const text = date.toISOString()
  return /^\d{4}-/.test(text) ? text : null
}
