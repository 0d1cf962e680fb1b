import { formatTimestamp, type Measured, shownImage, type Type, type Value } from '@plumbline/core'
import type { Cell } from '../engines/database.ts'

/** A cell as evidence shows it: safe integers as numbers, timestamps as RFC 3339 text in UTC. */
export function measuredCell(cell: Cell, type: Type): Measured {
  if (cell === null) return null
  if (type.kind === 'list') {
    const shown = elementsOf(String(cell), type.element).map((each) => measuredCell(each, type.element))
    return `[${shown.map((each) => (typeof each === 'string' ? JSON.stringify(each) : String(each))).join(', ')}]`
  }
  if (type.kind === 'image') return shownImage(String(cell))
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
    case 'list':
      return { list: elementsOf(String(cell), type.element).map((each) => valueOfCell(each, type.element) as Value) }
    default:
      return cell
  }
}

/** The elements of a list as `listText` writes it. */
function elementsOf(text: string, { kind }: Type): readonly Cell[] {
  if (kind === 'string') return JSON.parse(text) as readonly string[]
  const inner = text.slice(1, -1)
  if (inner === '') return []
  return inner.split(', ').map((each) => {
    if (kind === 'bool') return each === 'true'
    return kind === 'double' ? Number(each) : BigInt(each)
  })
}
