import { createHash } from 'node:crypto'
import { join as joinPath } from 'node:path'
import { type Host, identifier, type FileDataset, type Sql, sql, textLiteral } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { csvHead } from '../relations/csv-header.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import { openDataset } from '../relations/open-dataset.ts'
import { readFailure } from '../relations/read-failure.ts'
import { type SourceFile, sourceFiles } from '../relations/source-files.ts'
import { isUnchanged, readOn, type ReadSoFar, type Records, stillThere } from './appended-records.ts'
import { type DeclaredLabels, growsByLines, labelRows, labelsDataset, stampOf } from './label-source.ts'

/** Which labels. */
export interface ShelvedLabels extends DeclaredLabels {
  /** The project's directory; the file is inside it. */
  readonly root: string
}

/** All labels of a file, kept between readings. Belongs to one session and one spec. */
export interface LabelShelf {
  /**
   * Brings what is kept up to date with the file, and does something with it: with a table of `k0`…, `label`, `at` and
   * `whole`, one row for each of the file. The table is there meanwhile only. Undefined where there is no file.
   */
  read<T>(labels: ShelvedLabels, work: (all: Sql) => Promise<Read<T>>): Promise<Read<T | undefined>>
  /** Frees what is kept. */
  close(): Promise<void>
}

/** Where labels are kept. */
export interface LabelShelfOptions {
  readonly host: Host
  readonly session: Session
  /** What it is called in the session; unique there. */
  readonly name: string
  /**
   * A directory that is nobody else's: the labels are kept in a file there, so that they take no memory, and of a CSV file
   * only what is new is read. Absent: in memory, and any change has the file read anew.
   */
  readonly directory?: string
}

/** What was read. `files`: how far each of them; empty where the source can only be read as a whole. */
interface Kept {
  readonly stamp: string
  readonly files: ReadonlyMap<string, ReadSoFar>
}

const NOTHING_READ: ReadonlyMap<string, ReadSoFar> = new Map()

/** A shelf without labels. Nothing is read, and no file made, before it is used. */
export function labelShelf(options: LabelShelfOptions): LabelShelf {
  const { session, name } = options
  const place = options.directory === undefined ? undefined : fileOf(options, options.directory)
  const all = place === undefined ? identifier(name) : sql`${identifier(name)}.${identifier('labels')}`
  let kept: Kept | undefined
  let used = false

  const upToDate = async (labels: ShelvedLabels, files: readonly SourceFile[]): Promise<Read<Kept>> => {
    const dataset = labelsDataset(labels)
    if (!dataset.ok) return dataset
    const reopen = async (): Promise<Read<true>> => {
      await place?.close()
      return place?.open(false) ?? found(true)
    }
    const inMemory = place === undefined
    const reading: Reading = { ...options, labels, dataset: dataset.value, files, all, inMemory, reopen }
    // What cannot be read in parts is read as a whole: it may be that it can be, and else it says why as it always does.
    const appended = place !== undefined && growsByLines(labels.labels) ? await readAppended(reading, kept) : undefined
    return appended?.ok === true ? appended : readWhole(reading)
  }

  return {
    async read(labels, work) {
      const files = await sourceFiles(labels.root, labels.labels.source)
      if (!files.ok) return files.failure.reason === 'source-missing' ? found(undefined) : files
      used = true
      const opened = await place?.open(kept === undefined)
      if (opened?.ok === false) return opened
      try {
        if (kept?.stamp !== stampOf(files.value)) {
          const read = await upToDate(labels, files.value)
          // After a failure nobody knows what is there.
          kept = read.ok ? read.value : undefined
          if (!read.ok) return read
        }
        const done = await work(all)
        if (!done.ok) kept = undefined
        return done
      } finally {
        await place?.close()
      }
    },
    async close() {
      kept = undefined
      // What was never used may be somebody else's.
      if (!used) return
      if (place === undefined) await session.query(sql`DROP TABLE IF EXISTS ${all}`)
      else await place.remove()
    },
  }
}

/** The file of a shelf. It is open only while it is read, so that none of its blocks stays in memory. */
function fileOf({ host, session, name }: LabelShelfOptions, directory: string) {
  const path = joinPath(directory, `${name}.duckdb`)
  const remove = async (): Promise<Read<true>> => {
    for (const each of [path, `${path}.wal`]) {
      const gone = await host.files.remove(each)
      if (!gone.ok) return unkept(gone.error.message)
    }
    return found(true)
  }
  return {
    remove,
    /** `anew`: whatever is there was left by somebody who was killed. */
    async open(anew: boolean): Promise<Read<true>> {
      const made = anew ? await host.files.mkdir(directory) : undefined
      if (made?.ok === false) return unkept(made.error.message)
      const removed = anew ? await remove() : found(true)
      if (!removed.ok) return removed
      const opened = await session.query(sql`ATTACH ${textLiteral(path)} AS ${identifier(name)}`)
      return opened.ok ? found(true) : unkept(opened.error.cause)
    },
    async close(): Promise<void> {
      await session.query(sql`DETACH ${identifier(name)}`)
    },
  }
}

function unkept(cause: string): Read<never> {
  return unreadable('engine-failed', `What was read of the labels cannot be kept: ${cause.replace(/\.$/, '')}.`)
}

interface Reading extends LabelShelfOptions {
  readonly labels: ShelvedLabels
  readonly dataset: FileDataset
  readonly files: readonly SourceFile[]
  readonly all: Sql
  readonly inMemory: boolean
  /** Closes the file, with what the engine holds of it, and opens it again. */
  readonly reopen: () => Promise<Read<true>>
}

async function readWhole(reading: Reading): Promise<Read<Kept>> {
  const made = await takeRows(reading, reading.files, createTable(reading), sql`NULL`)
  return made.ok ? found({ stamp: stampOf(reading.files), files: NOTHING_READ }) : made
}

const createTable = ({ all, inMemory }: Reading): Sql =>
  inMemory ? sql`CREATE OR REPLACE TEMP TABLE ${all} AS` : sql`CREATE OR REPLACE TABLE ${all} AS`

/** Reads the rows of files with a statement that takes a SELECT; `unfinished` is the name of a file whose last line it is. */
async function takeRows(
  { session, labels, dataset }: Reading,
  files: readonly SourceFile[],
  statement: Sql,
  unfinished: Sql,
): Promise<Read<true>> {
  const needed = new Set(dataset.columns.map(({ name }) => name))
  const opened = await openDataset(session, { dataset, files, ordinal: 0, needed, once: true })
  if (!opened.ok) return opened
  const [failure] = opened.value.failures.values()
  if (failure !== undefined) return { ok: false, failure }
  const rows = sql`SELECT *, CAST(${unfinished} AS VARCHAR) AS "unfinished" FROM (${labelRows(labels, opened.value)})`
  const taken = await session.query(sql`${statement} ${rows}`)
  return taken.ok ? found(true) : { ok: false, failure: await readFailure(taken.error, files) }
}

/** Reads what was appended to the files since, or all of them where one is no longer what it was. */
async function readAppended(reading: Reading, before: Kept | undefined): Promise<Read<Kept>> {
  const { host, session, directory = '', files, all, dataset, name } = reading
  const known = before?.files ?? NOTHING_READ
  const hashes = new Map<string, ReturnType<typeof createHash>>()
  let anew = known.size === 0 || [...known.keys()].some((each) => !files.some((file) => file.name === each))
  for (const file of files) {
    const read = known.get(file.name)
    if (anew || read === undefined || isUnchanged(file, read)) continue
    const hash = await stillThere(host, file, read)
    if (hash === undefined) anew = true
    else hashes.set(file.name, hash)
  }
  const path = joinPath(directory, `${name}.csv`)
  let isMade = !anew
  const take =
    (file: SourceFile) =>
    async ({ text, unfinished }: Records): Promise<Read<boolean>> => {
      const size = await writePart(host, path, text)
      if (!size.ok) return size
      const part = { path, name: file.name, size: size.value, modifiedMs: 0 }
      const statement = isMade ? sql`INSERT INTO ${all}` : createTable(reading)
      const taken = await takeRows(reading, [part], statement, unfinished ? textLiteral(file.name) : sql`NULL`)
      if (taken.ok) isMade = true
      // What a piece became is let go of before the next.
      const reopened = taken.ok ? await reading.reopen() : found(true)
      if (!reopened.ok) return reopened
      // What cannot be read of a line that has no end yet is read when it has one.
      return taken.ok || unfinished ? found(taken.ok) : taken
    }
  const readFiles = new Map<string, ReadSoFar>()
  for (const file of files) {
    const read = anew ? undefined : known.get(file.name)
    if (read !== undefined && isUnchanged(file, read)) {
      readFiles.set(file.name, read)
      continue
    }
    if (read?.unfinished === true) {
      const gone = await session.query(sql`DELETE FROM ${all} WHERE "unfinished" = ${textLiteral(file.name)}`)
      if (!gone.ok) return unkept(gone.error.cause)
    }
    const from = read ?? (await beginning(file, dataset))
    if ('failure' in from) return { ok: false, failure: from.failure }
    const hash = hashes.get(file.name) ?? createHash('sha256')
    const now = await readOn(host, file, { ...from, hash }, take(file))
    if (!now.ok) return now
    readFiles.set(file.name, now.value)
  }
  await host.files.remove(path)
  const headers = new Set([...readFiles.values()].map(({ header }) => new TextDecoder().decode(header).trim()))
  if (headers.size > 1) return unreadable('source-unreadable', 'The files have other columns than each other.')
  return found({ stamp: stampOf(files), files: readFiles })
}

/** Where a file that nothing was read of begins. */
async function beginning(file: SourceFile, { source }: FileDataset) {
  const head = await csvHead(file, 'utf-8', source.delimiter)
  return head.ok ? { bytes: 0, delimiter: head.value.delimiter.charCodeAt(0) } : head
}

async function writePart(host: Host, path: string, text: readonly Uint8Array[]): Promise<Read<number>> {
  const removed = await host.files.remove(path)
  if (!removed.ok) return unkept(removed.error.message)
  for (const each of text) {
    const written = await host.files.append(path, each, { sync: false })
    if (!written.ok) return unkept(written.error.message)
  }
  return found(text.reduce((sum, { length }) => sum + length, 0))
}
