import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join as joinPath } from 'node:path'
import { createHash } from 'node:crypto'
import {
  type FileDataset,
  identifier,
  isInFiles,
  type ProgramColumn,
  type ProgramDataset,
  readImage,
  type Sql,
  sql,
  textLiteral,
} from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { found, type Read, type ReadFailure, unreadable } from '../relations/failure.ts'
import type { RawColumn, RawSource } from '../relations/raw-source.ts'
import type { SourceFile } from '../relations/source-files.ts'
import type { TypedCell } from '../relations/typed-column.ts'
import { findImage, folderOf, keptImages, look } from './find-image.ts'

/** Where the pixels of images are, by the digest of their bytes. */
export type ImagePaths = Map<string, string>

/** What the cells of a column were found to be, by their key: its columns have names that the data has not, since cells are read beside them. */
interface ImageTable {
  readonly table: Sql
  readonly key: Sql
  readonly image: Sql
  readonly why: Sql
}

/** What the images of a dataset are. */
export interface ReadImages {
  /** By the name of the stored column: what its cells are. */
  readonly tables: ReadonlyMap<string, ImageTable>
  /** By the name of the column: why its cells are no images at all. */
  readonly refused: ReadonlyMap<string, ReadFailure>
  /** Of all images of the dataset, each with the name it has there. */
  readonly digest: string
  /** The files they are in, to be found unchanged at the end. */
  readonly files: readonly SourceFile[]
}

/** What images are read from. */
export interface ImageRequest {
  readonly session: Session
  readonly root: string
  readonly dataset: FileDataset
  readonly source: RawSource
  /** Begins the names of tables. */
  readonly table: string
  /** Filled with what was found. */
  readonly paths: ImagePaths
}

/** The columns of images of a dataset. */
export const imageColumns = ({ columns }: Pick<ProgramDataset, 'columns'>): readonly ProgramColumn[] =>
  columns.filter(({ columnType }) => columnType === 'image')

/** Whether a dataset in files has a column of images. */
export const hasImages = (dataset: ProgramDataset): dataset is FileDataset =>
  isInFiles(dataset) && imageColumns(dataset).length > 0

/** Images that are looked at at a time: reading files waits for the disk. */
const AT_ONCE = 8

/** Looks at every image that the columns of a dataset name or hold, once each. */
export async function readImages(request: ImageRequest): Promise<Read<ReadImages>> {
  const { session, dataset, source } = request
  const tables = new Map<string, ImageTable>()
  const refused = new Map<string, ReadFailure>()
  const own = namesBeside(source.columns.keys())
  const files = new Map<string, SourceFile>()
  const seen = createHash('sha256')
  for (const [i, column] of imageColumns(dataset).entries()) {
    const name = column.path?.[0] ?? column.name
    const stored = source.columns.get(name)
    if (stored === undefined) continue
    const kind = await kindOfCells(session, source, stored)
    if (kind === 'other' || column.path !== undefined) {
      refused.set(column.name, { reason: 'cast-failed', cause: NOT_IMAGES(column.name) })
      continue
    }
    const cells = await distinctCells(session, source, stored, kind)
    if (!cells.ok) return cells
    const looked = await lookAtAll(request, kind, cells.value, files)
    const table = `${request.table}_images_${i}`
    const made = await session.load(table, [
      { name: own.key, type: 'text', values: cells.value.map(({ key }) => key) },
      { name: own.image, type: 'text', values: looked.map((each) => ('value' in each ? each.value : null)) },
      { name: own.why, type: 'text', values: looked.map((each) => ('why' in each ? each.why : null)) },
    ])
    if (!made.ok) return unreadable('source-unreadable', made.error.cause)
    tables.set(name, {
      table: identifier(table),
      key: identifier(own.key),
      image: identifier(own.image),
      why: identifier(own.why),
    })
    for (const [j, { key }] of cells.value.entries()) {
      const each = looked[j]
      seen.update(`${JSON.stringify([column.name, key, each !== undefined && 'value' in each ? each.value : null])}\n`)
    }
  }
  return found({ tables, refused, digest: seen.digest('hex'), files: [...files.values()] })
}

/** Names that none of the columns has, in capitals or not: a column `image` of the data would be hidden by one of ours. */
function namesBeside(columns: Iterable<string>): {
  readonly key: string
  readonly image: string
  readonly why: string
} {
  const longest = Math.max(0, ...[...columns].map((name) => name.length))
  const beside = (name: string): string => name.padEnd(longest + 1, '_')
  return { key: beside('key'), image: beside('image'), why: beside('why') }
}

const NOT_IMAGES = (name: string): string =>
  `The column "${name}" holds neither names of files nor bytes. An image is a text, the path of a file relative to the data, or a BLOB of Parquet.`

type Kind = 'name' | 'bytes' | 'other'

const kindOf = ({ type }: RawColumn): Kind =>
  /^(VARCHAR|ENUM\(.*\))$/s.test(type) ? 'name' : type === 'BLOB' ? 'bytes' : 'other'

/** A column without any cell has no type of its own: a frame of no rows, or of no pictures, says it is of numbers. */
async function kindOfCells(session: Session, source: RawSource, stored: RawColumn): Promise<Kind> {
  const kind = kindOf(stored)
  if (kind !== 'other') return kind
  const there = await session.query(sql`SELECT 1 FROM ${source.from} WHERE ${stored.cell} IS NOT NULL LIMIT 1`)
  return there.ok && there.value.rows === 0 ? 'name' : 'other'
}

interface DistinctCell {
  /** What a cell is looked up by: the name, or the digest of the bytes. */
  readonly key: string
  readonly bytes?: Buffer
}

async function distinctCells(
  session: Session,
  source: RawSource,
  { cell }: RawColumn,
  kind: Kind,
): Promise<Read<readonly DistinctCell[]>> {
  const from = sql`(SELECT ${cell} AS cell FROM ${source.from}) WHERE cell IS NOT NULL`
  const statement =
    kind === 'name'
      ? sql`SELECT DISTINCT CAST(cell AS VARCHAR) AS key FROM ${from} ORDER BY key`
      : sql`SELECT sha256(cell) AS key, to_base64(any_value(cell)) AS bytes FROM ${from} GROUP BY key ORDER BY key`
  const read = await session.query(statement)
  if (!read.ok) return unreadable('source-unreadable', read.error.cause)
  const keys = read.value.columns.get('key') ?? []
  const bytes = read.value.columns.get('bytes')
  return found(
    keys.map((key, i) => ({
      key: String(key),
      ...(bytes === undefined ? {} : { bytes: Buffer.from(String(bytes[i] ?? ''), 'base64') }),
    })),
  )
}

type Looked = { readonly value: string } | { readonly why: string }

async function lookAtAll(
  { root, dataset, paths }: ImageRequest,
  kind: Kind,
  cells: readonly DistinctCell[],
  files: Map<string, SourceFile>,
): Promise<readonly Looked[]> {
  const place = { root, folder: folderOf(dataset.source.standsFor ?? dataset.source.path) }
  const one = async ({ key, bytes }: DistinctCell): Promise<Looked> => {
    if (kind === 'bytes') return lookAtBytes(root, bytes ?? Buffer.alloc(0), paths)
    const image = await findImage(place, key)
    if (!image.ok) return { why: image.why }
    const { value, path, size, modifiedMs } = image.value
    paths.set(readImage(value)?.digest ?? '', path)
    files.set(path, { path, name: key, size, modifiedMs })
    return { value }
  }
  const looked: Looked[] = []
  for (let from = 0; from < cells.length; from += AT_ONCE)
    looked.push(...(await Promise.all(cells.slice(from, from + AT_ONCE).map(one))))
  return looked
}

/** Bytes of a cell become a file once they are known to be an image: whoever asks a model reads files. */
async function lookAtBytes(root: string, bytes: Buffer, paths: ImagePaths): Promise<Looked> {
  const read = await look(bytes)
  if (!read.ok) return { why: read.why }
  const { digest = '', format = 'png' } = readImage(read.value) ?? {}
  const path = joinPath(keptImages(root), `${digest}.${format}`)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
  paths.set(digest, path)
  return { value: read.value }
}

/** A cell as the image it is; where it is none, what was found instead. */
export function imageCell(stored: RawColumn, found: ImageTable | undefined): TypedCell & { readonly shown?: Sql } {
  const nothing = sql`CAST(NULL AS VARCHAR)`
  if (found === undefined) return { cell: nothing, misfit: sql`${stored.cell} IS NOT NULL` }
  const key = kindOf(stored) === 'bytes' ? sql`sha256(${stored.cell})` : sql`CAST(${stored.cell} AS VARCHAR)`
  const of = (column: Sql): Sql => sql`(SELECT ${column} FROM ${found.table} WHERE ${found.key} = ${key})`
  const cell = of(found.image)
  const name = kindOf(stored) === 'bytes' ? textLiteral('bytes') : key
  return {
    cell,
    misfit: sql`${stored.cell} IS NOT NULL AND ${cell} IS NULL`,
    shown: sql`${name} || ': it ' || ${of(found.why)}`,
  }
}

/** The digest of a dataset whose rows name images: another picture under the same name is other data. */
export function digestWithImages(rows: string, { digest }: Pick<ReadImages, 'digest'>): string {
  if (!rows.startsWith('bytes:')) return rows
  return `bytes:sha256:${createHash('sha256').update(`${rows}\nimages ${digest}\n`).digest('hex')}`
}
