import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { declaredRequests, type LoggedRow, logColumnsOf, openRequestLog, type RequestLog } from '@plumbline/engine'
import { nodeHost } from '@plumbline/store'
import { readAccounts } from '../../examples/credit-default/traffic/accounts.js'
import { setClock, waitFor } from '../../examples/credit-default/traffic/clock.js'
import { exampleProgram } from '../load/exchange.ts'
import type { Measure } from '../support/figures.ts'
import { type MemoryReading, memoryMeasures } from '../support/memory-trend.ts'
import { residentMb } from '../support/resident.ts'

const EXAMPLE = fileURLToPath(new URL('../../examples/credit-default/', import.meta.url))
const PLUMB = fileURLToPath(new URL('../../packages/cli/bin/plumb.js', import.meta.url))
const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000
const DAY = 24 * HOUR
const TIMEOUT_MS = 120_000

/**
 * Resident memory of `plumb watch` while it decides so many windows of so many requests each, on the spec of the example: a
 * reading after each window. The log is written as the guard writes it, labels arrive three hours later.
 */
export async function benchWatchMemory(folder: string, windows: number, rows: number): Promise<readonly Measure[]> {
  const project = join(folder, 'watch-memory')
  rmSync(project, { recursive: true, force: true })
  mkdirSync(project, { recursive: true })
  cpSync(join(EXAMPLE, 'data'), join(project, 'data'), { recursive: true })
  const spec = readFileSync(join(EXAMPLE, 'plumb.yaml'), 'utf8')
  // Nobody is told: a receiver that is not there would be what is measured.
  writeFileSync(join(project, 'plumb.yaml'), spec.replace(/^ {2}alerts: .*\n/m, ''))
  const outcomes = join(project, 'data', 'outcomes.csv')
  writeFileSync(outcomes, 'id,default,arrived_at\n')
  const clock = join(project, 'clock')
  setClock(clock, START)
  const traffic = await openTraffic(project, rows)
  const watch = spawn(process.execPath, [PLUMB, '-C', project, '--clock', clock, '--json', 'watch'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(watch, 'close').then(([code]) => {
    throw new Error(`plumb watch ended with ${code}`)
  })
  ended.catch(() => undefined)
  const readings: MemoryReading[] = []
  try {
    for (let day = 0; day < windows; day++) {
      appendFileSync(outcomes, await traffic.day(day))
      const closed = START + (day + 1) * DAY + HOUR
      setClock(clock, closed)
      await Promise.race([waitFor(join(project, '.plumb', 'watch', 'position'), closed, TIMEOUT_MS), ended])
      readings.push({ requests: (day + 1) * rows, mib: residentMb(watch.pid ?? 0) })
    }
  } finally {
    watch.kill('SIGTERM')
    await ended.catch(() => undefined)
    await traffic.close()
    await sleep(0)
    rmSync(project, { recursive: true, force: true })
  }
  const over = `${windows} windows of ${rows.toLocaleString('en')} requests`
  return memoryMeasures(
    'watch',
    over,
    readings,
    'every clause of the example on each window and again with its labels, after each window; the file of labels has a line for each request',
  )
}

interface Traffic {
  /** Logs the requests of a day, and gives their labels as lines. */
  day(day: number): Promise<string>
  close(): Promise<void>
}

/** Traffic without drift: the accounts of the example, again and again, under new ids. */
async function openTraffic(project: string, rows: number): Promise<Traffic> {
  const declared = declaredRequests(exampleProgram())
  if (declared === undefined) throw new Error('The spec has no champion.')
  const { accounts } = await readAccounts(join(EXAMPLE, 'data', 'accounts.parquet'), 'later')
  let now = START
  const { clock, ...host } = nodeHost()
  const opened = await openRequestLog({
    host: { ...host, clock: { now: () => now, monotonic: clock.monotonic, simulated: true } },
    directory: join(project, '.plumb', 'requests'),
    columns: logColumnsOf(declared),
  })
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure))
  const log: RequestLog = opened.value
  return {
    async day(day) {
      const lines: string[] = []
      let waiting: LoggedRow[] = []
      for (let n = 0; n < rows; n++) {
        const id = 1_000_000 + day * rows + n
        const { inputs, label } = accounts[(id * 7_919) % accounts.length] ?? { inputs: {}, label: false }
        now = START + day * DAY + Math.floor((n * DAY) / rows)
        const risk = ((id * 31) % 800) / 1_000 + (label ? 0.2 : 0)
        waiting.push({
          requestId: `r${id}`,
          row: 0,
          at: now * 1_000,
          model: `sha256:${'a'.repeat(64)}`,
          guard: 'accepted',
          clauses: [],
          request: { id, ...inputs },
          answer: { risk, decision: risk >= 0.5 },
        })
        lines.push(`${id},${label},${new Date(now + 3 * HOUR).toISOString()}\n`)
        if (waiting.length < 500 && n < rows - 1) continue
        const written = await log.append(waiting)
        if (!written.ok) throw new Error(JSON.stringify(written.failure))
        waiting = []
      }
      return lines.join('')
    },
    close: () => log.close(),
  }
}
