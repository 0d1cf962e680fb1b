import { identifier, type Sql, sql } from '@plumbline/core'
import type { LoadedColumn, Session } from '../duckdb/session.ts'
import { type ArrowColumn, type ArrowField, type ArrowLibrary, arrowColumn, loadArrow } from './arrow-columns.ts'
import { found, type Read, type ReadFailure, unreadable } from './failure.ts'
import type { RawColumn, RawOptions, RawSource } from './raw-source.ts'
import { messageOf, type SourceFile } from './source-files.ts'

/**
 * Arrow IPC (files, also Feather, and streams): read batch by batch into a temporary table, so that one batch at a time
 * is in memory twice. Numbers are taken as they are; times to the microsecond; lists as JSON; decimals as text.
 */
export async function arrowSource(
  session: Session,
  files: readonly SourceFile[],
  table: string,
  { needed, glance }: Pick<RawOptions, 'needed' | 'glance'> = {},
): Promise<Read<RawSource>> {
  const arrow = await loadArrow()
  if (arrow === undefined) {
    return unreadable(
      'source-unreadable',
      `"${files[0]?.name}" is an Arrow file, and the package that reads them is not installed. Run \`npm install apache-arrow\`, or write the data as Parquet.`,
    )
  }
  let columns: readonly ArrowColumn[] | undefined
  for (const file of files) {
    const read = await loadFile(session, arrow, file, table, { needed, glance }, columns)
    if (!read.ok) return read
    columns = read.value
  }
  return columns === undefined
    ? unreadable('source-missing', 'The source names no file.')
    : found(rawOf(table, columns))
}

function rawOf(table: string, columns: readonly ArrowColumn[]): RawSource {
  const raw = new Map<string, RawColumn>()
  const failures = new Map<string, ReadFailure>()
  columns.forEach((column, i) => {
    if (raw.has(column.name)) {
      const cause = `The file has the column "${column.name}" more than once, so that it cannot be told which is meant.`
      failures.set(column.name, { reason: 'column-missing', cause })
    }
    const cell = identifier(`a${i}`)
    const typed: Readonly<Record<ArrowColumn['kind'], RawColumn>> = {
      bigint: { cell, type: 'BIGINT' },
      double: { cell, type: 'DOUBLE' },
      boolean: { cell, type: 'BOOLEAN' },
      text: { cell, type: 'VARCHAR' },
      micros: { cell: sql`make_timestamp(${cell})`, type: 'TIMESTAMP' },
      unread: { cell: sql`NULL`, type: 'VARCHAR' },
    }
    if (column.kind === 'unread') {
      const cause = `The column "${column.name}" holds ${column.typeName}, which is not read. Leave it out of the spec, or write it as another type.`
      failures.set(column.name, { reason: 'cast-failed', cause })
    }
    raw.set(column.name, typed[column.kind])
  })
  const from: Sql = identifier(table)
  return { from, columns: raw, failures }
}

async function loadFile(
  session: Session,
  arrow: ArrowLibrary,
  file: SourceFile,
  table: string,
  { needed, glance }: { readonly needed: RawOptions['needed']; readonly glance: RawOptions['glance'] },
  expected: readonly ArrowColumn[] | undefined,
): Promise<Read<readonly ArrowColumn[]>> {
  let batches = 0
  const loaded = (columns: readonly ArrowColumn[], at: (i: number) => LoadedColumn['values']): LoadedColumn[] =>
    columns.flatMap(({ name, kind }, i): LoadedColumn[] => {
      if (kind === 'unread' || needed?.has(name) === false) return []
      return [{ name: `a${i}`, type: kind === 'micros' ? 'bigint' : kind, values: at(i) }]
    })
  try {
    const reader = await arrow.open(file.path)
    try {
      const columns = reader.fields.map((field: ArrowField) => arrowColumn(field))
      if (expected !== undefined && !alike(columns, expected)) {
        return unreadable(
          'source-unreadable',
          `"${file.name}" has other columns than the files before it. Files of one source must have the same columns.`,
        )
      }
      if (expected === undefined) {
        const none = loaded(columns, () => [])
        const made = await session.load(table, none.length === 0 ? [NO_COLUMN] : none)
        if (!made.ok) return unreadable('engine-failed', made.error.cause)
      }
      if (glance === true) return found(columns)
      for await (const batch of reader.batches) {
        const values = loaded(columns, (i) => columns[i]?.values(batch.column(i)) ?? [])
        const rows =
          values.length === 0 ? [{ ...NO_COLUMN, values: Array.from({ length: batch.rows }, () => null) }] : values
        const added = await session.append(table, rows)
        if (!added.ok) return unreadable('engine-failed', `"${file.name}": ${added.error.cause}`)
        batches++
      }
      return found(columns)
    } finally {
      await reader.close()
    }
  } catch (thrown) {
    const where = batches === 0 ? 'its beginning' : `record batch ${batches} (batches 0 to ${batches - 1} can be read)`
    return unreadable(
      'source-unreadable',
      `"${file.name}" cannot be read at ${where}: ${messageOf(thrown)}. Write the file again; no row was judged.`,
    )
  }
}

/** Rows count also where no clause reads a column. */
const NO_COLUMN: LoadedColumn = { name: 'nothing', type: 'boolean', values: [] }

function alike(a: readonly ArrowColumn[], b: readonly ArrowColumn[]): boolean {
  return a.length === b.length && a.every(({ name, kind }, i) => name === b[i]?.name && kind === b[i]?.kind)
}
