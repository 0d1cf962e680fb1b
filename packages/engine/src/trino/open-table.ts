import { identifier, type ProgramColumn, sql } from '@plumbline/core'
import type { HeldTable, TableRequest } from '../engines/held-table.ts'
import { missingColumn, type TableCell, tableCells } from '../engines/table-cells.ts'
import { stepsWithin, storedName } from '../relations/nested-cell.ts'
import { found, type Read, type ReadFailure } from '../relations/failure.ts'
import { rowDigest } from './row-digest.ts'
import type { Database } from '../engines/database.ts'
import { type FoundTable, type TableColumn, tableColumns } from './table-columns.ts'
import { trinoText, trinoTypedCell } from './typed-cell.ts'

/** Opens a table: finds it, types the cells that are read, and tells which rows it has. */
export async function openTable(session: Database, request: TableRequest): Promise<Read<HeldTable>> {
  const { dataset } = request
  const table = await tableColumns(session, dataset)
  if (!table.ok) return table
  const digest = await rowDigest(session, dataset, table.value)
  if (!digest.ok) return digest
  const { columns, failures, projection } = tableCells(request, cellOf(table.value, request))
  const { from } = table.value
  const names = table.value.columns.map(({ name }) => name)
  const declared = new Set(dataset.columns.map(storedName))
  return found({
    digest: digest.value,
    open: {
      from: sql`(SELECT ${projection} FROM ${from}) AS "table_rows"`,
      // A table has no order: these are places in the order in which its rows come.
      numbered: sql`(SELECT ${projection}, row_number() OVER () AS "row" FROM ${from}) AS "table_rows"`,
      columnar: false,
      columns,
      failures,
      present: names,
      undeclared: names.filter((name) => !declared.has(name)),
    },
  })
}

function cellOf({ columns }: FoundTable, { dataset }: TableRequest) {
  return (column: ProgramColumn): TableCell | ReadFailure => {
    const { columnType, type } = column
    const name = storedName(column)
    const stored = columns.find((each) => each.name === name)
    if (stored === undefined)
      return missingColumn(
        name,
        dataset.source.table,
        columns.map((each) => each.name),
      )
    const steps = stepsWithin(column)
    if (steps.length > 0) return noInside(name)
    const typed = trinoTypedCell(identifier(stored.name), stored.type, columnType, type)
    if (typed === undefined) return unfitType(name, stored, columnType)
    const { cell, misfit } = typed
    const text = trinoText(identifier(stored.name), stored.type)
    return { cell, ...(misfit === undefined ? {} : { misfit: sql`CASE WHEN ${misfit} THEN ${text} END` }) }
  }
}

const noInside = (name: string): ReadFailure => ({
  reason: 'cast-failed',
  cause: `Values inside the column "${name}" are not read from Trino. Make a view that has the value in a column of its own.`,
})

const unfitType = (name: string, { type }: TableColumn, declared: string): ReadFailure => ({
  reason: 'cast-failed',
  cause: `The column "${name}" has the type ${type} of Trino, which cannot be read as ${declared}. Declare another type, or make a view that casts it.`,
})
