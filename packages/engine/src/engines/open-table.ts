import { type ProgramColumn, sql } from '@plumbline/core'
import { deadPaths } from '../relations/dead-paths.ts'
import { notesOf } from '../relations/open-dataset.ts'
import { storedName } from '../relations/nested-cell.ts'
import { found, type Read, type ReadFailure } from '../relations/failure.ts'
import type { Database } from './database.ts'
import type { HeldTable, TableDatabase, TableRequest } from './held-table.ts'
import type { DatabaseSession } from './queued-session.ts'
import { rowDigest } from './row-digest.ts'
import { missingColumn, type TableCell, tableCells } from './table-cells.ts'
import type { FoundTable, TableDialect } from './table-dialect.ts'

/** A session of a database as one whose tables are relations. */
export const withTables = (session: DatabaseSession, dialect: TableDialect): TableDatabase => ({
  ...session,
  openTable: (request) => openTable(session, dialect, request),
  async digest(dataset) {
    const table = await dialect.columns(session, dataset)
    return table.ok ? rowDigest(session, dialect, dataset, table.value) : table
  },
})

/** Opens a table: finds it, types the cells that are read, and tells which rows it has. */
export async function openTable(
  database: Database,
  dialect: TableDialect,
  request: TableRequest,
): Promise<Read<HeldTable>> {
  const { dataset, glance } = request
  const table = await dialect.columns(database, dataset)
  if (!table.ok) return table
  const digest = glance === true ? found('unpinned') : await rowDigest(database, dialect, dataset, table.value)
  if (!digest.ok) return digest
  const { columns, failures, projection } = tableCells(request, cellOf(table.value, dialect, request))
  const { from, estimatedRows } = table.value
  const names = table.value.columns.map(({ name }) => name)
  const declared = new Set(dataset.columns.map(storedName))
  const rows = sql`(SELECT ${projection} FROM ${from}) AS "table_rows"`
  const places = glance === true ? undefined : dialect.places?.(table.value)
  const dead = places === undefined ? [] : await deadPaths(database, places, { from: rows, columns }, dataset.columns)
  return found({
    digest: digest.value,
    ...(estimatedRows === undefined ? {} : { estimatedRows }),
    open: {
      from: rows,
      ...notesOf([], dead),
      numbered: sql`(SELECT ${projection}, ${dialect.rowNumber} AS "row" FROM ${from}) AS "table_rows"`,
      columnar: false,
      columns,
      failures,
      present: names,
      undeclared: names.filter((name) => !declared.has(name)),
    },
  })
}

function cellOf({ columns }: FoundTable, dialect: TableDialect, { dataset: { source } }: TableRequest) {
  return (declared: ProgramColumn): TableCell | ReadFailure => {
    const name = storedName(declared)
    const stored = columns.find((each) => each.name === name)
    if (stored === undefined)
      return missingColumn(
        name,
        source.table,
        columns.map((each) => each.name),
      )
    if (stored.readable === false)
      return {
        reason: 'source-unreadable',
        cause: `The user of the engine "${source.engine.name}" may not read the column "${name}" of ${source.table}. Grant SELECT on it.`,
      }
    return (
      dialect.cell(stored, declared) ?? {
        reason: 'cast-failed',
        cause: `The column "${name}" has the type ${stored.type} of ${dialect.name}, which cannot be read as ${declared.columnType}. Declare another type, or make a view that casts it.`,
      }
    )
  }
}
