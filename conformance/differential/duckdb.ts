import type { Implementation } from '../../packages/core/src/fuzz/implementation.ts'
import { openSession } from '../../packages/engine/src/duckdb/session.ts'
import { duckdbImplementation, type DuckdbTables } from '../../packages/engine/src/fuzz/duckdb.ts'

/** A database in memory, and the target with other tables, in which a test plants a bug. */
export interface DuckdbRunner {
  with(tables?: DuckdbTables): Implementation
  close(): void
}

/**
 * Opens a database in memory. One thread: the machine runs other tests beside it. `folded`: rows of a batch whose cells
 * are also written into the statement.
 */
export async function openDuckdb(folded = 0): Promise<DuckdbRunner> {
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.message)
  return {
    with: (tables = {}) => duckdbImplementation(session.value, { folded }, tables),
    close: () => session.value.close(),
  }
}
