import type { Cell } from './database.ts'

/** A list in one text: texts in it as JSON has them, numbers with all their digits. */
export const listText = (cells: readonly Cell[]): string =>
  `[${cells.map((cell) => (typeof cell === 'string' ? JSON.stringify(cell) : String(cell))).join(', ')}]`
