import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql, textLiteral } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSession, type Session } from '../duckdb/session.ts'
import { openRequestLog } from './request-log.ts'
import { declaredRequests, logColumnsOf } from './request-columns.ts'
import type { LoggedRow } from './row-text.ts'
import { type LabelledRequest, type LabelledRows, writeLabelled } from './write-labelled.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

const AT = Date.UTC(2026, 0, 7) * 1000
const DAY = 86_400_000_000

function programOf(column = 'age') {
  const text = `plumbline: 1
system: { name: labelled, version: 1.0.0 }
data:
  people:
    source: people.csv
    key: [id]
    columns:
      id: { type: integer }
      ${column}: { type: integer }
      "it's": { type: number }
      default: { type: boolean, role: label }
models:
  champion:
    artifact: champion.onnx
    task: binary-classification
    input: { from: people, columns: [${column}, "it's"] }
    outputs: { risk: { type: number } }
    label: default
    decision: risk >= 0.5
`
  const value = compiledSpec(text)
  const labels = { source: 'outcomes.csv', join: ['id'], within: 3 * DAY, minShare: '0.8' }
  return { ...value, monitor: { windows: [DAY], lateness: 0, minRows: 0, labels, alerts: [] } }
}

const host = nodeHost()
let root = ''
let session: Session
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-labelled-'))
  const opened = await openSession({ threads: 2 })
  if (!opened.ok) throw new Error(opened.error.cause)
  session = opened.value
})
afterEach(async () => {
  session.close()
  await rm(root, { recursive: true, force: true })
})

const row = (n: number, more: Partial<LoggedRow> = {}): LoggedRow => ({
  requestId: `r${n}`,
  row: 0,
  at: AT + n * 1_000_000,
  model: 'sha256:m',
  guard: 'accepted',
  clauses: [],
  request: { id: n, age: 20 + n, "it's": n / 8 },
  answer: { risk: 0.25, decision: false },
  ...more,
})

async function log(rows: readonly LoggedRow[], program = programOf()): Promise<void> {
  const declared = declaredRequests(program)
  if (declared === undefined) throw new Error('no requests')
  const opened = await openRequestLog({
    host,
    directory: join(root, 'log'),
    columns: logColumnsOf(declared),
    limits: { segmentRows: 40 },
  })
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure))
  expect((await opened.value.append(rows)).ok).toBe(true)
  await opened.value.close()
}

const labels = (lines: readonly (readonly [id: number, label: boolean, day: number])[]): Promise<void> =>
  writeFile(
    join(root, 'outcomes.csv'),
    [
      'id,default,arrived_at',
      ...lines.map(([id, label, day]) => `${id},${label},${new Date((AT + day * DAY) / 1000).toISOString()}`),
      '',
    ].join('\n'),
  )

const target = (): string => join(root, 'window.parquet')
const write = (more: Partial<LabelledRequest> = {}): ReturnType<typeof writeLabelled> =>
  writeLabelled({
    host,
    session,
    program: programOf(),
    root,
    directory: join(root, 'log'),
    window: { from: AT, to: AT + 2 * DAY },
    target: target(),
    ...more,
  })
const counts = (read: Awaited<ReturnType<typeof writeLabelled>>): LabelledRows => {
  if (!read.ok) throw new Error(read.failure.cause)
  return read.value
}
async function written(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const read = await session.query(sql`SELECT * FROM read_parquet(${textLiteral(target())})`)
  if (!read.ok) throw new Error(read.error.cause)
  const { rows, columns } = read.value
  return Array.from({ length: rows }, (_, i) =>
    Object.fromEntries([...columns].map(([name, cells]) => [name, cells[i]])),
  )
}
/** As the example's own script splits its rows. */
const partOf = (id: number): string =>
  Number.parseInt(createHash('md5').update(`${id}`).digest('hex').slice(8, 16), 16) % 2 === 0 ? 'learn' : 'held-out'

describe('labelled requests', () => {
  test('are those that were answered and whose label arrived in time, each in the part its key gives', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => row(n))
    await log([
      ...rows,
      row(100, { guard: 'rejected', answer: null, model: null }),
      row(101, { at: AT + 3 * DAY }),
      row(102, { guard: 'fallback' }),
    ])
    await labels([
      ...Array.from({ length: 90 }, (_, n) => [n, n % 3 === 0, 1] as const),
      [95, true, 3],
      [100, true, 1],
      [101, true, 1],
      [102, true, 1],
    ])
    expect(counts(await write())).toMatchObject({ served: 101, labelled: 91 })
    const found = await written()
    expect(found.map(({ id }) => Number(id))).toEqual([...Array.from({ length: 90 }, (_, n) => n), 102])
    expect(Object.keys(found[0] ?? {})).toEqual(['id', 'age', "it's", 'default', 'part'])
    expect(found[9]).toEqual({ id: 9n, age: 29n, "it's": 1.125, default: true, part: partOf(9) })
    for (const { id, part } of found) expect(part).toBe(partOf(Number(id)))
    const learn = found.filter(({ part }) => part === 'learn').length
    expect(counts(await write()).written).toEqual({ learn, heldOut: 91 - learn })
    expect(learn).toBeGreaterThan(30)
    expect(learn).toBeLessThan(61)
  })

  test('have the same bytes whatever the segments are, and whatever arrived or came later', async () => {
    await log(Array.from({ length: 100 }, (_, n) => row(n)))
    await labels(Array.from({ length: 100 }, (_, n) => [n, true, 1] as const))
    await write()
    const before = readFileSync(target())
    await rm(join(root, 'log'), { recursive: true })
    for (let n = 99; n >= 0; n -= 10) await log(Array.from({ length: 10 }, (_, i) => row(n - i)))
    await log([row(500, { at: AT + 2 * DAY })])
    await labels([...Array.from({ length: 100 }, (_, n) => [n, true, 1] as const), [3, false, 2.5], [500, true, 1]])
    await write()
    expect(readFileSync(target()).equals(before)).toBe(true)
  })

  test('are one for each key: the latest', async () => {
    await log([row(1), row(2), row(3, { request: { id: 1, age: 77, "it's": 0 } })])
    await labels([
      [1, true, 1],
      [2, false, 1],
    ])
    expect(counts(await write())).toMatchObject({ served: 3, labelled: 3 })
    expect((await written()).map(({ id, age }) => [id, age])).toEqual([
      [1n, 77n],
      [2n, 22n],
    ])
  })

  test('are only counted without a file; too few are not written', async () => {
    await log([row(1), row(2), row(3)])
    await labels([
      [1, true, 1],
      [2, false, 1],
    ])
    expect(
      counts(
        await writeLabelled({
          host,
          session,
          program: programOf(),
          root,
          directory: join(root, 'log'),
          window: { from: AT, to: AT + DAY },
        }),
      ),
    ).toEqual({ served: 3, labelled: 2 })
    expect(counts(await write({ leastRows: 3 }))).toEqual({ served: 3, labelled: 2 })
    expect(existsSync(target())).toBe(false)
  })

  test('are nobody where no label has come, and a failure where the file cannot be written or a name is taken', async () => {
    await log([row(1)])
    expect(counts(await write())).toEqual({ served: 1, labelled: 0 })
    await labels([[1, true, 1]])
    const nowhere = await write({ target: join(root, 'nowhere', 'window.parquet') })
    expect(nowhere).toMatchObject({ ok: false, failure: { reason: 'engine-failed' } })
    const taken = await write({ program: programOf('part') })
    expect(taken).toMatchObject({ ok: false, failure: { reason: 'column-missing' } })
  })
})
