import type { ColumnType, ScalarKind } from '../../expr/type.ts'
import type { Sql } from './sql.ts'

type OfOneKind = Exclude<ColumnType, 'category' | 'list'>

const KINDS: Readonly<Record<OfOneKind, ScalarKind>> = {
  integer: 'int',
  number: 'double',
  boolean: 'bool',
  text: 'string',
  image: 'string',
  timestamp: 'timestamp',
}

/** The type of a column, from those of cells and of a list; a category's depends on its codes, and a list's on its elements (`kind`). */
export function columnTypeOf(types: Readonly<Record<ScalarKind, Sql>>, listOf: (element: Sql) => Sql) {
  return (columnType: ColumnType, kind: ScalarKind): Sql => {
    if (columnType === 'list') return listOf(types[kind])
    return columnType === 'category' ? types[kind] : types[KINDS[columnType]]
  }
}
