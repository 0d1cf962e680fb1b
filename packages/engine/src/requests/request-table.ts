import {
  duckdbColumnType,
  duckdbTypes,
  identifier,
  integerLiteral,
  join,
  type ProgramColumn,
  type ScalarKind,
  type Sql,
  sql,
  textLiteral,
  type TimeWindow,
} from '@plumbline/core'
import { typedCell } from '../relations/typed-column.ts'
import { OWN_COLUMNS } from './columns.ts'
import type { ArrivedLabels } from './labels.ts'
import type { DeclaredRequests } from './request-columns.ts'
import type { SegmentSource } from './segment-sources.ts'

/** A column of the table that rows are read into. */
export interface TableColumn {
  readonly column: ProgramColumn
  readonly cell: Sql
  /** Text of what came in place of the cell. */
  readonly misfit: Sql
}

const OWN_NAMES = OWN_COLUMNS.map(({ name }) => name)

/** The log's own columns in the table. */
export const OWN_CELLS: readonly Sql[] = OWN_NAMES.map(identifier)

/** The spec's columns in the table; names of our own, since those of a spec may be anything. */
export function tableColumns({ request, answer }: DeclaredRequests): readonly TableColumn[] {
  return [...request, ...answer].map((column, i) => ({
    column,
    cell: identifier(`c${i}`),
    misfit: identifier(`f${i}`),
  }))
}

/** Cells of the label, and of when it arrived, in the table. */
export const LABEL_CELLS = { label: identifier('label'), at: identifier('label_at') } as const

/** Which rows of the log: by `_at`, and by the digest of the version that answered. */
export interface KeptRows {
  readonly window: TimeWindow | undefined
  readonly answeredBy: string | undefined
}

/** The table that rows are read into, empty: a SELECT without rows. */
export function emptyRows(columns: readonly TableColumn[]): Sql {
  const cells = columns.map(
    ({ column, cell, misfit }) => sql`${typedNull(column)} AS ${cell}, CAST(NULL AS VARCHAR) AS ${misfit}`,
  )
  const own = OWN_COLUMNS.map(({ name, kind }) => sql`CAST(NULL AS ${duckdbTypes[kind]}) AS ${identifier(name)}`)
  return sql`SELECT ${join([...cells, ...own], sql`, `)} WHERE FALSE`
}

/** Rows in a table with the labels that have arrived, as a SELECT; ordered so that a row keeps its place. */
export function withLabels(rows: Sql, declared: DeclaredRequests, labels: ArrivedLabels | undefined): Sql {
  const type = declared.label === undefined ? duckdbTypes.bool : columnType(declared.label)
  const [cells, joined] =
    labels === undefined
      ? [sql`CAST(NULL AS ${type}) AS "label", CAST(NULL AS TIMESTAMP) AS "label_at"`, sql``]
      : [
          sql`l.${labels.label} AS "label", l.${labels.at} AS "label_at"`,
          sql` LEFT JOIN ${labels.table} l ON ${matching(tableColumns(declared), labels)}`,
        ]
  return sql`SELECT r.*, ${cells} FROM ${rows} r${joined} ORDER BY r."_at", r."_request_id", r."_row"`
}

/** Where a row `r` and a label `l` speak of the same. */
export function matching(columns: readonly TableColumn[], labels: Pick<ArrivedLabels, 'keys'>): Sql {
  const cellOf = (name: string): Sql => columns.find(({ column }) => column.name === name)?.cell ?? identifier(name)
  return join(
    labels.keys.map(({ name, cell }) => sql`r.${cellOf(name)} = l.${cell}`),
    sql` AND `,
  )
}

/** The rows of some segments, typed as declared, in the columns of the table. */
export function selectSource(
  source: SegmentSource,
  columns: readonly TableColumn[],
  { window, answeredBy }: KeptRows,
): Sql {
  const notes = source.own('_misfits')
  const cells = columns.map(({ column, cell, misfit }) => {
    const raw = source.column(column.name)
    // What the log noted in place of a cell; JSON Pointer (RFC 6901), since a name may hold what paths are made of.
    const pointer = textLiteral(`/${column.name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    const noted = sql`CASE WHEN json_valid(${notes}) THEN json_extract_string(${notes}, ${pointer}) END`
    if (raw === undefined) return sql`${typedNull(column)} AS ${cell}, ${noted} AS ${misfit}`
    const typed = typedCell(raw.cell, raw.type, column.columnType, column.type)
    const unread =
      typed.misfit === undefined ? sql`NULL` : sql`CASE WHEN ${typed.misfit} THEN CAST(${raw.cell} AS VARCHAR) END`
    return sql`${typed.cell} AS ${cell}, coalesce(${noted}, ${unread}) AS ${misfit}`
  })
  const own = OWN_NAMES.map((name) => sql`${source.own(name)} AS ${identifier(name)}`)
  const at = source.own('_at')
  const instant = (micros: number): Sql => sql`make_timestamp(${integerLiteral(BigInt(micros))})`
  const conditions = [
    source.isRow,
    ...(window === undefined ? [] : [sql`${at} >= ${instant(window.from)}`, sql`${at} < ${instant(window.to)}`]),
    ...(answeredBy === undefined ? [] : [sql`${source.own('_model')} = ${textLiteral(answeredBy)}`]),
  ]
  return sql`SELECT ${join([...cells, ...own], sql`, `)} FROM ${source.from} WHERE ${join(conditions, sql` AND `)}`
}

function typedNull(column: ProgramColumn): Sql {
  return sql`CAST(NULL AS ${columnType(column)})`
}

const columnType = (column: ProgramColumn): Sql => duckdbColumnType(column.columnType, column.type.kind as ScalarKind)
