import { sql } from '@plumbline/core'
import type { CatalogWords } from '../engines/catalog-columns.ts'
import type { TableColumn } from '../engines/table-dialect.ts'

const MISSING = /^\[(TABLE_NOT_FOUND|SCHEMA_NOT_FOUND|CATALOG_NOT_FOUND|NOT_FOUND|MISSING_(CATALOG|SCHEMA)_NAME)\]/

/** How Trino says what its tables are. */
export const trinoCatalog: CatalogWords = {
  describe: (table) => sql`SHOW COLUMNS FROM ${table}`,
  columnsOf({ columns }) {
    const cells = (column: string) => (columns.get(column) ?? []).map(String)
    const types = cells('Type')
    return cells('Column').map((name, i): TableColumn => ({ name, type: types[i] ?? '' }))
  },
  tables: (schema) => (schema === undefined ? sql`SHOW TABLES` : sql`SHOW TABLES FROM ${schema}`),
  tableName: 'Table',
  problem({ message }) {
    if (MISSING.test(message)) return 'missing'
    return message.startsWith('[PERMISSION_DENIED]') ? 'forbidden' : undefined
  },
  hint: 'Write catalog.schema.table, or catalog and schema in the address.',
}
