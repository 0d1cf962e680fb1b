import { identifier, join, type Sql, sql, textLiteral, type TimeWindow } from '@plumbline/core'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { OpenRelation } from '../relations/relation.ts'
import { SERVED } from './columns.ts'
import { type OpenRequests, requestsReader } from './open-requests.ts'
import type { RequestsReaderOptions } from './read-request-rows.ts'
import { notRead } from './request-summary.ts'

/** Which labelled requests, and where to. */
export interface LabelledRequest extends RequestsReaderOptions {
  /** By `_at`. */
  readonly window: TimeWindow
  /** Labels that arrived later are not seen; microseconds since 1970 UTC. Default: the end of the window. */
  readonly labelsBy?: number
  /** The Parquet file to write; absent = only count. Replaced if it is there. */
  readonly target?: string
  /** With fewer labelled rows nothing is written. */
  readonly leastRows?: number
}

/** What there was, and what was written. */
export interface LabelledRows {
  readonly served: number
  readonly labelled: number
  /** Rows by part; absent where nothing was written. */
  readonly written?: { readonly learn: number; readonly heldOut: number }
}

/** The column that says whether a row may be learned from. */
const PART = 'part'

/**
 * Writes the requests of a window that were answered and whose label has arrived: key, inputs, the label under its name,
 * and `part`. A row is `learn` where the second 32 bits of the MD5 of its key are even, else `held-out`: which of the two
 * depends on nothing but the key. Of several requests for one key the latest is taken. The same rows give the same bytes.
 */
export async function writeLabelled(request: LabelledRequest): Promise<Read<LabelledRows>> {
  const { window, labelsBy = window.to, target, leastRows = 1 } = request
  const opened = await requestsReader(request).open({ window, now: labelsBy })
  if (!opened.ok) return opened
  const { served, labelled } = opened.value.summary
  const counts = { served, labelled }
  if (target === undefined || labelled < leastRows) return found(counts)
  const written = await write(request, opened.value, target)
  await opened.value.close()
  return written.ok ? found({ ...counts, written: written.value }) : written
}

async function write(
  { session }: LabelledRequest,
  { declared, relation }: OpenRequests,
  target: string,
): Promise<Read<{ readonly learn: number; readonly heldOut: number }>> {
  const { label } = declared
  const rows = relation({ served: true, labelled: true })
  const failure = label === undefined ? undefined : rows.failures.get(label.name)
  if (failure !== undefined) return { ok: false, failure }
  if (label === undefined)
    return unreadable('column-missing', 'The champion declares no label, so no request can have one.')
  const names = [...declared.request.map(({ name }) => name), label.name]
  if (names.includes(PART))
    return unreadable('column-missing', `A column of the spec is called \`${PART}\`, as the one that is added.`)
  const table = identifier('labelled_requests')
  const made = await session.query(
    sql`CREATE OR REPLACE TEMP TABLE ${table} AS ${selectLatest(rows, names, label.name)}`,
  )
  if (!made.ok) return notRead(made.error)
  const copied = await session.query(
    sql`COPY (SELECT * EXCLUDE ("_place") FROM ${table} ORDER BY ALL)
        TO ${textLiteral(target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880, USE_TMP_FILE false)`,
  )
  if (!copied.ok)
    return unreadable('engine-failed', `The labelled requests could not be written: ${copied.error.cause}`)
  const counted = await session.query(
    sql`SELECT count_if("part" = 'learn') AS "learn", count_if("part" <> 'learn') AS "held" FROM ${table}`,
  )
  if (!counted.ok) return notRead(counted.error)
  const count = (name: string): number => Number(counted.value.columns.get(name)?.[0] ?? 0)
  return found({ learn: count('learn'), heldOut: count('held') })
}

/** One row a key: the latest that was answered and has a label. */
function selectLatest(rows: OpenRelation, names: readonly string[], label: string): Sql {
  const cellOf = (name: string): Sql => rows.columns.get(name)?.cell ?? sql`NULL`
  const keys = rows.key.length > 0 ? rows.key.map(cellOf) : [cellOf('_request_id'), sql`"_row"`]
  const key = join(keys, sql`, `)
  const text = join(
    keys.map((cell) => sql`CAST(${cell} AS VARCHAR)`),
    sql`, `,
  )
  const cells = join(
    names.map((name) => sql`${cellOf(name)} AS ${identifier(name)}`),
    sql`, `,
  )
  const part = sql`CASE WHEN CAST('0x' || substr(md5(concat_ws(chr(31), ${text})), 9, 8) AS BIGINT) % 2 = 0 THEN 'learn' ELSE 'held-out' END`
  const served = join(SERVED.map(textLiteral), sql`, `)
  return sql`SELECT ${cells}, ${part} AS "part",
      row_number() OVER (PARTITION BY ${key} ORDER BY "_at" DESC, "_request_id" DESC, "_row" DESC) AS "_place"
    FROM ${rows.from} WHERE "_guard" IN (${served}) AND ${cellOf(label)} IS NOT NULL QUALIFY "_place" = 1`
}
