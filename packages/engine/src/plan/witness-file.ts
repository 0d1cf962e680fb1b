import { mkdir } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import {
  digestOf,
  type EveryClause,
  identifier,
  type Instance,
  integerLiteral,
  join,
  MASKED,
  type Sql,
  sql,
  textLiteral,
} from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { sourceDigest } from '../relations/source-files.ts'
import type { RowFilter, Scope } from './scope.ts'
import { columnsShown, failingRows, isSensitive, worstFirst } from './witnesses.ts'

/** Where failing rows are kept. */
export interface WitnessFolder {
  /** Absolute. */
  readonly path: string
  /** As evidence names it: from the project folder. */
  readonly name: string
}

/** Rows of one file at most. */
export const MOST_KEPT = 10_000

/**
 * Writes failing rows of an instance as Parquet, the worst first: position, key, and the columns that the clause reads, as typed; of
 * a type contract the texts that could not be read; sensitive ones masked. One file for each instance, which the next run replaces. Undefined where it
 * could not be written: the rows in the evidence are what counts.
 */
export async function witnessFile(
  session: Session,
  scope: Scope,
  instance: Instance & { readonly clause: EveryClause },
  filter: RowFilter,
  folder: WitnessFolder,
): Promise<{ readonly path: string; readonly rows: number; readonly digest: string } | undefined> {
  const { clause, relation, slice } = instance
  const file = `${digestOf({ clause: clause.id, relation, slice: slice.name }).slice('sha256:'.length, 23)}.parquet`
  const path = joinPath(folder.path, file)
  const names = columnsShown(scope, clause)
  // Parquet tells columns apart by case, and the engine that writes it does not.
  const taken = new Set(['_row'])
  const columns = names.map((name) => {
    const own = taken.has(name.toLowerCase()) ? `${name}_${taken.size}` : name
    taken.add(own.toLowerCase())
    return sql`${shown(scope, clause, name)} AS ${identifier(own)}`
  })
  const rows = sql`SELECT ${join([sql`"row" AS "_row"`, ...columns], sql`, `)} FROM ${failingRows(scope, clause, filter)}${worstFirst(scope, clause)} LIMIT ${integerLiteral(BigInt(MOST_KEPT))}`
  try {
    await mkdir(folder.path, { recursive: true })
  } catch {
    return undefined
  }
  const written = await session.query(sql`COPY (${rows}) TO ${textLiteral(path)} (FORMAT parquet, COMPRESSION zstd)`)
  if (!written.ok) return undefined
  const digest = await sourceDigest([{ path, name: file, size: 0, modifiedMs: 0 }])
  if (!digest.ok) return undefined
  return {
    path: `${folder.name}/${file}`,
    rows: Number(written.value.columns.get('Count')?.[0] ?? 0),
    digest: digest.value.slice('bytes:'.length),
  }
}

function shown(scope: Scope, { condition }: EveryClause, name: string): Sql {
  const { cell, misfit } = scope.column(name)
  if (isSensitive(scope, name)) {
    const isThere =
      misfit === undefined ? sql`${cell} IS NOT NULL` : sql`(${cell} IS NOT NULL OR ${misfit} IS NOT NULL)`
    return sql`CASE WHEN ${isThere} THEN ${textLiteral(MASKED)} END`
  }
  const asText = condition.kind === 'castable' && condition.column === name
  return asText && misfit !== undefined ? misfit : cell
}
