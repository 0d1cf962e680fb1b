import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Program, sql, type Statement, textLiteral } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { expect } from 'vitest'
import { type DataStageEvent, type DataStageRequest, runDataStage } from '../../data-stage.ts'
import { openSession } from '../../duckdb/session.ts'
import type { Row } from '../../testing/naive.ts'
import { csvOf } from '../../testing/random-tables.ts'
import type { KeptStates } from '../state-folder.ts'

/** Columns of generated tables as they lie in Parquet. */
const STORED = sql`{t: 'INTEGER', i: 'BIGINT', j: 'BIGINT', x: 'DOUBLE', y: 'DOUBLE', b: 'BOOLEAN', c: 'VARCHAR', k: 'TINYINT', s: 'VARCHAR', "at": 'TIMESTAMPTZ'}`

export type DayFormat = 'csv' | 'parquet'

/** Writes the rows of one day as a file of a folder `day=…`. */
export async function writeDay(root: string, day: string, rows: readonly Row[], format: DayFormat): Promise<void> {
  const path = join(root, 'data', `day=${day}`, `part.${format}`)
  await mkdir(dirname(path), { recursive: true })
  const text = csvOf(rows)
  if (format === 'csv') return writeFile(path, text)
  const csv = join(root, `${day}.csv`)
  await writeFile(csv, text)
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.cause)
  const made = await session.value.query(
    sql`COPY (SELECT * FROM read_csv(${textLiteral(csv)}, auto_detect=false, header=true, delim=',', quote='"', escape='"', columns=${STORED}))
        TO ${textLiteral(path)} (FORMAT parquet)`,
  )
  session.value.close()
  if (!made.ok) throw new Error(made.error.message)
}

/** What one run said. */
export interface DayRun {
  /** By clause and slice. */
  readonly statements: ReadonlyMap<string, Statement>
  readonly events: readonly DataStageEvent[]
  /** Files whose rows were read to measure them by themselves. */
  readonly measured: readonly string[]
  readonly digested: readonly string[]
  /** Files of which what was kept was not believed. */
  readonly refused: readonly string[]
  /** Questions that were decided from states. */
  readonly merged: number
}

/** States in a folder, whose files count as settled at once: a test writes them a moment before. */
export const keptIn = (path: string, more: Partial<KeptStates> = {}): KeptStates => ({
  host: nodeHost(),
  path,
  settled: () => true,
  ...more,
})

/** Runs a data stage. */
export async function runDays(
  root: string,
  program: Program,
  states?: KeptStates,
  more: Partial<DataStageRequest> = {},
): Promise<DayRun> {
  const statements = new Map<string, Statement>()
  const events: DataStageEvent[] = []
  const request = {
    program,
    root,
    toolVersion: '0',
    session: { threads: 1 },
    onEvent: (event: DataStageEvent) => events.push(event),
    ...(states === undefined ? {} : { states }),
    ...more,
  }
  for await (const each of runDataStage(request))
    statements.set(`${each.relation} ${each.clause} [${each.slice}]`, each)
  const [event] = events.filter((each) => each.kind === 'partitions-measured')
  return {
    statements,
    events,
    measured: event?.measured ?? [],
    digested: event?.digested ?? [],
    refused: event?.refused ?? [],
    merged: event?.merged ?? 0,
  }
}

/** That two runs say the same: all but floats exactly, those to 1e-12 of their size. */
export function expectSame(found: DayRun, whole: DayRun): void {
  expect([...found.statements.keys()]).toEqual([...whole.statements.keys()])
  for (const [key, statement] of found.statements) expectClose(statement, whole.statements.get(key), key)
}

function expectClose(a: unknown, b: unknown, path: string): void {
  if (typeof a === 'number' && typeof b === 'number') {
    const size = Math.max(Math.abs(a), Math.abs(b))
    if (!Object.is(a, b) && !(Math.abs(a - b) <= 1e-12 * size)) expect(a, path).toBe(b)
    return
  }
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
    if (a !== b) expect(a, path).toBe(b)
    return
  }
  expect(Object.keys(a).sort(), path).toEqual(Object.keys(b).sort())
  for (const [name, value] of Object.entries(a))
    expectClose(value, (b as Readonly<Record<string, unknown>>)[name], `${path}.${name}`)
}
