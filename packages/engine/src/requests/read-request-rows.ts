import { type ClassInfo, type Host, identifier, type Program, type Sql, sql, type TimeWindow } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { classCells, classNumber, type MetricCells } from '../metrics/metric-cells.ts'
import { found, type Read } from '../relations/failure.ts'
import type { OpenRelation } from '../relations/relation.ts'
import { type LabelShelf, labelShelf } from './label-shelf.ts'
import { type ArrivedLabels, arrivedLabels, type LabelsRequest } from './labels.ts'
import { readSegments } from './read-segments.ts'
import type { DeclaredRequests } from './request-columns.ts'
import { relationOf } from './request-relation.ts'
import type { RowsWanted } from './request-rows.ts'
import { misfitColumns, notRead } from './request-summary.ts'
import { LABEL_CELLS, matching, tableColumns, withLabels } from './request-table.ts'

/** What the log is read with. */
export interface RequestsReaderOptions {
  readonly host: Host
  readonly session: Session
  readonly program: Program
  /** The project's directory, which the file of labels is inside of. */
  readonly root: string
  /** The log's directory. */
  readonly directory: string
  /** Where the labels are kept between readings; absent: they are read anew for each. */
  readonly shelf?: LabelShelf
}

/** Which rows are read. */
export interface RequestsRequest {
  /** By `_at`; absent = all that is there. */
  readonly window?: TimeWindow
  /** Only rows that this version answered: its full digest. Rows without an answer are no version's. */
  readonly answeredBy?: string
  /** Labels that arrived later are not seen. Microseconds since 1970 UTC. */
  readonly now: number
  /** Nobody asks for labels: all are missing. */
  readonly withoutLabels?: boolean
}

/** Rows of the log in a table, with the labels that have arrived. */
export interface RequestRows {
  readonly table: Sql
  /** Absent where the spec names no file of labels, there is none yet, or it cannot be read. */
  readonly labels?: ArrivedLabels
  /** Segments that are not there, between the oldest and the newest. */
  readonly absent: number
  /** The rows an instance is decided on, with what evidence is to say of them. */
  relation(
    wanted: RowsWanted,
    digests: { readonly rows: string; readonly labels: string },
    versions: readonly string[],
  ): OpenRelation
  /** Where metrics find label, decision and score. */
  readonly cells: MetricCells
  /** Frees what the rows take. */
  close(): Promise<void>
}

/** Reads rows once: what is written, compacted or removed afterwards changes nothing in them. */
export async function readRequestRows(
  options: RequestsReaderOptions,
  request: RequestsRequest,
  declared: DeclaredRequests,
  ordinal: number,
): Promise<Read<RequestRows>> {
  const { host, session, directory } = options
  const table = identifier(`requests_${ordinal}`)
  const rows = identifier(`requests_read_${ordinal}`)
  const kept = { window: request.window, answeredBy: request.answeredBy }
  const read = await readSegments({ host, session, directory, declared, kept, table: rows })
  if (!read.ok) return read
  const labels = request.withoutLabels === true ? undefined : await labelsFor(options, request, declared, ordinal, rows)
  const arrived = labels?.ok === true ? labels.value : undefined
  const joined = await session.query(
    sql`CREATE OR REPLACE TEMP TABLE ${table} AS ${withLabels(rows, declared, arrived)}`,
  )
  if (!joined.ok) return notRead(joined.error)
  await session.query(sql`DROP TABLE ${rows}`)
  const columns = tableColumns(declared)
  const misfits = await misfitColumns(
    session,
    table,
    columns.map(({ misfit }) => misfit),
  )
  if (!misfits.ok) return notRead(misfits.error)
  const { classes } = declared.model
  const cellOf = (name: string | undefined) => columns.find(({ column }) => column.name === name)?.cell
  const named = (name: string | undefined) => {
    const cell = cellOf(name)
    return new Map(cell === undefined ? [] : [[declared.model.name, cell]])
  }
  return found({
    table,
    ...(arrived === undefined ? {} : { labels: arrived }),
    absent: read.value,
    relation: (wanted, digests, versions) =>
      relationOf({
        declared,
        table,
        wanted,
        digests,
        withMisfits: misfits.value,
        labelFailure: labels?.ok === false ? labels.failure : undefined,
        versions,
      }),
    cells: {
      model: declared.model.name,
      inputs: declared.model.input,
      label: classes === undefined ? LABEL_CELLS.label : classNumber(LABEL_CELLS.label, codesOf(classes)),
      ...(classes === undefined
        ? {}
        : { classes: classCells(classes, new Map([[declared.model.name, { classes, cell: cellOf }]])) }),
      decisions: named('decision'),
      scores: named(declared.model.score),
      amounts: named(declared.model.amount),
    },
    async close() {
      for (const name of [`requests_${ordinal}`, `labels_${ordinal}`])
        await session.query(sql`DROP TABLE IF EXISTS ${identifier(name)}`)
    },
  })
}

const codesOf = ({ all }: ClassInfo) => all.map(({ code }) => code)

async function labelsFor(
  { host, session, program, root, shelf }: RequestsReaderOptions,
  { now }: RequestsRequest,
  declared: DeclaredRequests,
  ordinal: number,
  rows: Sql,
): Promise<Read<ArrivedLabels | undefined> | undefined> {
  const labels = program.monitor?.labels
  const { label } = declared
  if (labels === undefined || label === undefined) return undefined
  const known = [...declared.request, ...declared.own]
  const columns = labels.join.flatMap((name) => known.filter((column) => column.name === name).slice(0, 1))
  const asked = { session, root, labels, columns, label, now, ordinal }
  // Where all labels are kept, a window asks only for those of its own rows.
  if (shelf !== undefined) return arrivedLabels({ ...asked, shelf, among: amongRows(rows, declared) })
  const own = labelShelf({ host, session, name: `labels_all_${ordinal}` })
  try {
    return await arrivedLabels({ ...asked, shelf: own })
  } finally {
    await own.close()
  }
}

/** The labels of rows in a table, and of no others. */
export function amongRows(rows: Sql, declared: DeclaredRequests): NonNullable<LabelsRequest['among']> {
  return { rows, matching: (keys) => matching(tableColumns(declared), { keys }) }
}
