import {
  compileRow,
  duckdbLiterals,
  duckdbSupport,
  duckdbTypes,
  type DuckdbOptions,
  endsInMissing,
  type Expr,
  identifier,
  type Implementation,
  type List,
  literalOf,
  type Sql,
  sql,
  type Value,
} from '@plumbline/core'
import { openSession, type Session } from '../duckdb/session.ts'
import type { SqlCell } from './sql-database.ts'
import { type SqlEffort, sqlImplementation } from './sql-implementation.ts'

/** The target's own tables, in which a test plants a bug. */
export type DuckdbTables = Pick<DuckdbOptions, 'functions' | 'nodes'>

/** Why DuckDB cannot hold a cell: it holds UTF-8, and times between ±`LAST` microseconds. */
function cannotHold(cell: Value): string | undefined {
  if (typeof cell === 'string') return cell.isWellFormed() ? undefined : 'a text with half a surrogate pair is no UTF-8'
  if (typeof cell === 'object' && 'list' in cell)
    return (cell as List).list.map(cannotHold).find((reason) => reason !== undefined)
  if (typeof cell !== 'object' || !('timestamp' in cell)) return undefined
  const { timestamp } = cell as { readonly timestamp: bigint }
  return timestamp >= LEAST && timestamp <= LAST ? undefined : 'a time that DuckDB has no instant for'
}

const LAST = 2n ** 63n - 2n
/** 290309-12-22 BC. */
const LEAST = -9_223_372_022_400_000_000n

/** DuckDB over tables of rows, in a session of its own or of the caller. */
export function duckdbImplementation(
  session: Session,
  effort: SqlEffort = { folded: 1 },
  tables: DuckdbTables = {},
): Implementation {
  return sqlImplementation(
    {
      name: 'duckdb',
      support: (expr: Expr) => duckdbSupport(expr, tables.functions),
      cannotHold,
      value: (expr, { column }) => compileRow(expr, { ...tables, column }).value,
      endsInMissing: (expr, { column }) => endsInMissing(expr, { ...tables, column }),
      literal: (kind, cell) => duckdbLiterals.literal(literalOf({ kind }, cell)),
      list: (elements) => sql`[${elements}]`,
      types: duckdbTypes,
      identifier,
      cell: (stored, kind) => (kind === 'double' ? sql`CASE WHEN NOT isnan(${stored}) THEN ${stored} END` : stored),
      shown: (value) => value,
      query: (statement) => rowsOf(session, statement),
    },
    effort,
  )
}

/** An in-memory DuckDB on one thread, and how to close it. */
export async function openDuckdbImplementation(
  signal?: AbortSignal,
  effort?: SqlEffort,
): Promise<{ readonly implementation: Implementation; close(): void }> {
  const session = await openSession({ threads: 1, ...(signal === undefined ? {} : { signal }) })
  if (!session.ok) throw new Error(session.error.message)
  return { implementation: duckdbImplementation(session.value, effort), close: () => session.value.close() }
}

async function rowsOf(session: Session, statement: Sql): Promise<readonly (readonly SqlCell[])[]> {
  const found = await session.query(statement)
  if (!found.ok) throw new Error(found.error.message)
  const columns = [...found.value.columns.values()]
  return Array.from({ length: found.value.rows }, (_, row) => columns.map((cells) => cells[row] ?? null))
}
