/** Text from a file as it may be shown: one entry a code point, with the columns it takes in a terminal. */
export interface Cell {
  readonly shown: string
  readonly width: number
}

const TAB_STOP = 4

/**
 * The cells of one line. Tabs become spaces up to the next stop; control, bidirectional and other invisible characters
 * are written as `\u{…}`, because a spec is untrusted and must not steer the terminal or hide what it says.
 */
export function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = []
  let column = 0
  for (const character of line) {
    const cell = cellOf(character, column)
    cells.push(cell)
    column += cell.width
  }
  return cells
}

/** Text with everything invisible escaped, line breaks included; for messages and paths. */
export function visible(text: string): string {
  let shown = ''
  for (const character of text) shown += character === '\t' ? ' ' : cellOf(character, 0).shown
  return shown
}

function cellOf(character: string, column: number): Cell {
  if (character === '\t') {
    const width = TAB_STOP - (column % TAB_STOP)
    return { shown: ' '.repeat(width), width }
  }
  const code = character.codePointAt(0) ?? 0
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(character)) {
    const shown = `\\u{${code.toString(16)}}`
    return { shown, width: shown.length }
  }
  if (/\p{M}/u.test(character)) return { shown: character, width: 0 }
  return { shown: character, width: isWide(code) ? 2 : 1 }
}

/** Ranges of code points that take two columns (the common part of Unicode's East Asian Width W and F, and emoji). */
const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
]

function isWide(code: number): boolean {
  return WIDE.some(([first, last]) => code >= first && code <= last)
}
