import { formatTimestamp, type Measured, type Type, type Value } from '@plumbline/core'
import type { Cell } from '../duckdb/session.ts'

/** A cell as evidence shows it: safe integers as numbers, timestamps as RFC 3339 text in UTC. */
export function measuredCell(cell: Cell, type: Type): Measured {
  if (cell === null) return null
  if (type.kind === 'timestamp' && typeof cell === 'bigint') return formatTimestamp(cell)
  if (typeof cell === 'bigint') {
    const number = Number(cell)
    return Number.isSafeInteger(number) ? number : cell
  }
  return cell
}

/** A cell as the reference evaluator reads it; null = missing. */
export function valueOfCell(cell: Cell, type: Type): Value | null {
  if (cell === null) return null
  switch (type.kind) {
    case 'int':
      return typeof cell === 'string' ? cell : BigInt(cell)
    case 'double':
      return Number(cell)
    case 'timestamp':
      return { timestamp: BigInt(cell) }
    case 'duration':
      return { duration: BigInt(cell) }
    default:
      return cell
  }
}
