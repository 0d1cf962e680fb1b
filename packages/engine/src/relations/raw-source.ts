import { type FileDataset, identifier, integerLiteral, join, type Sql, sql, textLiteral } from '@plumbline/core'
import { pathList } from '../duckdb/paths.ts'
import type { Cell, Session } from '../duckdb/session.ts'
import { arrowSource } from './arrow-source.ts'
import { type Compression, fileCompression } from './compression.ts'
import { csvEncodingOf, csvHead } from './csv-header.ts'
import { found, type Read, type ReadFailure, unreadable } from './failure.ts'
import { isRemote, openObjectStore } from './object-store.ts'
import { partitionColumns } from './partitions.ts'
import type { Rejects } from './ragged-lines.ts'
import { readFailure } from './read-failure.ts'
import { messageOf, type SourceFile } from './source-files.ts'

/** A column before any typing. */
export interface RawColumn {
  readonly cell: Sql
  readonly type: string
  /** The files keep least and greatest of each of its blocks, so that these two cost no reading. */
  readonly bounded?: boolean
  /** The files keep a short list of its values in each of its blocks. */
  readonly fewValues?: boolean
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
  /** What was found out about how the files are written, and the spec does not say; a sentence each. */
  readonly said?: readonly string[]
  /** Lines that are left out are kept there once the rows were read. */
  readonly rejects?: Rejects
  /** How the files are packed, where the spec does not say and the engine is told. */
  readonly packing?: Compression
}

/** How a source is opened. */
export interface RawOptions {
  /** Where rows that the engine cannot read by itself are put: a temporary table of this name. */
  readonly table?: string
  /** Columns that will be asked; default all. */
  readonly needed?: ReadonlySet<string>
  /** Only what the source holds is asked, not its rows: as little as possible is read. */
  readonly glance?: true
  /** Where lines that are left out are kept; without it every line must be whole. */
  readonly rejects?: Rejects
}

/** Makes the files of a dataset readable, and finds which columns they have. */
export async function rawSource(
  session: Session,
  dataset: FileDataset,
  files: readonly SourceFile[],
  options: RawOptions = {},
): Promise<Read<RawSource>> {
  const empty = files.find((file) => file.size === 0)
  if (empty !== undefined) {
    return unreadable('source-unreadable', `"${empty.name}" is empty: it holds no data at all.`)
  }
  const remote = files.find(({ path }) => isRemote(path))
  if (remote !== undefined) {
    if (dataset.source.format !== 'parquet') {
      return unreadable(
        'source-unreadable',
        `"${remote.name}": of objects of S3 only Parquet is read. Write it as Parquet, or copy it into the project.`,
      )
    }
    const opened = await openObjectStore(session, remote.name)
    if (!opened.ok) return opened
  }
  await session.expect(files.reduce((bytes, { size }) => bytes + size, 0))
  switch (dataset.source.format) {
    case 'csv':
      return csvSource(dataset, files, options)
    case 'parquet':
      return parquetSource(session, files)
    case 'json':
      return jsonSource(session, dataset, files, options)
    case 'arrow':
      return arrowSource(session, files, options.table ?? `arrow_${dataset.name}`, options)
  }
}

/** How the files are packed. The engine reads all files of a source alike. */
async function packingOf(files: readonly SourceFile[]): Promise<Read<Compression>> {
  const kinds: Compression[] = []
  for (const file of files) {
    try {
      kinds.push(await fileCompression(file.path))
    } catch (thrown) {
      return unreadable('source-unreadable', `"${file.name}" cannot be read: ${messageOf(thrown)}.`)
    }
  }
  const [first = 'none'] = kinds
  const other = kinds.findIndex((kind) => kind !== first)
  if (other < 0) return found(first)
  return unreadable(
    'source-unreadable',
    `"${files[0]?.name}" is ${PACKED[first]} and "${files[other]?.name}" is ${PACKED[kinds[other] ?? 'none']}. Files of one source must be packed alike.`,
  )
}

const packed = (packing: Compression): Sql => textLiteral(packing === 'none' ? 'uncompressed' : packing)

const PACKED = { none: 'not compressed', gzip: 'compressed with gzip', zstd: 'compressed with zstd' } as const

/** Says to the reader of a format that folders hold columns; they come as texts, by their own names. */
function partitioning(partitions: readonly string[]): Sql {
  return partitions.length === 0
    ? sql`, hive_partitioning=false`
    : sql`, hive_partitioning=true, hive_types_autocast=false`
}

function fileList(files: readonly SourceFile[]): Sql {
  // The star of an address is meant; that of a file's name is a letter of it.
  return files.some(({ path }) => isRemote(path))
    ? sql`[${join(
        files.map(({ path }) => textLiteral(path)),
        sql`, `,
      )}]`
    : pathList(files.map((file) => file.path))
}

async function csvSource(
  dataset: FileDataset,
  files: readonly SourceFile[],
  { rejects }: RawOptions,
): Promise<Read<RawSource>> {
  const { source } = dataset
  const encoding = await csvEncodingOf(files[0], source.encoding)
  if (encoding === undefined) {
    return unreadable(
      'source-unreadable',
      `The encoding "${source.encoding}" cannot be read. Use utf-8, utf-16 or latin-1, or convert the file.`,
    )
  }
  const heads = []
  for (const file of files) {
    const head = await csvHead(file, encoding, source.delimiter, source)
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
  const packing = await packingOf(files)
  if (!packing.ok) return packing
  const partitions = partitionColumns(files).filter((name) => !names.includes(name))
  const { columns, failures } = byName([...names, ...partitions], (index) => ({
    cell: identifier(partitions[index - names.length] ?? `r${index}`),
    type: 'VARCHAR',
  }))
  const types = names.map((_, index) => sql`${identifier(`r${index}`)}: 'VARCHAR'`)
  const { quote = '"' } = source
  const skips = source.ragged === 'skip' && rejects !== undefined
  const skip = skips
    ? sql`, store_rejects=true, rejects_table=${textLiteral(rejects.table)}, rejects_scan=${textLiteral(rejects.scans)}`
    : sql``
  const nulls = ['', ...(source.nullValues ?? [])].map(textLiteral)
  const from = sql`read_csv(${fileList(files)}, auto_detect=false, header=${header ? sql`true` : sql`false`},
    delim=${textLiteral(first.delimiter)}, quote=${textLiteral(quote)}, escape=${textLiteral(source.escape ?? quote)},
    encoding=${textLiteral(encoding)}, compression=${packed(packing.value)},
    nullstr=[${join(nulls, sql`, `)}], columns={${join(types, sql`, `)}}${skip}${partitioning(partitions)})`
  const said = [
    ...(source.delimiter === undefined && first.delimiter !== ','
      ? [`fields parted by ${shownDelimiter(first.delimiter)}`]
      : []),
    ...(source.encoding === undefined && encoding === 'utf-16' ? ['encoded in UTF-16'] : []),
  ]
  return found({ from, columns, failures, said, packing: packing.value, ...(skips ? { rejects } : {}) })
}

const shownDelimiter = (delimiter: string): string => (delimiter === '\t' ? 'tabs' : `\`${delimiter}\``)

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
  const described = await session.query(sql`DESCRIBE SELECT * FROM read_parquet(${list}, hive_partitioning=false)`)
  if (!described.ok) return { ok: false, failure: await readFailure(described.error, files) }
  const own = (described.value.columns.get('column_name') ?? []).map(String)
  // What the files hold goes before what their folders say.
  const partitions = partitionColumns(files).filter((name) => !own.includes(name))
  const names = [...own, ...partitions]
  const ownTypes = (described.value.columns.get('column_type') ?? []).map(String)
  const types = [...ownTypes, ...partitions.map(() => 'VARCHAR')]
  const { bounded, few } = await storedColumns(session, list)
  const { columns, failures } = byName(names, (index) => ({
    cell: identifier(names[index] ?? ''),
    type: types[index] ?? '',
    bounded: bounded.has(names[index] ?? ''),
    fewValues: few.has(names[index] ?? ''),
  }))
  const simple = files.length === 1 && !names.some((name) => name.toLowerCase() === 'file_row_number')
  return found({
    from: sql`read_parquet(${list}${partitioning(partitions)})`,
    columns,
    failures,
    positions: simple
      ? {
          from: sql`read_parquet(${list}, file_row_number=true${partitioning(partitions)})`,
          row: sql`file_row_number + 1`,
        }
      : { from: sql`read_parquet(${list}${partitioning(partitions)})`, row: sql`row_number() OVER ()` },
  })
}

/** The most bytes of a column's list of values in a block, as stored, that is called short: a few thousand values. */
const SHORT_LIST = 1n << 14n

/**
 * `bounded`: columns with statistics in every block. Where one block has none (a NaN in it is enough), asking for the bounds reads
 * the column, and with it all others of the same statement. `few`: columns whose blocks each begin with a short list of their values.
 */
async function storedColumns(
  session: Session,
  list: Sql,
): Promise<{ readonly bounded: ReadonlySet<Cell>; readonly few: ReadonlySet<Cell> }> {
  const result = await session.query(
    sql`SELECT path_in_schema AS "name", count(*) = count(stats_min_value) AND count(*) = count(stats_max_value) AS "bounded",
          count(*) = count(dictionary_page_offset)
            AND max(data_page_offset - dictionary_page_offset) <= ${integerLiteral(SHORT_LIST)}
            AND min(data_page_offset - dictionary_page_offset) > 0 AS "few"
        FROM parquet_metadata(${list}) GROUP BY path_in_schema`,
  )
  const names = result.ok ? (result.value.columns.get('name') ?? []) : []
  const where = (which: string): ReadonlySet<Cell> =>
    new Set(names.filter((_, i) => result.ok && result.value.columns.get(which)?.[i] === true))
  return { bounded: where('bounded'), few: where('few') }
}

/** JSON: an array of objects or one object a line. Cells are taken as text, so that no digit is lost to a guessed type. */
async function jsonSource(
  session: Session,
  dataset: FileDataset,
  files: readonly SourceFile[],
  { glance }: RawOptions,
): Promise<Read<RawSource>> {
  const packing = await packingOf(files)
  if (!packing.ok) return packing
  const list = sql`${fileList(files)}, compression=${packed(packing.value)}`
  const described = await session.query(
    sql`DESCRIBE SELECT * FROM read_json(${list}, hive_partitioning=false, sample_size=${glance === true ? sql`2048` : sql`-1`}, maximum_depth=1, union_by_name=true)`,
  )
  if (!described.ok) return { ok: false, failure: await readFailure(described.error, files) }
  let names = (described.value.columns.get('column_name') ?? []).map(String)
  if (names.length === 1 && names[0] === 'json') {
    // So the engine names what is no object: an empty array has every column, and a list of numbers has none.
    const first = await session.query(sql`SELECT 1 FROM read_json(${list}) LIMIT 1`)
    if (first.ok && first.value.rows === 0) names = dataset.columns.map((column) => column.name)
  }
  const partitions = partitionColumns(files).filter((name) => !names.includes(name))
  const { columns, failures } = byName([...names, ...partitions], (index) => {
    const partition = partitions[index - names.length]
    const cell =
      partition === undefined ? sql`json_extract_string(${identifier(names[index] ?? '')}, '$')` : identifier(partition)
    return { cell, type: 'VARCHAR' }
  })
  // An empty array of a dataset without declared columns has none at all, which the engine cannot be told.
  const read = names.length === 0 ? ['nothing'] : names
  const types = read.map((name) => sql`${identifier(name)}: 'JSON'`)
  const from = sql`read_json(${list}, columns={${join(types, sql`, `)}}${partitioning(partitions)})`
  return found({ from, columns, failures, packing: packing.value })
}
