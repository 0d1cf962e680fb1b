import { cellAt, type RequirementColumns } from './columns.ts'
import type { RequirementCollector } from './requirement-file.ts'

/** Adds one row of a table of requirements; a row without id is a problem, an empty one is nothing. */
export function addRow(
  into: RequirementCollector,
  columns: RequirementColumns,
  row: readonly string[],
  line: number | undefined,
): void {
  if (row.every((cell) => cell.trim() === '')) return
  const id = cellAt(row, columns.id)
  if (id === undefined) {
    into.problem('a row has no id', line)
    return
  }
  const text = cellAt(row, columns.text)
  const source = cellAt(row, columns.source)
  const owner = cellAt(row, columns.owner)
  into.add({
    id,
    says: cellAt(row, columns.says) ?? text ?? '',
    ...(text === undefined ? {} : { text }),
    ...(source === undefined ? {} : { source }),
    ...(owner === undefined ? {} : { owner }),
    ...(line === undefined ? {} : { line }),
  })
}
