import {
  identifier,
  integerLiteral,
  join,
  type ProgramColumn,
  type ProgramDataset,
  type ProgramLabels,
  type Sql,
  sql,
} from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import { type OpenDataset, openDataset } from '../relations/open-dataset.ts'
import { type SourceFile, sourceFiles } from '../relations/source-files.ts'

/** What the file of labels was found to hold. */
export interface LabelCounts {
  /** Rows that name a key, a label and a time, all readable; and the others. */
  readonly rows: number
  readonly incomplete: number
  /** Rows whose time is not yet come: nothing of them is used. */
  readonly later: number
  /** Rows that came for a key that a newer row names, too, and how many keys had their label changed that way. */
  readonly repeated: number
  readonly changed: number
}

/** The labels that have arrived, one for each key: the latest. */
export interface ArrivedLabels {
  readonly table: Sql
  /** Join columns with their cells, then the label and when it arrived. */
  readonly keys: readonly { readonly name: string; readonly cell: Sql }[]
  readonly label: Sql
  readonly at: Sql
  readonly counts: LabelCounts
}

/** What labels are read from, and until when. */
export interface LabelsRequest {
  readonly session: Session
  /** The project's directory; the file is inside it. */
  readonly root: string
  readonly labels: ProgramLabels
  /** The join columns and the label as the relation declares them. */
  readonly columns: readonly ProgramColumn[]
  readonly label: ProgramColumn
  /** Microseconds since 1970 UTC. */
  readonly now: number
  /** Names the temporary tables; unique within the session. */
  readonly ordinal: number
  /** Where the file is kept once it was parsed, for readings to come. */
  readonly shelf?: LabelShelf
  /** TRUE for the labels `l` that are asked for, by the cells of their keys; the counts then speak of these alone. */
  readonly among?: (keys: ArrivedLabels['keys']) => Sql
}

/** A file of labels that was parsed, for as long as it does not change. Belongs to one session and one spec. */
export interface LabelShelf {
  kept?: { readonly stamp: string; readonly all: Sql }
}

const ARRIVED = 'arrived_at'
const FORMATS: readonly (readonly [RegExp, ProgramDataset['source']['format']])[] = [
  [/\.(?:csv|tsv)(?:\.gz|\.zst)?$/i, 'csv'],
  [/\.(?:parquet|pq)$/i, 'parquet'],
  [/\.(?:json|jsonl|ndjson)(?:\.gz|\.zst)?$/i, 'json'],
]

/** Reads the labels; undefined where there is no file yet, which is how every log of production begins. */
export async function arrivedLabels(request: LabelsRequest): Promise<Read<ArrivedLabels | undefined>> {
  const { session, root, labels, ordinal, shelf } = request
  const files = await sourceFiles(root, labels.source)
  if (!files.ok) return files.failure.reason === 'source-missing' ? found(undefined) : files
  const stamp = stampOf(files.value)
  if (shelf?.kept?.stamp === stamp) return latest(request, shelf.kept.all)
  const dataset = datasetOf(request)
  if (dataset === undefined) {
    return unreadable('source-unreadable', `"${labels.source}" is neither csv, parquet nor json by its ending.`)
  }
  const opened = await openDataset(session, {
    dataset,
    files: files.value,
    ordinal,
    needed: new Set(dataset.columns.map(({ name }) => name)),
    table: `labels_read_${ordinal}`,
  })
  if (!opened.ok) return opened
  const [failure] = opened.value.failures.values()
  if (failure !== undefined) return { ok: false, failure }
  const all = identifier(shelf === undefined ? `labels_all_${ordinal}` : 'labels_kept')
  const made = await session.query(sql`CREATE OR REPLACE TEMP TABLE ${all} AS ${wholeRows(request, opened.value)}`)
  if (!made.ok) return unreadable('engine-failed', `The labels could not be read: ${made.error.cause}`)
  if (shelf !== undefined) shelf.kept = { stamp, all }
  await session.query(sql`DROP TABLE IF EXISTS ${identifier(`labels_read_${ordinal}`)}`)
  return latest(request, all)
}

/** Changes whenever one of the files may have. */
export function stampOf(files: readonly SourceFile[]): string {
  return files.map(({ name, size, modifiedMs }) => `${name} ${size} ${modifiedMs}`).join('\n')
}

function datasetOf({ labels, columns, label }: LabelsRequest): ProgramDataset | undefined {
  const format = FORMATS.find(([ending]) => ending.test(labels.source))?.[1]
  if (format === undefined) return undefined
  const plain = (column: ProgramColumn): ProgramColumn => ({ ...column, optional: true })
  const at: ProgramColumn = {
    name: ARRIVED,
    columnType: 'timestamp',
    type: { kind: 'timestamp' },
    optional: true,
    protected: false,
  }
  const tabs = /\.tsv/i.test(labels.source) ? { delimiter: '\t' } : {}
  return {
    name: 'monitor.labels',
    source: { path: labels.source, format, ...tabs },
    key: [],
    columns: [...columns.map(plain), plain(label), at],
    splits: [],
  }
}

/** Every row of the file: its keys, label and time, and whether all of them are there. */
function wholeRows({ columns, label }: LabelsRequest, opened: OpenDataset): Sql {
  const cellOf = (name: string): Sql => opened.columns.get(name)?.cell ?? sql`NULL`
  const cells = [
    ...columns.map(({ name }, i) => sql`${cellOf(name)} AS ${identifier(`k${i}`)}`),
    sql`${cellOf(label.name)} AS "label"`,
    sql`${cellOf(ARRIVED)} AS "at"`,
  ]
  const present = join(
    [...columns.map(({ name }) => name), label.name, ARRIVED].map((name) => sql`${cellOf(name)} IS NOT NULL`),
    sql` AND `,
  )
  return sql`SELECT ${join(cells, sql`, `)}, (${present}) AS "whole" FROM ${opened.from}`
}

/** The labels that have arrived, the latest of each key. */
async function latest(request: LabelsRequest, all: Sql): Promise<Read<ArrivedLabels>> {
  const { session, columns, now, ordinal, among } = request
  const keys = columns.map(({ name }, i) => ({ name, cell: identifier(`k${i}`) }))
  const keyList = join(
    keys.map(({ cell }) => cell),
    sql`, `,
  )
  const table = identifier(`labels_${ordinal}`)
  const until = sql`make_timestamp(${integerLiteral(BigInt(now))})`
  const asked = among === undefined ? sql`` : sql` AND ${among(keys)}`
  // Of two labels that arrived at one instant the greater is taken, so that the order of the file decides nothing.
  const made = await session.query(
    sql`CREATE OR REPLACE TEMP TABLE ${table} AS SELECT ${keyList}, "last"."label" AS "label", "last"."at" AS "at", "sent", "different" FROM (
          SELECT ${keyList}, max(struct_pack("at" := "at", "label" := "label")) AS "last", count(*) AS "sent",
            min("label") <> max("label") AS "different"
          FROM ${all} l WHERE "whole" AND "at" <= ${until}${asked} GROUP BY ${keyList})`,
  )
  if (!made.ok) return unreadable('engine-failed', `The labels could not be read: ${made.error.cause}`)
  const counted = await session.query(
    sql`SELECT * FROM (SELECT count_if("whole") AS "rows", count_if(NOT "whole") AS "incomplete",
          count_if("whole" AND "at" > ${until}) AS "later" FROM ${all}),
        (SELECT coalesce(sum("sent" - 1), 0) AS "repeated", count_if("different") AS "changed" FROM ${table})`,
  )
  if (!counted.ok) return unreadable('engine-failed', `The labels could not be counted: ${counted.error.cause}`)
  const count = (name: string): number => Number(counted.value.columns.get(name)?.[0] ?? 0)
  return found({
    table,
    keys,
    label: identifier('label'),
    at: identifier('at'),
    counts: {
      rows: count('rows'),
      incomplete: count('incomplete'),
      later: count('later'),
      repeated: count('repeated'),
      changed: count('changed'),
    },
  })
}
