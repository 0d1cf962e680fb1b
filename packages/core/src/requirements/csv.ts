import Papa from 'papaparse'
import { requirementColumns } from './columns.ts'
import type { RequirementCollector } from './requirement-file.ts'
import { addRow } from './table-row.ts'

/** Reads a table with a header: a column of ids, one of texts, and where they are there `source` and `owner`. */
export function readCsv(text: string, into: RequirementCollector): void {
  const { data, errors } = Papa.parse<readonly string[]>(text, { skipEmptyLines: 'greedy' })
  // One column has no delimiter to be found; that is no fault.
  for (const { message, row, code } of errors)
    if (code !== 'UndetectableDelimiter') into.problem(message, row === undefined ? undefined : row + 1)
  const [header, ...rows] = data
  const columns = header === undefined ? undefined : requirementColumns(header)
  if (columns === undefined) {
    into.problem('its header names no column `id` beside one of `says`, `title` or `text`', 1)
    return
  }
  rows.forEach((row, i) => addRow(into, columns, row, i + 2))
}
