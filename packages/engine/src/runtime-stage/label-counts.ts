import { type Host, identifier, integerLiteral, type Program, sql, type TimeWindow, windowAt } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { found, type Read } from '../relations/failure.ts'
import { sourceFiles } from '../relations/source-files.ts'
import type { LabelShelf } from '../requests/label-shelf.ts'
import { stampOf } from '../requests/label-source.ts'
import { arrivedLabels } from '../requests/labels.ts'
import { amongRows } from '../requests/read-request-rows.ts'
import { readSegments } from '../requests/read-segments.ts'
import type { DeclaredRequests } from '../requests/request-columns.ts'
import { notRead } from '../requests/request-summary.ts'
import { withLabels } from '../requests/request-table.ts'
import { spanOf } from './arrivals.ts'
import { SERVED_ROWS, VERSION, versionOf } from './versions.ts'

/** How many labels the rows of a version in a window have. */
export interface LabelCount {
  readonly window: TimeWindow
  readonly version: string | null
  readonly served: number
  readonly labelled: number
  /** Changes with the labels, also where their number stays; the same labels have the same mark on one machine only. */
  readonly mark: string
}

/** The labels of many windows at one instant. */
export interface LabelCounts {
  readonly counts: readonly LabelCount[]
  /** The file names labels that have yet to arrive: they do so without a change of the file. */
  readonly later: boolean
}

/** What is counted. */
export interface LabelCountsRequest {
  readonly host: Host
  readonly session: Session
  readonly program: Program
  readonly root: string
  /** The log's directory. */
  readonly log: string
  readonly declared: DeclaredRequests
  /** Where the labels are kept between readings. */
  readonly shelf: LabelShelf
  /** The span of time whose windows are counted. */
  readonly window: TimeWindow
  readonly width: number
  readonly now: number
}

/** Names the tables of labels, apart from those of windows that are read. */
const ORDINAL = 1_000_000_000

/** Counts the labels of all windows of a width in a span of time, by version. Of the log only what joins them is read. */
export async function countLabels(request: LabelCountsRequest): Promise<Read<LabelCounts>> {
  const { host, session, root, log, window, now, shelf } = request
  const { labels } = request.program.monitor ?? {}
  const { label } = request.declared
  if (labels === undefined || label === undefined) return found({ counts: [], later: false })
  const joined = request.declared.request.filter(({ name }) => labels.join.includes(name))
  const declared = { ...request.declared, request: joined, answer: [] }
  const table = identifier('label_rows')
  const kept = { window, answeredBy: undefined }
  const read = await readSegments({ host, session, directory: log, declared, kept, table })
  if (!read.ok) return read
  const known = [...joined, ...declared.own]
  const columns = labels.join.flatMap((name) => known.filter((column) => column.name === name).slice(0, 1))
  const arrived = await arrivedLabels({
    session,
    root,
    labels,
    columns,
    label,
    now,
    ordinal: ORDINAL,
    shelf,
    among: amongRows(table, declared),
  })
  if (!arrived.ok) return arrived
  const span = spanOf(sql`epoch_us("_at")`, request.width)
  const until = sql`make_timestamp("span" + ${integerLiteral(BigInt(request.width + labels.within))})`
  const inTime = sql`("label" IS NOT NULL AND "label_at" <= ${until})`
  const counted = await session.query(
    sql`SELECT "span", ${VERSION}, count(*) AS "served", count_if(${inTime}) AS "labelled",
          CAST(coalesce(bit_xor(hash("_request_id", "_row", "label", "label_at")) FILTER (${inTime}), 0) AS VARCHAR) AS "mark"
        FROM (SELECT "_guard", "_request_id", "_row", "label", "label_at", ${span} AS "span", ${versionOf(span)} AS ${VERSION}
              FROM (${withLabels(table, declared, arrived.value)}))
        WHERE ${SERVED_ROWS} GROUP BY "span", ${VERSION} ORDER BY "span", ${VERSION}`,
  )
  for (const each of [table, arrived.value?.table])
    if (each !== undefined) await session.query(sql`DROP TABLE IF EXISTS ${each}`)
  if (!counted.ok) return notRead(counted.error)
  const cells = (name: string) => counted.value.columns.get(name) ?? []
  const counts = cells('span').map((at, i) => {
    const version = cells('version')[i] ?? null
    return {
      window: windowAt(request.width, Number(at)),
      version: version === null ? null : String(version),
      served: Number(cells('served')[i]),
      labelled: Number(cells('labelled')[i]),
      mark: String(cells('mark')[i]),
    }
  })
  return found({ counts, later: arrived.value?.later ?? false })
}

/** Changes whenever the file of labels may have; empty where there is none. */
export async function labelsStamp(root: string, source: string | undefined): Promise<string> {
  const files = source === undefined ? undefined : await sourceFiles(root, source)
  if (files?.ok !== true) return ''
  return stampOf(files.value)
}
