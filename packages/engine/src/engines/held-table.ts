import type { TableDataset } from '@plumbline/core'
import type { Read } from '../relations/failure.ts'
import type { OpenDataset } from '../relations/open-dataset.ts'
import type { Database } from './database.ts'

/** A table as opened: how its cells are read, and which rows it has now. */
export interface HeldTable {
  readonly open: OpenDataset
  /** `snapshot:…` of the rows, or `unpinned` where the spec asks for none. */
  readonly digest: string
  /** Rows as the catalog of the database estimates them; absent where it does not say. */
  readonly estimatedRows?: number
}

/** What to open. */
export interface TableRequest {
  readonly dataset: TableDataset
  /** Declared columns that are read at all. */
  readonly needed: ReadonlySet<string>
  /** Only looked at: no row is read, so there is no digest (`unpinned`), and nobody looks inside of cells. */
  readonly glance?: true
}

/** A database whose tables are relations; all it says is of one state of its rows, that of the first statement. */
export interface TableDatabase extends Database {
  openTable(request: TableRequest): Promise<Read<HeldTable>>
  /** The digest alone, as `openTable` gives it. */
  digest(dataset: TableDataset): Promise<Read<string>>
  /** Ends the connection; what still runs there is cancelled. */
  close(): Promise<void>
}
