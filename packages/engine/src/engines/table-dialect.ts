import type { ProgramColumn, Sql, TableDataset } from '@plumbline/core'
import type { Read, ReadFailure } from '../relations/failure.ts'
import type { NestedPlaces } from '../relations/dead-paths.ts'
import type { Database } from './database.ts'
import type { TableCell } from './table-cells.ts'

/** A column of a table, and its type as the database writes it. */
export interface TableColumn {
  readonly name: string
  readonly type: string
  /** Whether the user may read it; absent where the database does not say before it is read. */
  readonly readable?: boolean
}

/** A table or view as the catalog describes it. */
export interface FoundTable {
  readonly from: Sql
  /** In the order of the table. */
  readonly columns: readonly TableColumn[]
  /** Rows as the catalog estimates them; absent where it does not say. */
  readonly estimatedRows?: number
}

/** How the tables of one kind of database are found and read. */
export interface TableDialect {
  /** The name of the database, for messages. */
  readonly name: string
  /** Finds a table or view and its columns. */
  columns(database: Database, dataset: TableDataset): Promise<Read<FoundTable>>
  /** Hashes of all rows as texts, whatever their order, each an aggregate over some columns. */
  readonly hashes: (columns: readonly TableColumn[]) => readonly Sql[]
  /** The place of a row: a table has no order, so any that tells rows apart. */
  readonly rowNumber: Sql
  /** Reads a stored column as a declared one; undefined where no cell of its type can be. */
  readonly cell: (stored: TableColumn, declared: ProgramColumn) => TableCell | ReadFailure | undefined
  /** How it looks inside of cells; absent where no cell of a table has an inside. */
  readonly places?: (table: FoundTable) => NestedPlaces
}
