import { sql } from '@plumbline/core'
import type { CatalogWords } from '../engines/catalog-columns.ts'
import type { TableColumn } from '../engines/table-dialect.ts'
import { conditionOf } from './failure.ts'

const MISSING = /^(TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND|CATALOG_NOT_FOUND|REQUIRES_SINGLE_PART_NAMESPACE)/
const FORBIDDEN = /PERMISSION|PRIVILEGE|FORBIDDEN|UNAUTHORIZED/

/** How Spark says what its tables are; names are compared exactly. */
export const sparkCatalog: CatalogWords = {
  describe: (table) => sql`DESCRIBE TABLE ${table}`,
  columnsOf({ columns }) {
    const cells = (column: string) => columns.get(column) ?? []
    const types = cells('data_type').map(String)
    // After the columns come partitions and other facts, under a line without a type.
    const end = types.findIndex((type, i) => type === '' || String(cells('col_name')[i]).startsWith('# '))
    return cells('col_name')
      .slice(0, end < 0 ? undefined : end)
      .map((name, i): TableColumn => ({ name: String(name), type: types[i] ?? '' }))
  },
  tables: (schema) => (schema === undefined ? sql`SHOW TABLES` : sql`SHOW TABLES IN ${schema}`),
  tableName: 'tableName',
  problem({ message }) {
    const condition = conditionOf(message) ?? ''
    if (MISSING.test(condition)) return 'missing'
    return FORBIDDEN.test(condition) ? 'forbidden' : undefined
  },
  hint: 'Names are compared exactly, case included.',
}
