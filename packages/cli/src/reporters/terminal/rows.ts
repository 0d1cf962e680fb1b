import type { Measured, Witness } from '@plumbline/core'
import { formatCell, plainText } from '@plumbline/report'
import type { Style } from '../../terminal/style.ts'
import { clip, pad, widthOf } from './layout.ts'

const MOST_ROWS = 5
const MOST_CELL = 28
const GAP = '  '

interface Column {
  readonly name: string
  readonly cells: readonly string[]
  readonly width: number
  readonly numbers: boolean
}

/** Failing rows as an aligned table of at most five rows, in `width` columns; columns that do not fit are named. */
export function rowTable(
  witnesses: readonly Witness[],
  failing: number,
  width: number,
  style: Style,
): readonly string[] {
  if (witnesses.length === 0) return []
  const shown = witnesses.slice(0, MOST_ROWS)
  const all = columnsOf(shown)
  const fitting: Column[] = []
  let used = 0
  for (const column of all) {
    const needed = column.width + (fitting.length === 0 ? 0 : GAP.length)
    if (used + needed > width && fitting.length > 0) break
    fitting.push({ ...column, width: Math.min(column.width, width) })
    used += needed
  }
  const left = all.slice(fitting.length).map(({ name }) => name)
  const line = (cell: (column: Column) => string): string =>
    fitting
      .map((column) => pad(cell(column), column.width, column.numbers ? 'left' : 'right'))
      .join(GAP)
      .trimEnd()
  const lines = [style.dim(line(({ name }) => name)), ...shown.map((_, i) => line(({ cells }) => cells[i] ?? ''))]
  const more = failing - shown.length
  const rest = [
    ...(more > 0 ? [`and ${more} more ${more === 1 ? 'row' : 'rows'}`] : []),
    ...(left.length > 0 ? [`not shown: ${left.join(', ')}`] : []),
  ]
  return rest.length === 0 ? lines : [...lines, style.dim(clip(`… ${rest.join('; ')}`, width))]
}

function columnsOf(witnesses: readonly Witness[]): readonly Column[] {
  const keys = namesOf(witnesses.map(({ key }) => key))
  const cells = namesOf(witnesses.map(({ cells }) => cells)).filter((name) => !keys.includes(name))
  const errors = witnesses.some(({ because }) => because !== 'false')
  return [
    column(
      'row',
      witnesses.map(({ row }) => row),
    ),
    ...keys.map((name) =>
      column(
        name,
        witnesses.map(({ key }) => own(key, name)),
      ),
    ),
    ...cells.map((name) =>
      column(
        name,
        witnesses.map(({ cells }) => own(cells, name)),
      ),
    ),
    ...(errors
      ? [
          column(
            'because',
            witnesses.map(({ because }) => because),
          ),
        ]
      : []),
  ]
}

function column(name: string, values: readonly (Measured | undefined)[]): Column {
  const title = clip(plainText(name), MOST_CELL)
  const cells = values.map((value) => clip(cellText(value), MOST_CELL))
  return {
    name: title,
    cells,
    width: Math.max(...[title, ...cells].map(widthOf)),
    numbers: values.every((value) => value === null || typeof value === 'number' || typeof value === 'bigint'),
  }
}

function cellText(value: Measured | undefined): string {
  if (value === undefined) return ''
  return plainText(formatCell(value))
}

function namesOf(records: readonly Readonly<Record<string, Measured>>[]): readonly string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))]
}

function own(record: Readonly<Record<string, Measured>>, name: string): Measured | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
