import { type FileDataset, identifier, integerLiteral, join, type ProgramColumn, type Sql, sql } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { hasImages, imageCell, type ImagePaths, type ReadImages, readImages } from '../images/image-columns.ts'
import { type DeadPath, deadPaths, placesInFiles } from './dead-paths.ts'
import { found, type Read, type ReadFailure } from './failure.ts'
import { parquetFault } from './parquet-fault.ts'
import { type Rejects, raggedLines, rejectsOf } from './ragged-lines.ts'
import { type RawColumn, type RawSource, rawSource } from './raw-source.ts'
import { readFailure } from './read-failure.ts'
import type { RelationColumn, Rows } from './relation.ts'
import type { SourceFile } from './source-files.ts'
import { type NestedCell, nestedCell, stepsWithin, storedName } from './nested-cell.ts'
import { type TypedCell, typedCell } from './typed-column.ts'

/** A dataset as read: its columns typed as declared. */
export interface OpenDataset {
  readonly from: Rows
  readonly numbered: Rows
  readonly columnar: boolean
  readonly columns: ReadonlyMap<string, RelationColumn>
  readonly failures: ReadonlyMap<string, ReadFailure>
  /** Names of all columns in the data, in its order. */
  readonly present: readonly string[]
  /** In the data, not in the spec: information. */
  readonly undeclared: readonly string[]
  /** What has to be alike in files of one source: columns as they are stored, and how the files are written. */
  readonly shape?: string
  /** How the files were found to be written, where the spec does not say; a phrase each. */
  readonly said?: readonly string[]
  /** What of the files was left out, and which paths lead nowhere; a sentence each. */
  readonly notes?: readonly string[]
  /** Declared paths that lead nowhere; each is one of the notes. */
  readonly deadPaths?: readonly DeadPath[]
  /** What is wrong with the files where a statement over these columns failed; undefined where that is not known. */
  readonly faultIn?: (columns: Iterable<string>) => Promise<string | undefined>
  /** What its images are, where it has a column of them. */
  readonly images?: ReadImages
}

/** What to open, and how. */
export interface OpenRequest {
  readonly dataset: FileDataset
  readonly files: readonly SourceFile[]
  /** Names the temporary table; unique within the session. */
  readonly ordinal: number
  /** The temporary table's own name, where it is not made from the ordinal. */
  readonly table?: string
  /** Declared columns that are read at all; the others are left in the file. */
  readonly needed: ReadonlySet<string>
  /** It is read by one statement: nothing is kept, so that memory does not grow with the files. */
  readonly once?: true
  /** Only its columns are looked at; no row will be asked for. */
  readonly glance?: true
  /** Where files that cells name are, and where those that were found are told. Without it a cell of an image cannot be read. */
  readonly images?: { readonly root: string; readonly paths: ImagePaths }
}

/**
 * Opens a dataset. Parquet stays where it is and is scanned column by column; CSV and JSON are parsed once, into a
 * temporary table of the needed columns, since each further statement would parse the file again.
 */
export async function openDataset(session: Session, request: OpenRequest): Promise<Read<OpenDataset>> {
  const name = request.table ?? `dataset_${request.ordinal}`
  const raw = await rawSource(session, request.dataset, request.files, {
    table: `${name}_raw`,
    needed: new Set(
      request.dataset.columns
        // Images are part of what the data is, whether a clause reads them or not.
        .filter(({ name: each, columnType }) => request.needed.has(each) || columnType === 'image')
        .map(storedName),
    ),
    ...(request.glance === true ? { glance: true } : {}),
    ...(request.once === true ? {} : { rejects: rejectsOf(name) }),
  })
  if (!raw.ok) return raw
  const source = raw.value
  const images = await imagesOf(session, name, source, request)
  if (images !== undefined && !images.ok) return images
  const { columns, failures, partsOf } = typedColumns(source, request, images?.value)
  const declared = new Set(request.dataset.columns.map(storedName))
  const present = [...source.columns.keys()]
  const undeclared = present.filter((each) => !declared.has(each))
  const about = {
    columns,
    failures,
    present,
    undeclared,
    shape: shapeOf(source),
    said: source.said ?? [],
    ...(images === undefined ? {} : { images: images.value }),
  }
  const { columns: all } = request.dataset
  const projection = projectionOf([...partsOf.values()].flat())
  if (source.positions !== undefined) {
    const { positions } = source
    const from = narrowing(partsOf, (parts) => sql`(SELECT ${projectionOf(parts)} FROM ${source.from})`)
    const dead = request.glance === true ? [] : await deadPaths(session, placesInFiles(source), { from, columns }, all)
    return found({
      ...about,
      from,
      ...notesOf([], dead),
      numbered: narrowing(
        partsOf,
        (parts) => sql`(SELECT ${projectionOf(parts)}, ${positions.row} AS "row" FROM ${positions.from})`,
      ),
      columnar: true,
      faultIn: (names) => parquetFault(session, request.files, storedCells(source, request, names)),
    })
  }
  if (request.once === true || request.glance === true) {
    const from = sql`(SELECT ${projection} FROM ${source.from})`
    const numbered = sql`(SELECT *, row_number() OVER () AS "row" FROM ${from})`
    return found({ ...about, from, numbered, columnar: false })
  }
  const table = identifier(name)
  const made = await session.query(
    sql`CREATE OR REPLACE TEMP TABLE ${table} AS SELECT ${projection} FROM ${source.from}`,
  )
  if (!made.ok) return { ok: false, failure: await readFailure(made.error, request.files) }
  const dead = await deadPaths(session, placesInFiles(source), { from: table, columns }, all)
  if (request.dataset.source.format === 'arrow') await session.query(sql`DROP TABLE ${source.from}`)
  const rows = Number(made.value.columns.get('Count')?.[0] ?? 0)
  const notes = await leftOut(session, source.rejects, request.files, rows)
  if (!notes.ok) return notes
  const numbered = sql`(SELECT *, rowid + 1 AS "row" FROM ${table})`
  return found({ ...about, ...notesOf(notes.value, dead), from: table, numbered, columnar: false })
}

/** What a reader has to know of the data: what was left out, and the paths that lead nowhere. */
export function notesOf(
  leftOut: readonly string[],
  dead: readonly DeadPath[],
): Pick<OpenDataset, 'notes' | 'deadPaths'> {
  return { notes: [...leftOut, ...dead.map(({ says }) => says)], ...(dead.length === 0 ? {} : { deadPaths: dead }) }
}

async function imagesOf(
  session: Session,
  table: string,
  source: RawSource,
  { dataset, images, glance }: OpenRequest,
): Promise<Read<ReadImages> | undefined> {
  if (images === undefined || glance === true || !hasImages(dataset)) return undefined
  return readImages({ session, dataset, source, table, ...images })
}

function shapeOf({ columns, said = [], packing = 'none' }: RawSource): string {
  return JSON.stringify([[...columns].map(([name, { type }]) => [name, type]), said, packing])
}

async function leftOut(session: Session, rejects: Rejects | undefined, files: readonly SourceFile[], rows: number) {
  return rejects === undefined ? found<readonly string[]>([]) : raggedLines(session, rejects, files, rows)
}

function storedCells(source: RawSource, { dataset }: OpenRequest, names: Iterable<string>): readonly Sql[] {
  const stored = new Map(dataset.columns.map((column) => [column.name, storedName(column)]))
  return [...new Set([...names].map((name) => stored.get(name) ?? name))].flatMap(
    (name) => source.columns.get(name)?.cell ?? [],
  )
}

/** Stored types whose order is that of the typed cells, by the type they are read as. */
const PLAIN: Readonly<Record<string, RegExp>> = {
  int: /^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER)$/,
  double: /^(TINYINT|SMALLINT|INTEGER|UTINYINT|USMALLINT|UINTEGER|FLOAT|DOUBLE)$/,
  timestamp: /^TIMESTAMP$/,
}

function typedColumns(source: RawSource, request: OpenRequest, images: ReadImages | undefined) {
  const columns = new Map<string, RelationColumn>()
  const failures = new Map<string, ReadFailure>()
  const partsOf = new Map<string, readonly Sql[]>()
  request.dataset.columns.forEach((column, index) => {
    if (!request.needed.has(column.name)) return
    const failed = source.failures.get(storedName(column)) ?? images?.refused.get(column.name)
    if (failed !== undefined) {
      failures.set(column.name, failed)
      return
    }
    const stored = source.columns.get(storedName(column))
    if (stored === undefined) {
      failures.set(column.name, missingColumn(storedName(column), request, [...source.columns.keys()]))
      return
    }
    const steps = stepsWithin(column)
    const within = steps.length === 0 ? undefined : nestedCell(stored.cell, stored.type, steps)
    const raw: RawColumn = within === undefined ? stored : { cell: within.cell, type: 'VARCHAR' }
    const typed =
      column.columnType === 'image'
        ? imageCell(stored, images?.tables.get(storedName(column)))
        : typedCell(decimalPoint(raw, column, request.dataset), raw.type, column.columnType, column.type, column.format)
    const { cell, misfit } = withBroken(typed, within)
    // Names of our own: those of the data differ in case only at times, and are anything at all.
    const name = identifier(`c${index}`)
    const text = identifier(`f${index}`)
    const parts = [sql`${cell} AS ${name}`]
    const plainly = within === undefined ? raw.cell : sql`coalesce(${raw.cell}, CAST(${stored.cell} AS VARCHAR))`
    const shown = (typed as { readonly shown?: Sql }).shown ?? plainly
    if (misfit !== undefined) parts.push(sql`CASE WHEN ${misfit} THEN CAST(${shown} AS VARCHAR) END AS ${text}`)
    const unread = identifier(`p${index}`)
    const plain = raw.bounded === true && PLAIN[column.type.kind]?.test(raw.type) === true
    if (plain) parts.push(sql`${raw.cell} AS ${unread}`)
    partsOf.set(column.name, parts)
    columns.set(column.name, {
      name: column.name,
      type: column.type,
      cell: name,
      ...(misfit === undefined ? {} : { misfit: text }),
      ...(plain ? { plain: unread } : {}),
      ...(raw.fewValues === true ? { fewValues: true as const } : {}),
    })
  })
  return { columns, failures, partsOf }
}

/** Rows count also where no clause reads a column. */
const projectionOf = (parts: readonly Sql[]): Sql =>
  join(parts.length === 0 ? [sql`${integerLiteral(0n)} AS "nothing"`] : parts, sql`, `)

/** A FROM item of the parts of all columns, and of as many as are asked for. */
function narrowing(partsOf: ReadonlyMap<string, readonly Sql[]>, item: (parts: readonly Sql[]) => Sql): Rows {
  const only = (names: Iterable<string>): Sql => item([...new Set(names)].flatMap((name) => partsOf.get(name) ?? []))
  return Object.assign(item([...partsOf.values()].flat()), { only })
}

/** A stored cell that should hold others and does not cannot be read, either. */
function withBroken(typed: TypedCell, within: NestedCell | undefined): TypedCell {
  if (within === undefined) return typed
  const { broken } = within
  return { ...typed, misfit: typed.misfit === undefined ? broken : sql`(${typed.misfit} OR ${broken})` }
}

/** Numbers with a decimal comma as the engine reads them; what has a point in it then cannot be read, whatever it means. */
function decimalPoint(raw: RawColumn, column: ProgramColumn, { source }: FileDataset): Sql {
  const isNumber = column.type.kind === 'double' || column.type.kind === 'int'
  return source.decimal === ',' && isNumber && raw.type === 'VARCHAR'
    ? sql`translate(${raw.cell}, ',.', '.,')`
    : raw.cell
}

function missingColumn(name: string, request: OpenRequest, present: readonly string[]): ReadFailure {
  const shown = present.slice(0, 20).join(', ')
  const more = present.length > 20 ? `, and ${present.length - 20} more` : ''
  return {
    reason: 'column-missing',
    cause: `"${request.dataset.source.path}" has no column "${name}". It has: ${shown}${more}. Names are compared exactly, case included.`,
  }
}
