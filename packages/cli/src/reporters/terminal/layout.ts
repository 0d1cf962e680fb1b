import { cellsOf } from '@plumbline/core'
import { plainText } from '@plumbline/report'

/** Columns that a text takes in a terminal; the text must be plain already. */
export function widthOf(text: string): number {
  return cellsOf(text).reduce((sum, { width }) => sum + width, 0)
}

/** A text in at most `width` columns, `…` where it was cut. */
export function clip(text: string, width: number): string {
  const cells = cellsOf(text)
  if (cells.reduce((sum, cell) => sum + cell.width, 0) <= width) return text
  let kept = ''
  let room = Math.max(0, width - 1)
  for (const { shown, width: needed } of cells) {
    if (needed > room) break
    kept += shown
    room -= needed
  }
  return width < 1 ? '' : `${kept}…`
}

/** A text clipped to `width` columns and filled up to it, on the right or, for numbers, on the left. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const shown = clip(text, width)
  const fill = ' '.repeat(Math.max(0, width - widthOf(shown)))
  return side === 'left' ? `${fill}${shown}` : `${shown}${fill}`
}

/** A text in lines of at most `width` columns, broken at spaces; a word that is longer is broken where it must. */
export function wrap(text: string, width: number): readonly string[] {
  const room = Math.max(8, width)
  const lines: string[] = []
  let line = ''
  for (const word of plainText(text).split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (widthOf(joined) <= room) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (widthOf(line) > room) {
      const head = takeColumns(line, room)
      lines.push(head)
      line = line.slice(head.length)
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/** As many characters as fit, at least one. */
function takeColumns(text: string, width: number): string {
  let taken = ''
  let room = width
  for (const character of text) {
    const needed = widthOf(character)
    if (needed > room && taken !== '') break
    taken += character
    room -= needed
  }
  return taken
}
