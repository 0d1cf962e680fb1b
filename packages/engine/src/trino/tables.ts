import { identifier, sql } from '@plumbline/core'
import { catalogColumns } from '../engines/catalog-columns.ts'
import type { TableDialect } from '../engines/table-dialect.ts'
import { stepsWithin } from '../relations/nested-cell.ts'
import { rowHashes } from './row-hashes.ts'
import { trinoCatalog } from './table-columns.ts'
import { trinoText, trinoTypedCell } from './typed-cell.ts'

/** How tables of Trino are found and read. */
export const trinoTables: TableDialect = {
  name: 'Trino',
  columns: (database, dataset) => catalogColumns(trinoCatalog, database, dataset),
  hashes: rowHashes,
  // Places in the order in which the rows come.
  rowNumber: sql`row_number() OVER ()`,
  cell(stored, declared) {
    if (stepsWithin(declared).length > 0)
      return {
        reason: 'cast-failed',
        cause: `Values inside the column "${stored.name}" are not read from Trino. Make a view that has the value in a column of its own.`,
      }
    const raw = identifier(stored.name)
    const typed = trinoTypedCell(raw, stored.type, declared.columnType, declared.type)
    if (typed === undefined) return undefined
    const { cell, misfit } = typed
    return {
      cell,
      ...(misfit === undefined ? {} : { misfit: sql`CASE WHEN ${misfit} THEN ${trinoText(raw, stored.type)} END` }),
    }
  },
}
