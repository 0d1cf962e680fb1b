import type { Measured, Type, Value } from '@plumbline/core'
import type { Cell } from '../duckdb/session.ts'

/** A cell as evidence shows it: safe integers as numbers, timestamps as RFC 3339 text in UTC. */
export function measuredCell(cell: Cell, type: Type): Measured {
  if (cell === null) return null
  if (type.kind === 'timestamp' && typeof cell === 'bigint') return timestampText(cell)
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

/** Microseconds since 1970 UTC as RFC 3339, with as many decimals as needed. */
export function timestampText(micros: bigint): string {
  const second = 1_000_000n
  const fraction = ((micros % second) + second) % second
  const date = new Date(Number((micros - fraction) / 1000n))
  const whole = Number.isNaN(date.getTime()) ? `${micros} µs` : date.toISOString().slice(0, -5)
  const decimals = fraction === 0n ? '' : `.${fraction.toString().padStart(6, '0').replace(/0+$/, '')}`
  return `${whole}${decimals}Z`
}
