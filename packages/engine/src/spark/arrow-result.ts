import type { Cell, Table } from '../engines/database.ts'
import { listText } from '../engines/list-text.ts'
import { type ArrowField, type ArrowVector, arrowColumn } from '../relations/arrow-columns.ts'

/** What is used of the package `apache-arrow`, an optional peer. */
export interface ArrowReading {
  tableFromIPC(stream: Uint8Array): {
    readonly schema: { readonly fields: readonly ArrowField[] }
    readonly batches: readonly { readonly numRows: number; getChildAt(index: number): ArrowVector | null }[]
  }
}

/** Loads the package; undefined where it is not installed. */
export async function loadArrowReading(): Promise<ArrowReading | undefined> {
  // Not a literal: the compiler need not find an optional package.
  const name: string = 'apache-arrow'
  return import(name).then((module: ArrowReading) => module).catch(() => undefined)
}

/** `Type` of the format (Schema.fbs). */
const DECIMAL = 7
const LIST = 12

const whole = /^-?\d+$/

function cellsOf(field: ArrowField, vector: ArrowVector): readonly Cell[] {
  if (field.type.typeId === LIST)
    return Array.from({ length: vector.length }, (_, i) => {
      const list = vector.get(i)
      return list === null ? null : listText([...(list as Iterable<Cell>)])
    })
  const column = arrowColumn(field)
  if (column.kind === 'unread')
    return Array.from({ length: vector.length }, (_, i) => {
      const cell = vector.get(i)
      return cell === null ? null : String(cell)
    })
  const cells = Array.from<Cell>(column.values(vector))
  if (field.type.typeId !== DECIMAL) return cells
  return cells.map((cell) => (cell === null ? null : whole.test(String(cell)) ? BigInt(cell) : Number(cell)))
}

/** Columns of a result, which came in several parts of several batches each. */
function columnsOf<T>(
  arrow: ArrowReading,
  parts: readonly Uint8Array[],
  read: (field: ArrowField, vector: ArrowVector) => T,
): { readonly names: readonly string[]; readonly rows: number; readonly pieces: readonly (readonly T[])[] } {
  let names: readonly string[] = []
  let rows = 0
  const pieces: T[][] = []
  for (const part of parts) {
    const { schema, batches } = arrow.tableFromIPC(part)
    names = schema.fields.map(({ name }) => name)
    for (const batch of batches) {
      rows += batch.numRows
      schema.fields.forEach((field, i) => {
        const vector = batch.getChildAt(i)
        if (vector === null) throw new Error(`The result has no column ${i}.`)
        pieces[i] ??= []
        pieces[i].push(read(field, vector))
      })
    }
  }
  return { names, rows, pieces }
}

/** A result as a table. */
export function tableOf(arrow: ArrowReading, parts: readonly Uint8Array[]): Table {
  const { names, rows, pieces } = columnsOf(arrow, parts, cellsOf)
  return { rows, columns: new Map(names.map((name, i) => [name, pieces[i]?.flat() ?? []])) }
}

/** The rows of a result, cells in the order asked, whatever they are called. */
export function rowsOf(arrow: ArrowReading, parts: readonly Uint8Array[]): readonly (readonly Cell[])[] {
  const { rows, pieces } = columnsOf(arrow, parts, cellsOf)
  const columns = pieces.map((piece) => piece.flat())
  return Array.from({ length: rows }, (_, row) => columns.map((column) => column[row] ?? null))
}

/** The columns of a result as float64; null is NaN, booleans are 0 and 1. */
export function numbersOf(arrow: ArrowReading, parts: readonly Uint8Array[]): readonly Float64Array[] {
  const { rows, pieces } = columnsOf(arrow, parts, (field, vector) =>
    Float64Array.from(cellsOf(field, vector), (cell) => (cell === null ? Number.NaN : Number(cell))),
  )
  return pieces.map((parted) => {
    const column = new Float64Array(rows)
    let at = 0
    for (const piece of parted) {
      column.set(piece, at)
      at += piece.length
    }
    return column
  })
}
