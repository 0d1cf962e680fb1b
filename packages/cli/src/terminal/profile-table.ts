import { cellsOf, type ColumnProfile, type DataProfile } from '@plumbline/core'
import type { Style } from './style.ts'

const MOST_COLUMNS = 40
const LONGEST_NAME = 32

/** The columns of a profile as a short table: name, type, what was seen, missing share. Ends with a line break. */
export function profileTable(profile: DataProfile, style: Style): string {
  const shown = profile.columns.slice(0, MOST_COLUMNS)
  const names = shown.map(({ name }) => cut(name))
  const width = Math.max(...names.map(({ columns }) => columns), 0)
  const lines = shown.map((column, i) => {
    const name = names[i] ?? { text: '', columns: 0 }
    const key = profile.keys[0] === column.name ? 'key' : ''
    const seen = [key, valuesSeen(column, profile.rows), missing(column, profile.rows)]
      .filter((part) => part !== '')
      .join(', ')
    const doubt = column.doubts.length === 0 ? '' : style.yellow(seen === '' ? '?' : '  ?')
    return `  ${name.text}${' '.repeat(width - name.columns)}  ${column.type.padEnd(9)}  ${style.dim(seen)}${doubt}\n`
  })
  const more = profile.columns.length - shown.length
  return lines.join('') + (more > 0 ? style.dim(`  … and ${more} more\n`) : '')
}

function valuesSeen({ range, values, distinct, type }: ColumnProfile, rows: number): string {
  if (values !== undefined) return `${values.length} value${values.length === 1 ? '' : 's'}`
  if (range !== undefined) {
    const [low, high] = range.map((bound) => (bound === null ? '' : short(bound)))
    return low === high ? `${low}` : `${low} … ${high}`
  }
  return type === 'text' ? `about ${Math.min(distinct, rows)} distinct` : ''
}

function short(bound: number | string): string {
  if (typeof bound === 'number') return String(Number(bound.toPrecision(6)))
  return /^\d{4}-/.test(bound) ? bound.slice(0, 10) : bound
}

function missing({ missing: cells }: ColumnProfile, rows: number): string {
  if (cells === 0) return ''
  const percent = (100 * cells) / rows
  return `${percent < 0.1 ? '< 0.1' : percent.toFixed(1)} % missing`
}

/** A name in the columns a terminal gives it, without anything that could steer the terminal. */
function cut(name: string): { readonly text: string; readonly columns: number } {
  let text = ''
  let columns = 0
  for (const cell of cellsOf(name)) {
    if (columns + cell.width > LONGEST_NAME - 1) return { text: `${text}…`, columns: columns + 1 }
    text += cell.shown
    columns += cell.width
  }
  return { text, columns }
}
