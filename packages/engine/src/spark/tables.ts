import { identifier, sql } from '@plumbline/core'
import { catalogColumns } from '../engines/catalog-columns.ts'
import type { TableDialect } from '../engines/table-dialect.ts'
import { stepsWithin } from '../relations/nested-cell.ts'
import { rowHashes } from './row-hashes.ts'
import { sparkCatalog } from './table-columns.ts'
import { sparkTypedCell } from './typed-cell.ts'

/** How tables of Spark are found and read. */
export const sparkTables: TableDialect = {
  name: 'Spark',
  columns: (database, dataset) => catalogColumns(sparkCatalog, database, dataset),
  hashes: rowHashes,
  // Places in the parts of the table, each of which counts on from a number of its own.
  rowNumber: sql`monotonically_increasing_id() + 1L`,
  cell(stored, declared) {
    if (stepsWithin(declared).length > 0)
      return {
        reason: 'cast-failed',
        cause: `Values inside the column "${stored.name}" are not read from Spark. Make a view that has the value in a column of its own.`,
      }
    const raw = identifier(stored.name)
    const typed = sparkTypedCell(raw, stored.type, declared.columnType, declared.type)
    if (typed === undefined) return undefined
    const { cell, misfit } = typed
    return {
      cell,
      ...(misfit === undefined ? {} : { misfit: sql`CASE WHEN ${misfit} THEN ${sql`CAST(${raw} AS STRING)`} END` }),
    }
  },
}
