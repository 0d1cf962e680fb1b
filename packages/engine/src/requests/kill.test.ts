import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { expect, test } from 'vitest'
import { openSession } from '../duckdb/session.ts'
import { pathList } from '../duckdb/paths.ts'
import { openRequestLog } from './request-log.ts'

const KILLS = Number(process.env['PLUMB_LOG_KILLS'] ?? 12)
const program = (name: string): string => fileURLToPath(new URL(`../../test/${name}`, import.meta.url))

interface Writer {
  readonly child: ChildProcess
  readonly printed: Promise<string>
  /** Resolves when so many requests were acknowledged, or the writer has ended. */
  acknowledged(count: number): Promise<unknown>
}

function startWriter(root: string, name: string, ...rest: string[]): Writer {
  const args = [
    '--import',
    program('run-from-sources.ts'),
    program('log-until-killed.ts'),
    join(root, 'log'),
    name,
    ...rest,
  ]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(root, 'compiled') },
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const ended = once(child, 'close')
  return {
    child,
    printed: ended.then(() => text),
    acknowledged: (count) => {
      const enough = new Promise<void>((resolve) => {
        child.stdout.on('data', () => text.split('\n').length > count && resolve())
      })
      return Promise.race([enough, ended])
    },
  }
}

const rowsOfRequest = (id: string): number => 1 + (Number(id.split('-')[2]) % 3)

test(`${KILLS} kills at random times: every acknowledged row is there once and can be read`, async () => {
  const root = await mkdtemp(join(tmpdir(), 'plumb-log-kill-'))
  const directory = join(root, 'log')
  try {
    // One that ends by itself fills the cache of compiled programs, which a killed one does not.
    const outputs = [await startWriter(root, 'first', '3').printed]
    let seed = 20261122
    const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647
    const left = { lines: 0, halfMade: 0 }
    for (let kill = 0; kill < KILLS; kill++) {
      const writer = startWriter(root, `w${kill}`)
      await writer.acknowledged(1 + Math.floor(random() * 60))
      // Somewhere in the recovery of the segments before, in a write, or in the making of Parquet.
      await new Promise((wake) => setTimeout(wake, random() * 50))
      writer.child.kill('SIGKILL')
      outputs.push(await writer.printed)
      const names = await readdir(directory)
      left.lines += names.filter((name) => name.endsWith('.jsonl')).length
      left.halfMade += names.filter((name) => name.endsWith('.tmp')).length
    }
    expect(outputs.filter((output) => output.includes('failed'))).toEqual([])

    const options = { host: nodeHost(), directory, columns: { request: [], answer: [] }, lockTimeoutMs: 0 }
    const log = await openRequestLog(options)
    if (!log.ok) throw new Error(JSON.stringify(log.failure))
    await log.value.close()
    const { closed, recovered } = log.value.state()
    expect(closed).toMatchObject({ uncompacted: 0, compactionFailures: 0, unreadable: 0 })
    const files = (await readdir(directory)).filter((name) => name !== 'writer.lock')
    expect(files.filter((name) => !name.endsWith('.parquet'))).toEqual([])
    const session = await openSession({ threads: 1 })
    if (!session.ok) throw new Error(session.error.cause)
    const paths = pathList(files.map((name) => join(directory, name)))
    const found = await session.value.query(
      sql`SELECT "_request_id" AS "id", count(*) AS "rows", count(DISTINCT "_row") AS "distinct", count("risk") AS "answers"
          FROM read_parquet(${paths}, union_by_name=true) GROUP BY "_request_id"`,
    )
    session.value.close()
    if (!found.ok) throw new Error(found.error.message)
    const column = (name: string): readonly unknown[] => found.value.columns.get(name) ?? []
    const rowsOf = new Map(column('id').map((id, i) => [String(id), Number(column('rows')[i])]))
    // A request of client n has 1 + n % 3 rows, each of them once; of one that was not acknowledged fewer may be there.
    for (const [id, rows] of rowsOf) expect(rows, id).toBeLessThanOrEqual(rowsOfRequest(id))
    expect(column('distinct')).toEqual(column('rows'))
    expect(column('answers')).toEqual(column('rows'))
    // Only whole lines: the kill may also have cut the last line on the pipe.
    const acknowledged = outputs.flatMap((output) => output.split('\n').slice(0, -1))
    expect(acknowledged.filter((id) => rowsOf.get(id) !== rowsOfRequest(id))).toEqual([])
    expect(new Set(acknowledged).size).toBe(acknowledged.length)
    expect(acknowledged.length).toBeGreaterThan(KILLS * 10)
    console.log(
      `${acknowledged.length} acknowledged of ${rowsOf.size} requests; left by kills: ${left.lines} segments of lines, ${left.halfMade} half-made files; ${recovered.torn} torn at the last opening`,
    )
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})
