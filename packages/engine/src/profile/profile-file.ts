import {
  type CellPath,
  type ColumnProfile,
  type DataProfile,
  identifier,
  integerLiteral,
  type ProgramFiles,
  type Sql,
  sql,
  textLiteral,
  undeclarable,
} from '@plumbline/core'
import { type Outcome, type QueryError, succeed } from '../duckdb/failure.ts'
import { openSession, type Session, type SessionOptions } from '../duckdb/session.ts'
import { nestedCell } from '../relations/nested-cell.ts'
import { type RawSource, rawSource } from '../relations/raw-source.ts'
import { readFailure } from '../relations/read-failure.ts'
import { type SourceFile, sourceFiles } from '../relations/source-files.ts'
import { type Attempt, attemptsOf, datasetOf } from './attempts.ts'
import { cellStats, type RawColumn } from './cell-stats.ts'
import { type TypedColumn, columnDetails, typedRows, valueDoubts } from './column-details.ts'
import { rangeOf } from './column-range.ts'
import { foundTypes, nullValues, withTimes } from './found-types.ts'
import { notProfiled, type Profiled, profiled } from './failure.ts'
import { sniffFile } from './sniff-file.ts'
import { type Leaf, structLeaves } from './struct-leaves.ts'

/** Which file to profile. */
export interface ProfileRequest {
  /** The project's directory. */
  readonly root: string
  /** The file, relative to it, with `/`. */
  readonly path: string
  readonly signal?: AbortSignal
  readonly session?: Omit<SessionOptions, 'signal'>
}

/** Bytes above which some rows are read first, to ask less of the others. */
const LARGE = 4_000_000

/** A profile whose rows are still at hand. */
export interface OpenProfile {
  readonly profile: DataProfile
  readonly session: Session
  readonly file: SourceFile
  /** A FROM item: the cells as their types, column k of the profile under the name `ck`, in the order of the file. */
  readonly from: Sql
}

/**
 * Profiles one CSV, JSON or Parquet file: every row is read, twice for CSV. What the profile says holds for the file as
 * `relations/` reads it. Nothing is thrown for data.
 */
export function profileFile(request: ProfileRequest): Promise<Profiled<DataProfile>> {
  return withProfile(request, ({ profile }) => Promise.resolve(profiled(profile)))
}

/** Profiles a file and looks at its rows as they were read then; what `use` gives is given. */
export async function withProfile<T>(
  request: ProfileRequest,
  use: (open: OpenProfile) => Promise<Profiled<T>>,
): Promise<Profiled<T>> {
  const files = await sourceFiles(request.root, request.path)
  const file = files.ok ? files.value[0] : undefined
  if (!files.ok || file === undefined) {
    const message = files.ok ? `There is no file "${request.path}".` : files.failure.cause
    return notProfiled('no-file', message, 'A profile is made of one file of the project.', 'Check the path.')
  }
  if (file.size === 0) {
    const why = 'There is nothing in it to write a spec from.'
    return notProfiled('empty-file', `"${file.name}" is empty.`, why, 'Name a file with data.')
  }
  const sniffed = await sniffFile(file)
  if (!sniffed.ok) return sniffed
  const attempts = await attemptsOf(file, sniffed.value)
  const { signal } = request
  const session = await openSession({ ...request.session, ...(signal === undefined ? {} : { signal }) })
  if (!session.ok) return engineFailure(session.error, file)
  try {
    let first: Profiled<never> | undefined
    for (const attempt of attempts) {
      const found = await profileAttempt(session.value, file, attempt)
      if (found.ok) return await use(found.value)
      if (found.failure.code !== 'unreadable') return found
      // The first way is the likeliest, so its failure is the one that helps.
      first ??= found
    }
    return first ?? noRecord(file)
  } finally {
    session.value.close()
  }
}

function noRows(file: SourceFile): Profiled<never> {
  const why = 'Without a row no type and no bound can be seen.'
  return notProfiled('no-rows', `"${file.name}" has no rows.`, why, 'Name a file with data in it.')
}

function noRecord(file: SourceFile): Profiled<never> {
  return notProfiled(
    'unreadable',
    `"${file.name}" is not a CSV file.`,
    'A quote opens in its first megabyte and does not close, or one line is longer than that.',
    'Close the quote (or double it inside a field), or name another file.',
  )
}

async function profileAttempt(session: Session, file: SourceFile, attempt: Attempt): Promise<Profiled<OpenProfile>> {
  const raw = await rawSource(session, datasetOf(attempt), [file])
  if (!raw.ok) return unreadable(raw.failure.cause)
  const structs = await structsOf(session, raw.value, attempt.source, file)
  const { columns, leftOut } = rawColumns(raw.value, attempt.source, structs)
  if (raw.value.columns.size === 0) return noRows(file)
  const isText = attempt.source.format === 'csv' || attempt.source.format === 'json'
  const keep = (source: RawSource) => (isText ? keptOnce(session, source.from, columns.length) : succeed(source.from))
  const kept = await keep(raw.value)
  if (!kept.ok) return engineFailure(kept.error, file)
  const from = kept.value
  const sample =
    file.size < LARGE || !isText
      ? undefined
      : await cellStats(session, sql`(SELECT * FROM ${from} LIMIT ${sampleRows(columns.length)})`, columns)
  if (sample !== undefined && !sample.ok) return engineFailure(sample.error, file)
  const measured = await cellStats(session, from, columns, sample?.value.stats)
  if (!measured.ok) return engineFailure(measured.error, file)
  const { rows, stats } = measured.value
  if (rows === 0) return noRows(file)
  if (columns.length === 0) {
    const why = leftOut.map(({ column, why: reason }) => `"${column}" ${reason}`).join('; ') || 'It has no columns.'
    return notProfiled(
      'no-columns',
      `"${file.name}" has no column that a spec can declare.`,
      why,
      'Rename the columns.',
    )
  }
  const timed = await withTimes(session, from, columns, stats, foundTypes(columns, stats))
  if (!timed.ok) return engineFailure(timed.error, file)
  const types = timed.value
  const declared = await nullValues(session, from, columns, stats, types)
  if (!declared.ok) return engineFailure(declared.error, file)
  const tokens = declared.value
  const source = tokens.length === 0 ? attempt.source : { ...attempt.source, nullValues: tokens }
  const final: Attempt = { ...attempt, source }
  const reopened = await rawSource(session, datasetOf(final), [file])
  if (!reopened.ok) return unreadable(reopened.failure.cause)
  const typed = columns.flatMap((column, i): TypedColumn[] => {
    const found = types[i]
    return found === undefined ? [] : [{ column, found, distinct: stats[i]?.distinct ?? 0 }]
  })
  const again = tokens.length === 0 ? kept : await keep(reopened.value)
  if (!again.ok) return engineFailure(again.error, file)
  const details = await columnDetails(session, again.value, typed, rows)
  if (!details.ok) return engineFailure(details.error, file)
  const { missing, values, keys, copies } = details.value
  // A contract on nothing could only ever be undecided; without a header every column must be declared.
  const isEmpty = (i: number): boolean => missing[i] === rows && attempt.names === undefined
  const profile: DataProfile = {
    source: final.source,
    rows,
    columns: typed.flatMap(({ column, found, distinct }, i): ColumnProfile[] => {
      if (isEmpty(i)) return []
      const codes = values[i]
      const range = codes === undefined ? rangeOf(found, stats[i]) : undefined
      return [
        {
          name: column.name,
          ...(column.path === undefined ? {} : { path: column.path }),
          ...(found.times?.format === undefined ? {} : { format: found.times.format }),
          type: codes === undefined ? found.type : 'category',
          missing: missing[i] ?? 0,
          distinct: codes?.length ?? distinct,
          ...(range === undefined ? {} : { range }),
          ...(codes === undefined ? {} : { values: codes }),
          doubts: [
            ...found.doubts,
            ...valueDoubts(found, codes),
            ...(isConstant(range, rows) ? (['constant'] as const) : []),
          ],
        },
      ]
    }),
    keys: keys.map((i) => columns[i]?.name ?? ''),
    ...(copies === undefined ? {} : { copies }),
    leftOut: [
      ...leftOut,
      ...columns.filter((_, i) => isEmpty(i)).map(({ name }) => ({ column: name, why: 'is missing in every row' })),
    ],
    guesses: [...final.guesses, ...(tokens.length === 0 ? [] : (['null-values'] as const))],
  }
  const filled = typed.filter((_, i) => !isEmpty(i))
  return profiled({ profile, session, file, from: typedRows(again.value, filled) })
}

/** Columns above which the rows of a text file are kept in a table: each statement would parse all of it again. */
const WIDE = 24

/** Where the rows of a file are read from: the file itself, or of a wide one a table (beyond memory, in the temporary directory). */
async function keptOnce(session: Session, from: Sql, columns: number): Promise<Outcome<Sql>> {
  if (columns <= WIDE) return succeed(from)
  const table = identifier('profiled_cells')
  const made = await session.query(sql`CREATE OR REPLACE TEMP TABLE ${table} AS SELECT * FROM ${from}`)
  return made.ok ? succeed(table) : made
}

/** Rows that are read first: of a wide file fewer, since each of its statements asks the sample again. */
function sampleRows(columns: number): Sql {
  return integerLiteral(BigInt(Math.max(2000, Math.min(20_000, Math.floor(400_000 / columns)))))
}

/** Types of columns that hold structs, or objects of JSON that are all alike: their values become columns. */
async function structsOf(
  session: Session,
  raw: RawSource,
  { format }: ProgramFiles,
  file: SourceFile,
): Promise<ReadonlyMap<string, string>> {
  if (format !== 'json') return new Map([...raw.columns].map(([name, { type }]) => [name, type]))
  const described = await session.query(
    sql`DESCRIBE SELECT * FROM read_json(${textLiteral(file.path)}, sample_size=-1, map_inference_threshold=-1)`,
  )
  if (!described.ok) return new Map()
  const cells = (name: string): readonly string[] => (described.value.columns.get(name) ?? []).map(String)
  return new Map(cells('column_name').map((name, i) => [name, cells('column_type')[i] ?? '']))
}

function rawColumns(raw: RawSource, source: ProgramFiles, structs: ReadonlyMap<string, string>) {
  const columns: RawColumn[] = []
  const leftOut: { column: string; why: string }[] = []
  const inner: { stored: string; cell: Sql; type: string; leaf: Leaf }[] = []
  for (const [name, { cell, type }] of raw.columns) {
    const why = raw.failures.has(name)
      ? 'is named more than once in the header'
      : (undeclarable(name) ?? unreadType(type))
    const leaves = raw.failures.has(name) ? [] : structLeaves(structs.get(name) ?? '')
    if (leaves.length > 0) inner.push(...leaves.map((leaf) => ({ stored: name, cell, type, leaf })))
    else if (why !== undefined) leftOut.push({ column: name, why })
    else
      columns.push({
        name,
        cell,
        type,
        untyped: source.format === 'csv' || source.format === 'json',
        nullable: source.format === 'csv',
      })
  }
  for (const { stored, cell, type, leaf } of inner) {
    const path: CellPath = [stored, ...leaf.steps]
    const name = path.join('_')
    const isTaken = raw.columns.has(name) || columns.some((each) => each.name === name)
    const why = isTaken
      ? `would be called as another column is; declare it by \`path\``
      : (undeclarable(name) ??
        (/[\])]$/.test(leaf.type) && !leaf.type.startsWith('DECIMAL') ? 'holds a list' : undefined))
    if (why !== undefined) leftOut.push({ column: path.join('.'), why })
    else {
      const within = nestedCell(cell, type, leaf.steps).cell
      columns.push({ name, path, cell: within, type: 'VARCHAR', untyped: true, nullable: false })
    }
  }
  return { columns, leftOut }
}

function unreadType(type: string): string | undefined {
  const readable =
    /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|BIGNUM|DOUBLE|FLOAT|DECIMAL.*|BOOLEAN|VARCHAR|JSON|UUID|ENUM\(.*\)|DATE|TIMESTAMP.*)$/s
  const listed = type.endsWith(']')
  return readable.test(type) && !listed
    ? undefined
    : `holds ${type.slice(0, 40)}, a type the language does not have yet`
}

function isConstant(range: ColumnProfile['range'], rows: number): boolean {
  return rows > 1 && range !== undefined && range[0] !== null && range[0] === range[1]
}

function unreadable(cause: string): Profiled<never> {
  return notProfiled(
    'unreadable',
    cause,
    'A spec is written from what can be read, all of it.',
    'Repair the file, then run it again.',
  )
}

/** What stopped the engine, as a failure to profile. */
export async function engineFailure(error: QueryError, file: SourceFile): Promise<Profiled<never>> {
  if (error.code === 'interrupted') {
    return notProfiled('interrupted', 'Interrupted.', 'The file was not read to its end.', 'Run it again.')
  }
  if (error.code === 'not-available' || error.code === 'out-of-memory') {
    return notProfiled(
      'engine',
      error.cause,
      'The engine that reads data stopped.',
      'Free memory, or profile a part of the file.',
    )
  }
  const { cause } = await readFailure(error, [file])
  return unreadable(cause)
}
