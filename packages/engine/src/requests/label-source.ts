import {
  identifier,
  join,
  type ProgramColumn,
  type FileDataset,
  type ProgramFiles,
  type ProgramLabels,
  type Sql,
  sql,
} from '@plumbline/core'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { OpenDataset } from '../relations/open-dataset.ts'
import type { SourceFile } from '../relations/source-files.ts'

/** The labels as a spec declares them. */
export interface DeclaredLabels {
  readonly labels: ProgramLabels
  /** The join columns and the label as the relation declares them. */
  readonly columns: readonly ProgramColumn[]
  readonly label: ProgramColumn
}

const ARRIVED = 'arrived_at'
const FORMATS: readonly (readonly [RegExp, ProgramFiles['format']])[] = [
  [/\.(?:csv|tsv)(?:\.gz|\.zst)?$/i, 'csv'],
  [/\.(?:parquet|pq)$/i, 'parquet'],
  [/\.(?:json|jsonl|ndjson)(?:\.gz|\.zst)?$/i, 'json'],
]

/** Whether more rows of a source can be read without those before: lines of text that nothing packs together. */
export function growsByLines({ source }: ProgramLabels): boolean {
  return /\.(?:csv|tsv)$/i.test(source)
}

/** The file of labels as a dataset: the join columns, the label, and when it arrived. */
export function labelsDataset({ labels, columns, label }: DeclaredLabels): Read<FileDataset> {
  const format = FORMATS.find(([ending]) => ending.test(labels.source))?.[1]
  if (format === undefined) {
    return unreadable('source-unreadable', `"${labels.source}" is neither csv, parquet nor json by its ending.`)
  }
  const plain = (column: ProgramColumn): ProgramColumn => ({ ...column, optional: true })
  const at: ProgramColumn = {
    name: ARRIVED,
    columnType: 'timestamp',
    type: { kind: 'timestamp' },
    optional: true,
    protected: false,
  }
  const tabs = /\.tsv/i.test(labels.source) ? { delimiter: '\t' } : {}
  return found({
    name: 'monitor.labels',
    source: { path: labels.source, format, ...tabs },
    key: [],
    columns: [...columns.map(plain), plain(label), at],
    splits: [],
  })
}

/** Every row: its keys as `k0`…, `label` and time (`at`), and whether all of them are there (`whole`). A SELECT. */
export function labelRows({ columns, label }: DeclaredLabels, opened: OpenDataset): Sql {
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

/** Changes whenever one of the files may have. */
export function stampOf(files: readonly SourceFile[]): string {
  return files.map(({ name, size, modifiedMs }) => `${name} ${size} ${modifiedMs}`).join('\n')
}
