import Papa from 'papaparse'
import { shorten } from '../diagnostics/shorten.ts'
import { requirementColumns } from './columns.ts'
import type { RequirementCollector } from './requirement-file.ts'
import { addRow } from './table-row.ts'

/** Reads a table with a header: a column of ids, one of texts, and where they are there `source` and `owner`. */
export function readCsv(text: string, into: RequirementCollector): void {
  // Empty lines would be taken for rows of one column when the delimiter is looked for; they count as lines all the same.
  const { delimiter } = Papa.parse(text, { preview: 20, skipEmptyLines: 'greedy' }).meta
  const { data, errors } = Papa.parse<readonly string[]>(text, { delimiter })
  const lines = linesOf(data)
  // One column has no delimiter to be found; that is no fault.
  for (const { message, row, code } of errors)
    if (code !== 'UndetectableDelimiter') into.problem(message, row === undefined ? undefined : lines[row])
  const first = data.findIndex((row) => row.some((cell) => cell.trim() !== ''))
  const header = data[first]
  const columns = header === undefined ? undefined : requirementColumns(header)
  if (columns === undefined) {
    const found = header === undefined ? '' : ` (${shorten(header.map((name) => name.trim()).join(', '), 120)})`
    into.problem(
      `its header${found} names no column \`id\` beside one of \`says\`, \`title\` or \`text\``,
      lines[first] ?? 1,
    )
    return
  }
  if (!data.some((row, i) => i > first && row.some((cell) => cell.trim() !== '')))
    into.problem('it has a header and no row below it', lines[first] ?? 1)
  data.forEach((row, i) => {
    if (i > first) addRow(into, columns, row, lines[i])
  })
}

/** The line on which each row begins: a cell may hold line breaks. */
function linesOf(rows: readonly (readonly string[])[]): readonly number[] {
  let line = 1
  return rows.map((row) => {
    const begins = line
    line += 1 + row.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0)
    return begins
  })
}
