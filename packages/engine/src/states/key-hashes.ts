import {
  canonicalJson,
  digestBytes,
  digestOf,
  isDigest,
  join,
  parseCanonical,
  type Sql,
  sql,
  textLiteral,
} from '@plumbline/core'
import { pathList } from '../duckdb/paths.ts'
import type { Session } from '../duckdb/session.ts'
import type { Database } from '../engines/database.ts'
import { isSensitive } from '../plan/witnesses.ts'
import { type RowFilter, type Scope, where } from '../plan/scope.ts'
import type { StateFolder } from './state-folder.ts'

/** Rows of one file of which the hashes of a key are kept at most: some seven bytes each. */
export const MOST_KEYS = 4_000_000

/**
 * The hashes of the keys of one file's rows, 64 bits each: a Parquet file of the column `h`, ascending. Keys whose hashes differ differ. Keys
 * whose hashes are alike may be two: that is never decided here, but by reading the rows.
 */
export interface KeyHashes {
  readonly rows: number
  readonly digest: string
}

/** What is hashed. */
export interface HashedKeys {
  readonly scope: Scope
  readonly columns: readonly string[]
  /** The rows whose keys are hashed, and how many they are at most. */
  readonly filter: RowFilter
  readonly condition?: Sql
  readonly rows: number
}

/**
 * Keeps the hashes of a key; undefined where a column is sensitive (a hash of few possible values tells them), rows are many, or nothing can be
 * written.
 */
export async function keepKeyHashes(
  session: Database,
  { scope, columns, filter, condition, rows }: HashedKeys,
  folder: StateFolder,
): Promise<KeyHashes | undefined> {
  if (rows > MOST_KEYS || columns.length === 0 || columns.some((name) => isSensitive(scope, name))) return undefined
  const path = await folder.incoming()
  if (path === undefined) return undefined
  const cells = join(
    columns.map((name) => scope.column(name).cell),
    sql`, `,
  )
  const from = sql`FROM ${scope.relation.from}${where(scope, filter, ...(condition === undefined ? [] : [condition]))}`
  const written = await session.query(
    sql`COPY (SELECT hash(${cells}) AS "h" ${from} ORDER BY "h") TO ${textLiteral(path)} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2)`,
  )
  const digest = written.ok ? await folder.keep(path) : undefined
  if (!written.ok || digest === undefined) return undefined
  return { rows: Number(written.value.columns.get('Count')?.[0]), digest }
}

/** Keys of several files, asked by the name of their question. */
export interface DistinctKeys {
  /** Whether all hashes in these files differ; false as well where one of them is not what was kept. */
  areDistinct(question: string, files: readonly KeyHashes[]): Promise<boolean>
}

/**
 * That all hashes of some files differ is kept as a fact, so that a new file is compared with them, and they not with each other; and where there
 * is no new one, nothing is read. `keeping: false` writes nothing.
 */
export function distinctKeys(session: Session, folder: StateFolder, keeping = true): DistinctKeys {
  return {
    async areDistinct(question, files) {
      const asked = files.filter(({ rows }) => rows > 0).map(({ digest }) => digest)
      // The same keys twice.
      if (new Set(asked).size < asked.length) return false
      const known = new Set(distinctIn(await folder.fact(question), question))
      const fresh = asked.filter((digest) => !known.has(digest))
      if (fresh.length === 0) return true
      const before = asked.filter((digest) => known.has(digest))
      const [news, olds] = [await placesOf(folder, fresh), await placesOf(folder, before)]
      if (news === undefined || olds === undefined) return false
      if (!(await noneAlike(session, news, olds))) return false
      if (keeping) await folder.keepFact(question, written(question, asked))
      return true
    },
  }
}

async function placesOf(folder: StateFolder, digests: readonly string[]): Promise<readonly string[] | undefined> {
  const places: string[] = []
  for (const digest of digests) {
    const place = await folder.kept(digest)
    if (place === undefined) return undefined
    places.push(place)
  }
  return places
}

const hashesIn = (paths: readonly string[]): Sql => sql`read_parquet(${pathList(paths)}, hive_partitioning=false)`

/** Whether no hash of the new files occurs twice in them, or in those from before. */
async function noneAlike(session: Session, news: readonly string[], olds: readonly string[]): Promise<boolean> {
  const within = await session.query(
    sql`SELECT count(*) AS "n", count(DISTINCT "h") AS "distinct" FROM ${hashesIn(news)}`,
  )
  if (!within.ok) return false
  const number = (name: string) => Number(within.value.columns.get(name)?.[0] ?? 0)
  if (number('n') !== number('distinct')) return false
  if (olds.length === 0) return true
  const between = await session.query(
    sql`SELECT count(*) AS "n" FROM ${hashesIn(olds)} WHERE "h" IN (SELECT "h" FROM ${hashesIn(news)})`,
  )
  return between.ok && Number(between.value.columns.get('n')?.[0] ?? 1) === 0
}

const SCHEMA = 'plumbline/distinct-keys/1'

function written(question: string, files: readonly string[]): string {
  const text = canonicalJson({ schema: SCHEMA, question: digestOf(question), files: files.toSorted() })
  return `${digestBytes(text)}\n${text}\n`
}

/** The files of a kept fact; none where it is not what was written, or of another question. */
function distinctIn(text: string | undefined, question: string): readonly string[] {
  const [digest, body = ''] = text?.split('\n') ?? []
  if (digest !== digestBytes(body)) return []
  const parsed = parseCanonical(body)
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return []
  const { schema, question: of, files } = parsed.value as Readonly<Record<string, unknown>>
  if (schema !== SCHEMA || of !== digestOf(question) || !Array.isArray(files)) return []
  return files.every(isDigest) ? files : []
}
