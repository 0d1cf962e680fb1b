import type { GuardCellKind, GuardColumn, RecordValue, Value } from '@plumbline/core'
import type { CellValue, Row } from '../falsify/domain.ts'

/** A cell of a request as the language reads it: its value (null = missing), or why it has none. */
export type CellReading =
  | { readonly kind: 'value'; readonly value: Value | null }
  | { readonly kind: 'wrong-type' }
  /** An integer beyond ±(2^53 − 1), which JSON readers round. */
  | { readonly kind: 'unsafe-integer' }

const value = (read: Value | null): CellReading => ({ kind: 'value', value: read })
const WRONG: CellReading = { kind: 'wrong-type' }
const UNSAFE: CellReading = { kind: 'unsafe-integer' }

/** Reads a cell of a request by the rules of docs/language.md, independently of the guard, which is held against this. */
export function readCell(kind: GuardCellKind, cell: CellValue | undefined): CellReading {
  if (cell === undefined || cell === null || Number.isNaN(cell)) return value(null)
  switch (kind) {
    case 'int':
      return integer(cell, (whole) => whole)
    case 'timestamp':
      return integer(cell, (timestamp) => ({ timestamp }))
    case 'double':
      return typeof cell === 'number' ? value(cell) : WRONG
    case 'bool':
      if (typeof cell === 'boolean') return value(cell)
      return cell === 0 || cell === 1 ? value(cell === 1) : WRONG
    case 'string':
      return typeof cell === 'string' && cell.isWellFormed() ? value(cell) : WRONG
  }
}

function integer(cell: CellValue, of: (whole: bigint) => Value): CellReading {
  if (typeof cell !== 'number' || !Number.isInteger(cell)) return WRONG
  return Number.isSafeInteger(cell) ? value(of(BigInt(cell))) : UNSAFE
}

/** A value of the language as a cell of a request; undefined where JSON cannot carry it exactly. */
export function cellOf(read: Value | null): CellValue | undefined {
  if (read === null || typeof read === 'boolean' || typeof read === 'string') return read
  if (typeof read === 'number') return Number.isFinite(read) ? read : undefined
  if (typeof read === 'bigint') return safe(read)
  return 'timestamp' in read ? safe(read.timestamp) : undefined
}

const safe = (whole: bigint): number | undefined => {
  const number = Number(whole)
  return Number.isSafeInteger(number) ? number : undefined
}

/** A record of the data as the fields of a request; undefined where a cell cannot be sent exactly. */
export function rowOf(columns: readonly GuardColumn[], record: RecordValue): Row | undefined {
  const row = new Map<string, CellValue>()
  for (const { name } of columns) {
    const cell = cellOf(record.get(name) ?? null)
    if (cell === undefined) return undefined
    row.set(name, cell)
  }
  return row
}
