import type { TraceMatrix } from '@plumbline/core'
import { COLUMNS, rowsOf } from './rows.ts'

/** The matrix as CSV (RFC 4180), one row a question. A cell that a spreadsheet would take for a formula begins with `'`. */
export function matrixCsv(matrix: TraceMatrix): string {
  return [COLUMNS, ...rowsOf(matrix)].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
