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
import { columnsShown, isSensitive, shownRows, type Witnessed, witnessesOf } from './witnesses.ts'

/** Where failing rows are kept. */
export interface WitnessFolder {
  /** Absolute. */
  readonly path: string
  /** As evidence names it: from the project folder. */
  readonly name: string
}

/** Rows of one file at most. */
export const MOST_KEPT = 10_000

/** A file of failing rows, as evidence names it. */
export interface WitnessFile {
  readonly path: string
  readonly rows: number
  readonly digest: string
}

/** The table that holds the failing rows of the instance that is decided. */
const KEPT = identifier('failing_rows')

/**
 * The worst rows of an instance as witnesses, and more of them as Parquet, the worst first: position, key, and the columns that the clause
 * reads, as typed; of a type contract the texts that could not be read; sensitive ones masked. One file for each instance, which the next run
 * replaces; none where it could not be written: the rows in the evidence are what counts. The data is read once for both.
 */
export async function keepWitnesses(
  session: Session,
  scope: Scope,
  instance: Instance & { readonly clause: EveryClause },
  filter: RowFilter,
  limit: number,
  folder: WitnessFolder,
): Promise<{ readonly found: Witnessed; readonly file?: WitnessFile }> {
  const { clause } = instance
  const rows = shownRows(scope, clause, filter, Math.max(limit, MOST_KEPT), 'worst')
  const made = await session.query(sql`CREATE OR REPLACE TEMP TABLE ${KEPT} AS ${rows}`)
  if (!made.ok) return { found: made }
  // Rows of a table have the order in which they came.
  const shown = await session.query(sql`SELECT * FROM ${KEPT} ORDER BY rowid LIMIT ${integerLiteral(BigInt(limit))}`)
  const found = shown.ok ? witnessesOf(scope, clause, shown.value, 'worst') : shown
  const file = found.ok ? await witnessFile(session, scope, instance, folder) : undefined
  await session.query(sql`DROP TABLE ${KEPT}`)
  return file === undefined ? { found } : { found, file }
}

async function witnessFile(
  session: Session,
  scope: Scope,
  { clause, relation, slice }: Instance & { readonly clause: EveryClause },
  folder: WitnessFolder,
): Promise<WitnessFile | undefined> {
  const file = `${digestOf({ clause: clause.id, relation, slice: slice.name }).slice('sha256:'.length, 23)}.parquet`
  const path = joinPath(folder.path, file)
  // Parquet tells columns apart by case, and the engine that writes it does not.
  const taken = new Set(['_row'])
  const columns = columnsShown(scope, clause).map((name, at) => {
    const own = taken.has(name.toLowerCase()) ? `${name}_${taken.size}` : name
    taken.add(own.toLowerCase())
    return sql`${written(scope, clause, name, at)} AS ${identifier(own)}`
  })
  const rows = sql`SELECT ${join([sql`"row" AS "_row"`, ...columns], sql`, `)} FROM ${KEPT} ORDER BY rowid LIMIT ${integerLiteral(BigInt(MOST_KEPT))}`
  try {
    await mkdir(folder.path, { recursive: true })
  } catch {
    return undefined
  }
  const copied = await session.query(sql`COPY (${rows}) TO ${textLiteral(path)} (FORMAT parquet, COMPRESSION zstd)`)
  if (!copied.ok) return undefined
  const digest = await sourceDigest([{ path, name: file, size: 0, modifiedMs: 0 }])
  if (!digest.ok) return undefined
  return {
    path: `${folder.name}/${file}`,
    rows: Number(copied.value.columns.get('Count')?.[0] ?? 0),
    digest: digest.value.slice('bytes:'.length),
  }
}

/** What the file holds of the column that is shown at a place: see `shownRows`. */
function written(scope: Scope, { condition }: EveryClause, name: string, at: number): Sql {
  const [cell, misfit] = [identifier(`w${at}`), identifier(`t${at}`)]
  if (isSensitive(scope, name))
    return sql`CASE WHEN ${cell} IS NOT NULL OR ${misfit} IS NOT NULL THEN ${textLiteral(MASKED)} END`
  const asText = condition.kind === 'castable' && condition.column === name
  return asText && scope.column(name).misfit !== undefined ? misfit : cell
}
