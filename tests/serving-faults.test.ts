import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { stats } from '@plumbline/core'
import { afterAll, expect, it } from 'vitest'
import { modelProject, promoteFile, type Served, served, servedBy } from './support/serving.ts'

// A guard whose disk is full, and one that is killed at random points while it answers. PLUMBLINE_KILL_ROUNDS=100 asks for
// more kills, PLUMBLINE_KILL_SEED for others.

const ROUNDS = Number(process.env['PLUMBLINE_KILL_ROUNDS'] ?? 4)
const SEED = process.env['PLUMBLINE_KILL_SEED'] ?? 'guard'
const CLIENTS = 16

const running: Served[] = []
afterAll(() => {
  for (const { process } of running) process.kill('SIGKILL')
})
const started = async (starting: Promise<Served>): Promise<Served> => {
  const server = await starting
  running.push(server)
  return server
}

const ask = async ({ ready }: Served, id: string): Promise<{ status: number; error?: string }> => {
  const row = { limit_bal: 50000.5, sex: 1, age: 40, pay_0: 0, pay_2: 0, bill_amt1: 1000 }
  const inputs = Object.entries(row).map(([name, value]) => ({ name, shape: [1], datatype: 'FP64', data: [value] }))
  const response = await fetch(`${ready.url}/v2/models/${ready.model}/infer`, {
    method: 'POST',
    body: JSON.stringify({ id, inputs }),
  })
  const { error } = (await response.json()) as { error?: string }
  return { status: response.status, ...(error === undefined ? {} : { error }) }
}

/** Ids in the log of a project, in lines and in Parquet; half a last line was never acknowledged. */
async function loggedIds(folder: string): Promise<readonly string[]> {
  const directory = join(folder, '.plumb', 'requests')
  const files = readdirSync(directory)
  const lines = files
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(join(directory, file), 'utf8').split('\n').slice(1, -1))
    .map((line) => JSON.parse(line) as { _request_id: string })
    .map(({ _request_id: id }) => id)
  if (!files.some((file) => file.endsWith('.parquet'))) return lines
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  const pattern = join(directory, '*.parquet').replaceAll("'", "''")
  const rows = await connection.runAndReadAll(`select _request_id from read_parquet('${pattern}')`)
  connection.closeSync()
  instance.closeSync()
  return [...lines, ...rows.getRows().map(([id]) => String(id))]
}

const metric = async ({ ready }: Served, line: string): Promise<number> => {
  const text = await (await fetch(`${ready.url}/metrics`)).text()
  return Number(
    text
      .split('\n')
      .find((each) => each.startsWith(`${line} `))
      ?.slice(line.length + 1),
  )
}

it.each([
  ['closed', 503],
  ['open', 200],
])('a full disk, on_failure: %s; it goes on by itself when there is room', async (onFailure, status) => {
  const folder = modelProject(`serving-full-${onFailure}`, `guard: { on_failure: ${onFailure} }\n`)
  await promoteFile(folder, 'models/logistic.onnx')
  const full = join(folder, 'full')
  const preload = [join(import.meta.dirname, 'support', 'full-disk.mjs')]
  const server = await started(servedBy({ preload, env: { PLUMB_TEST_FULL: full } }, folder, 'guard', '--port', '0'))
  expect((await ask(server, 'before')).status).toBe(200)
  writeFileSync(full, '')
  const during = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(server, `during-${i}`)))
  expect(new Set(during.map((each) => each.status))).toEqual(new Set([status]))
  if (status === 503) expect(during[0]?.error).toBe('Nobody could answer: log-failed.')
  rmSync(full)
  expect((await ask(server, 'after')).status).toBe(200)
  expect(await loggedIds(folder)).toEqual(['before', 'after'])
  expect(await metric(server, 'plumbline_log_failures_total')).toBe(20)
  expect(await metric(server, 'plumbline_unlogged_rows_total')).toBe(status === 200 ? 20 : 0)
  expect(server.err()).toContain('no space is left')
  expect(await server.stop()).toBe(0)
})

it(
  'killed at random points while it answers, a guard has lost no request that was answered',
  async () => {
    const folder = modelProject('serving-kills', '')
    await promoteFile(folder, 'models/logistic.onnx')
    const random = stats.createRandom(SEED, 'kill')
    const acknowledged: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      // A small bound, so that segments are closed and turned into Parquet while it is killed.
      const server = await started(served(folder, 'guard', '--port', '0', '--max-log-bytes', '4M'))
      let answered = 0
      const kill = 1 + Math.floor(random.float() * 300)
      const client = async (name: number): Promise<void> => {
        for (let n = 0; ; n++) {
          const id = `${round}-${name}-${n}`
          try {
            const { status } = await ask(server, id)
            expect(status).toBe(200)
          } catch {
            return
          }
          acknowledged.push(id)
          if (++answered === kill) server.process.kill('SIGKILL')
        }
      }
      await Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(i)))
      expect(answered).toBeGreaterThanOrEqual(kill)
      expect(existsSync(join(folder, '.plumb', 'serving', 'production.json'))).toBe(true)
    }
    // The next one puts in order what the last kill left.
    const last = await started(served(folder, 'guard', '--port', '0', '--max-log-bytes', '4M'))
    expect((await ask(last, 'last')).status).toBe(200)
    expect(await last.stop()).toBe(0)
    const logged = await loggedIds(folder)
    expect(new Set(logged).size).toBe(logged.length)
    const known = new Set(logged)
    expect(acknowledged.filter((id) => !known.has(id))).toEqual([])
    expect(acknowledged.length).toBeGreaterThan(ROUNDS)
  },
  60_000 + ROUNDS * 5000,
)
