import { availableParallelism, tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import type { DuckDBConnection, DuckDBInstance, DuckDBMaterializedResult, DuckDBValue } from '@duckdb/node-api'
import { identifier, join, render, type Sql, sql } from '@plumbline/core'
import type { Cell, Database, Table } from '../engines/database.ts'
import { listText } from '../engines/list-text.ts'
import { fail, type Outcome, parseFailure, succeed } from './failure.ts'
import { duckdbSpelling } from './spelling.ts'

/** Statements that run at once: each holds one of the four threads that Node has for waiting on files, too. */
const MOST_LANES = 3

/** The most rows that a chunk of the engine holds. */
const CHUNK_ROWS = 2048

export type { Cell, Table } from '../engines/database.ts'

/** How an in-memory engine is opened. */
export interface SessionOptions {
  /** Default: one, and as many as the machine has from the time that `expect` was told of much data. */
  readonly threads?: number
  /** As DuckDB reads it: `1GB`. Default: DuckDB's own (80 % of the memory). */
  readonly memoryLimit?: string
  /**
   * For a process that lives for months: no blocks of files that were read are kept, and what a statement took is given
   * back to the system at once. Costs a little of the speed.
   */
  readonly keepsLittle?: true
  /** Where more than fits in memory is kept meanwhile; default: a directory of the system's own, never the project. */
  readonly temporaryDirectory?: string
  /** Aborting it interrupts the statement that runs and refuses those that follow. */
  readonly signal?: AbortSignal
}

/** A column to be loaded into a table. */
export interface LoadedColumn {
  readonly name: string
  readonly type: 'double' | 'bigint' | 'boolean' | 'text'
  readonly values: ArrayLike<number | bigint | boolean | string | null>
}

/** From so many bytes of sources on several threads are worth what they cost: on less, DuckDB spends more on waking them. */
const MUCH = 8 * 2 ** 20

/** One in-memory DuckDB. */
export interface Session extends Database {
  /** Says that so many bytes are about to be read. */
  expect(bytes: number): Promise<void>
  /** Makes a temporary table of columns of one length; null is null. */
  load(table: string, columns: readonly LoadedColumn[]): Promise<Outcome<true>>
  /** Adds rows to a table that `load` made, with the same columns in the same order. */
  append(table: string, columns: readonly LoadedColumn[]): Promise<Outcome<true>>
  close(): void
}

/**
 * Opens an in-memory engine. Extensions are neither installed nor loaded by themselves: offline that would only fail
 * later and less clearly, and a spec must not reach the network.
 */
export async function openSession(options: SessionOptions = {}): Promise<Outcome<Session>> {
  const { signal } = options
  if (signal?.aborted) return fail('interrupted', 'Interrupted before it began.')
  try {
    const api = await import('@duckdb/node-api')
    const instance = await api.DuckDBInstance.create(':memory:', settings(options))
    const connection = await instance.connect()
    await prepare(connection)
    return succeed(sessionOn(instance, connection, options, signal))
  } catch (thrown) {
    return fail('not-available', `DuckDB could not be opened: ${parseFailure(thrown).cause}`)
  }
}

/** Texts without an offset are UTC, whatever the machine's own zone; what a Parquet file says of itself is read once. */
async function prepare(connection: DuckDBConnection): Promise<void> {
  await connection.run("SET TimeZone = 'UTC'; SET parquet_metadata_cache = true")
}

function settings(options: SessionOptions): Record<string, string> {
  return {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    threads: String(options.threads ?? 1),
    ...(options.memoryLimit === undefined ? {} : { memory_limit: options.memoryLimit }),
    ...(options.keepsLittle === true ? KEEPS_LITTLE : {}),
    temp_directory: options.temporaryDirectory ?? joinPath(tmpdir(), `plumbline-duckdb-${process.pid}`),
  }
}

/** What the engine's allocator holds for later is above these what it gives back. */
const KEEPS_LITTLE = {
  enable_external_file_cache: 'false',
  allocator_flush_threshold: '1MB',
  allocator_bulk_deallocation_flush_threshold: '1MB',
}

function sessionOn(
  instance: DuckDBInstance,
  connection: DuckDBConnection,
  { threads, memoryLimit }: SessionOptions,
  signal?: AbortSignal,
): Session {
  let last: Promise<unknown> = Promise.resolve()
  const connections = [connection]
  const interrupt = () => connections.forEach((each) => each.interrupt())
  signal?.addEventListener('abort', interrupt)

  const tried = async <T>(work: () => Promise<T>): Promise<Outcome<T>> => {
    if (signal?.aborted) return fail('interrupted', 'Interrupted.')
    try {
      return succeed(await work())
    } catch (thrown) {
      if (signal?.aborted) return fail('interrupted', 'Interrupted.')
      return { ok: false, error: parseFailure(thrown) }
    }
  }
  const queued = <T>(work: () => Promise<T>): Promise<Outcome<T>> => {
    const next = last.then(() => tried(work))
    last = next
    return next
  }
  const run = <T>(statement: Sql, read: (result: DuckDBMaterializedResult) => Promise<T>): Promise<Outcome<T>> =>
    queued(async () => read(await connection.run(render(statement))))

  /** Each connection takes the next statement when it is done with one. */
  const abreast = async (statements: readonly Sql[]): Promise<readonly Outcome<Table>[]> => {
    // What one statement may take, several may not.
    const most = memoryLimit === undefined ? MOST_LANES : 1
    const lanes = Math.min(statements.length, threads ?? availableParallelism(), most)
    while (connections.length < lanes) {
      const other = await instance.connect()
      await prepare(other)
      connections.push(other)
    }
    const answers: Outcome<Table>[] = []
    let at = 0
    const take = async (lane: DuckDBConnection): Promise<void> => {
      for (let own = at++; own < statements.length; own = at++) {
        const statement = render(statements[own] as Sql)
        answers[own] = await tried(async () => readTable(await lane.run(statement)))
      }
    }
    await Promise.all(connections.slice(0, lanes).map(take))
    return answers
  }

  let isNarrow = threads === undefined
  return {
    spelling: duckdbSpelling,
    async expect(bytes) {
      if (!isNarrow || bytes < MUCH) return
      isNarrow = false
      await queued(() => connection.run('RESET threads'))
    },
    query: (statement) => run(statement, readTable),
    numbers: (statement) => run(statement, readNumbers),
    abreast: async (statements) => {
      const done = await queued(() => abreast(statements))
      return done.ok ? done.value : statements.map(() => done)
    },
    load: (table, columns) => queued(() => loadTable(connection, table, columns)),
    append: (table, columns) => queued(() => appendRows(connection, table, columns)),
    close() {
      signal?.removeEventListener('abort', interrupt)
      for (const each of connections) each.closeSync()
      instance.closeSync()
    },
  }
}

const SQL_TYPES = { double: sql`DOUBLE`, bigint: sql`BIGINT`, boolean: sql`BOOLEAN`, text: sql`VARCHAR` } as const

async function loadTable(connection: DuckDBConnection, table: string, columns: readonly LoadedColumn[]): Promise<true> {
  const declared = columns.map(({ name, type }) => sql`${identifier(name)} ${SQL_TYPES[type]}`)
  await connection.run(render(sql`CREATE OR REPLACE TEMP TABLE ${identifier(table)} (${join(declared, sql`, `)})`))
  return appendRows(connection, table, columns)
}

async function appendRows(
  connection: DuckDBConnection,
  table: string,
  columns: readonly LoadedColumn[],
): Promise<true> {
  const api = await import('@duckdb/node-api')
  const types = { double: api.DOUBLE, bigint: api.BIGINT, boolean: api.BOOLEAN, text: api.VARCHAR }
  const appender = await connection.createAppender(table)
  const rows = columns[0]?.values.length ?? 0
  for (let start = 0; start < rows; start += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows - start)
    const chunk = api.DuckDBDataChunk.create(
      columns.map(({ type }) => types[type]),
      count,
    )
    for (const [index, { values }] of columns.entries()) {
      chunk.setColumnValues(
        index,
        Array.from({ length: count }, (_, i) => values[start + i] ?? null),
      )
    }
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
  return true
}

async function readTable(result: DuckDBMaterializedResult): Promise<Table> {
  const names = result.deduplicatedColumnNames()
  const columns = columnsOf(result)
  const table = new Map<string, readonly Cell[]>()
  names.forEach((name, i) => table.set(name, (columns[i] ?? []).map(cellOf)))
  return { rows: columns[0]?.length ?? 0, columns: table }
}

function cellOf(value: DuckDBValue): Cell {
  if (value === null || typeof value !== 'object') return value
  if ('micros' in value && typeof value.micros === 'bigint') return value.micros
  return 'items' in value && Array.isArray(value.items) ? listText(value.items.map(cellOf)) : String(value)
}

/**
 * The cells by column. Chunks of a result that is there are asked for at once: `fetchChunk` goes to another thread and back for each of
 * them, which costs as much as what it brings.
 */
function columnsOf(result: DuckDBMaterializedResult): readonly DuckDBValue[][] {
  const columns: DuckDBValue[][] = Array.from({ length: result.columnCount }, () => [])
  const { chunkCount } = result
  for (let at = 0; at < chunkCount; at++) {
    const chunk = result.getChunk(at)
    columns.forEach((column, index) => column.push(...chunk.getColumnValues(index)))
  }
  return columns
}

async function readNumbers(result: DuckDBMaterializedResult): Promise<Float64Array[]> {
  const columns = Array.from({ length: result.columnCount }, () => new Float64Array(result.rowCount))
  const { chunkCount } = result
  let start = 0
  // Chunk by chunk, so that none is held beside the numbers of all.
  for (let at = 0; at < chunkCount; at++) {
    const chunk = result.getChunk(at)
    // Asked once: each time it is a call into the engine.
    const rows = chunk.rowCount
    columns.forEach((column, index) => {
      const vector = chunk.getColumnVector(index)
      for (let row = 0; row < rows; row++) {
        const item = vector.getItem(row)
        column[start + row] = item === null ? Number.NaN : Number(item)
      }
    })
    start += rows
  }
  return columns
}
