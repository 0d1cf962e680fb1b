import { type FileDataset, identifier, join, type Sql, sql, textLiteral } from '@plumbline/core'
import { pathList } from '../duckdb/paths.ts'
import type { Cell, Session } from '../duckdb/session.ts'
import { csvEncoding, csvHead } from './csv-header.ts'
import { found, type Read, type ReadFailure, unreadable } from './failure.ts'
import { readFailure } from './read-failure.ts'
import type { SourceFile } from './source-files.ts'

/** A column before any typing. */
export interface RawColumn {
  readonly cell: Sql
  readonly type: string
  /** The files keep least and greatest of each of its blocks, so that these two cost no reading. */
  readonly bounded?: boolean
}

/** Files as DuckDB reads them, before any typing. */
export interface RawSource {
  /** A FROM item with the raw cells. */
  readonly from: Sql
  /** Column names exactly as in the data, in its order. */
  readonly columns: ReadonlyMap<string, RawColumn>
  /** Columns that are there but cannot be told apart. */
  readonly failures: ReadonlyMap<string, ReadFailure>
  /** Set where rows have a position without parsing everything: a FROM item and the 1-based position in it. */
  readonly positions?: { readonly from: Sql; readonly row: Sql }
}

/** Makes the files of a dataset readable, and finds which columns they have. */
export async function rawSource(
  session: Session,
  dataset: FileDataset,
  files: readonly SourceFile[],
): Promise<Read<RawSource>> {
  const empty = files.find((file) => file.size === 0)
  if (empty !== undefined) {
    return unreadable('source-unreadable', `"${empty.name}" is empty: it holds no data at all.`)
  }
  await session.expect(files.reduce((bytes, { size }) => bytes + size, 0))
  switch (dataset.source.format) {
    case 'csv':
      return csvSource(dataset, files)
    case 'parquet':
      return parquetSource(session, files)
    case 'json':
      return jsonSource(session, dataset, files)
  }
}

function fileList(files: readonly SourceFile[]): Sql {
  return pathList(files.map((file) => file.path))
}

async function csvSource(dataset: FileDataset, files: readonly SourceFile[]): Promise<Read<RawSource>> {
  const { source } = dataset
  const encoding = csvEncoding(source.encoding)
  if (encoding === undefined) {
    return unreadable(
      'source-unreadable',
      `The encoding "${source.encoding}" cannot be read. Use utf-8, utf-16 or latin-1, or convert the file.`,
    )
  }
  const heads = []
  for (const file of files) {
    const head = await csvHead(file, encoding, source.delimiter)
    if (!head.ok) return head
    heads.push(head.value)
  }
  const first = heads[0]
  if (first === undefined) return unreadable('source-missing', 'The source names no file.')
  const header = source.header ?? true
  const differs = heads.findIndex((head) =>
    header ? !same(head.fields, first.fields) : head.fields.length !== first.fields.length,
  )
  if (differs >= 0) {
    return unreadable(
      'source-unreadable',
      `"${files[differs]?.name}" has other columns than "${files[0]?.name}". Files of one source must have the same header.`,
    )
  }
  if (!header && first.fields.length !== dataset.columns.length) {
    return unreadable(
      'source-unreadable',
      `"${files[0]?.name}" has no header and ${first.fields.length} fields a row, but the spec declares ${dataset.columns.length} columns. Declare all of them, in the order of the file.`,
    )
  }
  const names = header ? first.fields : dataset.columns.map((column) => column.name)
  const { columns, failures } = byName(names, (index) => ({ cell: identifier(`r${index}`), type: 'VARCHAR' }))
  const types = names.map((_, index) => sql`${identifier(`r${index}`)}: 'VARCHAR'`)
  const nulls = ['', ...(source.nullValues ?? [])].map(textLiteral)
  const from = sql`read_csv(${fileList(files)}, auto_detect=false, header=${header ? sql`true` : sql`false`},
    delim=${textLiteral(first.delimiter)}, quote='"', escape='"', encoding=${textLiteral(encoding)},
    nullstr=[${join(nulls, sql`, `)}], columns={${join(types, sql`, `)}})`
  return found({ from, columns, failures })
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i])
}

function byName(names: readonly string[], cell: (index: number) => RawColumn) {
  const columns = new Map<string, RawColumn>()
  const failures = new Map<string, ReadFailure>()
  names.forEach((name, index) => {
    if (columns.has(name)) {
      failures.set(name, {
        reason: 'column-missing',
        cause: `The header names the column "${name}" more than once, so that it cannot be told which is meant.`,
      })
    }
    columns.set(name, cell(index))
  })
  return { columns, failures }
}

async function parquetSource(session: Session, files: readonly SourceFile[]): Promise<Read<RawSource>> {
  const list = fileList(files)
  const described = await session.query(sql`DESCRIBE SELECT * FROM read_parquet(${list})`)
  if (!described.ok) return { ok: false, failure: readFailure(described.error, files) }
  const names = (described.value.columns.get('column_name') ?? []).map(String)
  const types = (described.value.columns.get('column_type') ?? []).map(String)
  const bounded = await boundedColumns(session, list)
  const { columns, failures } = byName(names, (index) => ({
    cell: identifier(names[index] ?? ''),
    type: types[index] ?? '',
    bounded: bounded.has(names[index] ?? ''),
  }))
  const simple = files.length === 1 && !names.some((name) => name.toLowerCase() === 'file_row_number')
  return found({
    from: sql`read_parquet(${list})`,
    columns,
    failures,
    positions: simple
      ? { from: sql`read_parquet(${list}, file_row_number=true)`, row: sql`file_row_number + 1` }
      : { from: sql`read_parquet(${list})`, row: sql`row_number() OVER ()` },
  })
}

/**
 * Columns with statistics in every block. Where one block has none (a NaN in it is enough), asking for the bounds reads
 * the column, and with it all others of the same statement.
 */
async function boundedColumns(session: Session, list: Sql): Promise<ReadonlySet<Cell>> {
  const result = await session.query(
    sql`SELECT path_in_schema AS "name" FROM parquet_metadata(${list}) GROUP BY path_in_schema
        HAVING count(*) = count(stats_min_value) AND count(*) = count(stats_max_value)`,
  )
  return new Set(result.ok ? result.value.columns.get('name') : [])
}

/** JSON: an array of objects or one object a line. Cells are taken as text, so that no digit is lost to a guessed type. */
async function jsonSource(
  session: Session,
  dataset: FileDataset,
  files: readonly SourceFile[],
): Promise<Read<RawSource>> {
  const list = fileList(files)
  const described = await session.query(
    sql`DESCRIBE SELECT * FROM read_json(${list}, sample_size=-1, maximum_depth=1, union_by_name=true)`,
  )
  if (!described.ok) return { ok: false, failure: readFailure(described.error, files) }
  let names = (described.value.columns.get('column_name') ?? []).map(String)
  if (names.length === 1 && names[0] === 'json') {
    // So the engine names what is no object: an empty array has every column, and a list of numbers has none.
    const first = await session.query(sql`SELECT 1 FROM read_json(${list}) LIMIT 1`)
    if (first.ok && first.value.rows === 0) names = dataset.columns.map((column) => column.name)
  }
  const { columns, failures } = byName(names, (index) => ({
    cell: sql`json_extract_string(${identifier(names[index] ?? '')}, '$')`,
    type: 'VARCHAR',
  }))
  // An empty array of a dataset without declared columns has none at all, which the engine cannot be told.
  const read = names.length === 0 ? ['nothing'] : names
  const types = read.map((name) => sql`${identifier(name)}: 'JSON'`)
  return found({ from: sql`read_json(${list}, columns={${join(types, sql`, `)}})`, columns, failures })
}
