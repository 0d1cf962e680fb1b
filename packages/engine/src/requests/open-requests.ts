import { type Host, identifier, type Program, type Sql, sql, type TimeWindow } from '@plumbline/core'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import type { Session } from '../duckdb/session.ts'
import type { MetricCells } from '../metrics/measurer.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { OpenRelation } from '../relations/relation.ts'
import { type ArrivedLabels, arrivedLabels } from './labels.ts'
import { readSegments } from './read-segments.ts'
import { type DeclaredRequests, declaredRequests } from './request-columns.ts'
import { relationOf } from './request-relation.ts'
import type { RowsWanted } from './request-rows.ts'
import { misfitColumns, notRead, type RequestsSummary, summarize } from './request-summary.ts'
import { LABEL_CELLS, OWN_CELLS, tableColumns, withLabels } from './request-table.ts'
import { rowsDigest } from './window-digest.ts'

/** What the log is read with. */
export interface RequestsReaderOptions {
  readonly host: Host
  readonly session: Session
  readonly program: Program
  /** The project's directory, which the file of labels is inside of. */
  readonly root: string
  /** The log's directory. */
  readonly directory: string
}

/** Which rows are read. */
export interface RequestsRequest {
  /** By `_at`; absent = all that is there. */
  readonly window?: TimeWindow
  /** Only rows that this version answered: its full digest. Rows without an answer are no version's. */
  readonly answeredBy?: string
  /** Labels that arrived later are not seen. Microseconds since 1970 UTC. */
  readonly now: number
}

/** Rows of the log, read once: what is written, compacted or removed afterwards changes nothing in them. */
export interface OpenRequests {
  readonly declared: DeclaredRequests
  readonly summary: RequestsSummary
  /** The rows an instance is decided on; see `rowsWanted`. */
  relation(wanted: RowsWanted): OpenRelation
  /** Where metrics find label, decision and score. */
  readonly cells: MetricCells
  /** Frees what the rows take. */
  close(): Promise<void>
}

/** Reads windows of a log, one after another. */
export interface RequestsReader {
  open(request: RequestsRequest): Promise<Read<OpenRequests>>
}

/** A reader of the log of a program's requests. */
export function requestsReader(options: RequestsReaderOptions): RequestsReader {
  let opened = 0
  return {
    async open(request) {
      const declared = declaredRequests(options.program)
      if (declared === undefined) {
        return unreadable('model-missing', 'The spec declares no champion, so that there are no requests to read.')
      }
      return openRequests(options, request, declared, opened++)
    },
  }
}

async function openRequests(
  options: RequestsReaderOptions,
  request: RequestsRequest,
  declared: DeclaredRequests,
  ordinal: number,
): Promise<Read<OpenRequests>> {
  const { session } = options
  const labels = await labelsFor(options, request, declared, ordinal)
  const arrived = labels?.ok === true ? labels.value : undefined
  const table = identifier(`requests_${ordinal}`)
  const rows = identifier(`requests_read_${ordinal}`)
  const kept = { window: request.window, answeredBy: request.answeredBy }
  const { host, directory } = options
  const read = await readSegments({ host, session, directory, declared, kept, table: rows })
  if (!read.ok) return read
  const joined = await session.query(
    sql`CREATE OR REPLACE TEMP TABLE ${table} AS ${withLabels(rows, declared, arrived)}`,
  )
  if (!joined.ok) return notRead(joined.error)
  await session.query(sql`DROP TABLE ${rows}`)
  const columns = tableColumns(declared)
  const digested = await digests(
    session,
    table,
    columns.map(({ cell }) => cell),
  )
  if (!digested.ok) return notRead(digested.error)
  const summary = await summarize(session, table, arrived, columns)
  if (!summary.ok) return summary
  const misfits = await misfitColumns(
    session,
    table,
    columns.map(({ misfit }) => misfit),
  )
  if (!misfits.ok) return notRead(misfits.error)
  const score = columns.find(({ column }) => column.name === declared.model.score)?.cell
  const decision = columns.find(({ column }) => column.name === 'decision')?.cell
  const named = (cell: Sql | undefined) => new Map(cell === undefined ? [] : [[declared.model.name, cell]])
  return found({
    declared,
    summary: { ...summary.value, absentSegments: read.value },
    relation: (wanted) =>
      relationOf({
        declared,
        table,
        wanted,
        digests: digested.value,
        withMisfits: misfits.value,
        labelFailure: labels?.ok === false ? labels.failure : undefined,
        versions: summary.value.versions.map(({ digest }) => digest),
      }),
    cells: { model: declared.model.name, label: LABEL_CELLS.label, decisions: named(decision), scores: named(score) },
    async close() {
      for (const name of [
        `requests_${ordinal}`,
        `labels_${ordinal}`,
        `labels_all_${ordinal}`,
        `labels_read_${ordinal}`,
      ]) {
        await session.query(sql`DROP TABLE IF EXISTS ${identifier(name)}`)
      }
    },
  })
}

function labelsFor(
  { session, program, root }: RequestsReaderOptions,
  { now }: RequestsRequest,
  declared: DeclaredRequests,
  ordinal: number,
): Promise<Read<ArrivedLabels | undefined>> | undefined {
  const labels = program.monitor?.labels
  const { label } = declared
  if (labels === undefined || label === undefined) return undefined
  const known = [...declared.request, ...declared.own]
  const columns = labels.join.flatMap((name) => known.filter((column) => column.name === name).slice(0, 1))
  return arrivedLabels({ session, root, labels, columns, label, now, ordinal })
}

async function digests(
  session: Session,
  table: Sql,
  cells: readonly Sql[],
): Promise<Outcome<{ readonly rows: string; readonly labels: string }>> {
  const rows = await rowsDigest(session, table, [...cells, ...OWN_CELLS])
  if (!rows.ok) return rows
  const keys = [identifier('_request_id'), identifier('_row'), identifier('_at')]
  const labels = await rowsDigest(session, table, [...keys, LABEL_CELLS.label, LABEL_CELLS.at])
  return labels.ok ? succeed({ rows: rows.value, labels: labels.value }) : labels
}
