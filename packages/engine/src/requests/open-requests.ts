import { identifier, type Sql } from '@plumbline/core'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import type { Session } from '../duckdb/session.ts'
import type { MetricCells } from '../metrics/metric-cells.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { OpenRelation } from '../relations/relation.ts'
import { readRequestRows, type RequestsReaderOptions, type RequestsRequest } from './read-request-rows.ts'
import { type DeclaredRequests, declaredRequests } from './request-columns.ts'
import type { RowsWanted } from './request-rows.ts'
import { notRead, type RequestsSummary, summarize } from './request-summary.ts'
import { LABEL_CELLS, OWN_CELLS, tableColumns } from './request-table.ts'
import { rowsDigest } from './window-digest.ts'

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
  const rows = await readRequestRows(options, request, declared, ordinal)
  if (!rows.ok) return rows
  const { table, labels, absent } = rows.value
  const columns = tableColumns(declared)
  const digested = await digests(
    session,
    table,
    columns.map(({ cell }) => cell),
  )
  if (!digested.ok) return notRead(digested.error)
  const summary = await summarize(session, table, labels, columns)
  if (!summary.ok) return summary
  const versions = summary.value.versions.map(({ digest }) => digest)
  return found({
    declared,
    summary: { ...summary.value, absentSegments: absent },
    relation: (wanted) => rows.value.relation(wanted, digested.value, versions),
    cells: rows.value.cells,
    close: rows.value.close,
  })
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
