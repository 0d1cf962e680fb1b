import type { Row, Table } from './case.ts'

/** Tables of one to `most` rows with these cells, rows in no order. */
export function tablesOf(values: Readonly<Record<string, readonly Row[string][]>>, most: number): readonly Table[] {
  let rows: readonly Row[] = [{}]
  for (const [name, all] of Object.entries(values))
    rows = rows.flatMap((row) => all.map((cell) => ({ ...row, [name]: cell })))
  const found: Table[] = []
  const add = (table: Table, from: number): void => {
    if (table.length > 0) found.push(table)
    if (table.length < most) for (let i = from; i < rows.length; i++) add([...table, rows[i] as Row], i)
  }
  add([], 0)
  return found
}
