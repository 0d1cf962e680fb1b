import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Evidence } from '@plumbline/core'
import type { Alert } from '@plumbline/runner'
import { afterEach, describe, expect, test } from 'vitest'
import { plumb, PLUMB } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'
import {
  BEGIN,
  creditSpec,
  DAY,
  person,
  randomNumbers,
  version,
  type Watched,
  watchedProject,
} from './support/watched.ts'

/** Kills of the watch that is killed; more of them look longer for what is rare. */
const KILLS = Number(process.env['PLUMB_KILLS'] ?? 5)
const judge = schemaJudge()

const CLAUSES = `  grown: { says: Nobody is a child., of: requests, every: age >= 0.0, mostly: 90% }
  same: { says: People stay alike., of: requests, must: "mean(age) < 50.0", confidence: none }
  lasting: { says: It lasts., of: requests, always: "mean(age) < 50.0", window: 1d, for: 2, confidence: none }
  finds: { says: It finds them., of: requests, must: recall() >= 0.5, confidence: none }`
const MONITOR = `  windows: [1d]
  lateness: 1h
  min_rows: 3
  labels: { source: outcomes.csv, join: [id], within: 3d, min_share: 50% }
  alerts: [{ webhook: "\${ALERT_URL}" }, stdout]`

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Received {
  readonly alert: Alert
  readonly headers: IncomingHttpHeaders
}

/** A webhook that takes what it is sent while `isUp` says so. */
async function webhook(isUp: () => boolean = () => true): Promise<{ readonly url: string; readonly got: Received[] }> {
  const got: Received[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (isUp()) got.push({ alert: JSON.parse(Buffer.concat(chunks).toString()) as Alert, headers: request.headers })
      response.writeHead(isUp() ? 204 : 503).end()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/very-secret-path`, got }
}

interface Ran {
  readonly code: number | null
  readonly lines: readonly Readonly<Record<string, unknown>>[]
  readonly err: string
}

function start(folder: string, url: string, ...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [PLUMB, '-C', folder, '--clock', join(folder, 'clock'), 'watch', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ALERT_URL: url },
  })
  closing.push(() => child.kill('SIGKILL'))
  return child
}
async function run(folder: string, url: string, ...args: readonly string[]): Promise<Ran> {
  const child = start(folder, url, '--json', ...args)
  let [out, err] = ['', '']
  child.stdout?.on('data', (data: Buffer) => {
    out += data.toString()
  })
  child.stderr?.on('data', (data: Buffer) => {
    err += data.toString()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  const lines = out.split('\n').filter((line) => line !== '')
  return { code, err, lines: lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>) }
}

const random = randomNumbers(3)
/** A day of requests: \`old\` people are older than the clauses allow. */
async function day(project: Watched, number: number, old = false, model = version('a')): Promise<readonly number[]> {
  const ids: number[] = []
  for (let i = 0; i < 12; i++) {
    const who = person(random)
    const at = BEGIN + number * DAY + i * (DAY / 12)
    ids.push(
      await project.ask(at, { ...who, age: (old ? 80 : 30) + (i % 3) }, { risk: i % 2 === 0 ? 0.9 : 0.1, model }),
    )
  }
  return ids
}

function allText(folder: string): string {
  const files = readdirSync(join(folder, '.plumb'), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => /\.(json|jsonl)$/.test(file) || file.endsWith('position'))
    .map((file) => readFileSync(join(folder, '.plumb', file), 'utf8'))
    .join('\n')
}

describe('plumb watch', () => {
  test('decides what is due, tells in JSON, sends an alert over HTTP, and says by its exit code how things stand', async () => {
    const project = await watchedProject('watch', creditSpec(CLAUSES, MONITOR))
    closing.push(() => project.log.close())
    const { url, got } = await webhook()
    project.setClock(BEGIN + DAY / 2)
    expect((await run(project.folder, url, '--once')).code).toBe(3)
    const ids = [...(await day(project, 0)), ...(await day(project, 1, true))]
    for (const [i, id] of ids.entries()) project.label(id, i % 2 === 0, BEGIN + 2 * DAY)
    project.setClock(BEGIN + DAY + DAY / 24)
    const first = await run(project.folder, url, '--once')
    expect(first.code).toBe(3)
    const authored = new Set(['grown', 'same', 'lasting', 'finds'])
    const decided = first.lines.filter(({ event, clause }) => event === 'decided' && authored.has(String(clause)))
    expect(decided.map(({ clause, verdict, reason }) => [clause, reason ?? verdict])).toEqual([
      ['grown', 'satisfied'],
      ['same', 'satisfied'],
      ['lasting', 'satisfied'],
      ['finds', 'labels-pending'],
    ])
    project.setClock(BEGIN + 2 * DAY + DAY / 24)
    const second = await run(project.folder, url, '--once')
    expect(second.code).toBe(1)
    for (const line of [...first.lines, ...second.lines]) expect(judge('watch', line), JSON.stringify(line)).toEqual([])
    expect(got.map(({ alert }) => [alert.clause, alert.status, alert.model])).toEqual([
      ['same', 'violated', version('a')],
    ])
    expect(judge('alert', got[0]?.alert)).toEqual([])
    expect(got[0]?.headers['idempotency-key']).toBe(got[0]?.alert.id)
    expect(second.lines.filter(({ event }) => event === 'alert')).toHaveLength(1)
    const all = await project.evidence()
    for (const clause of ['grown', 'lasting', 'finds']) {
      const last = all.findLast(({ statement }) => statement.clause === clause)
      expect(plumb(project.folder, '--json', 'replay', last?.id ?? '').json()).toMatchObject({ confirmed: true })
    }
    await project.ask(BEGIN + 1.5 * DAY, person(random))
    const late = plumb(project.folder, 'replay', all.findLast(({ statement }) => statement.clause === 'same')?.id ?? '')
    expect(late).toMatchObject({ code: 2, err: expect.stringContaining('replay/changed') })
    for (const each of all) expect(judge('evidence', JSON.parse(JSON.stringify(each)))).toEqual([])
    expect(readFileSync(join(project.folder, '.plumb', 'watch', 'position'), 'utf8')).toBe('2026-01-07T01:00:00Z\n')
    expect(allText(project.folder)).not.toContain('very-secret-path')
  })

  test('follows the clock until it is told to end: each window as it ends, and what is waited for when it comes', async () => {
    const project = await watchedProject('watch-follow', creditSpec(CLAUSES, MONITOR))
    closing.push(() => project.log.close())
    let up = false
    const { url, got } = await webhook(() => up)
    project.setClock(BEGIN)
    const child = start(project.folder, url, '--json', '--interval', '20ms', '--until', '2026-01-09T00:00:00Z')
    const lines = createInterface({ input: child.stdout ?? process.stdin })
    const ended = once(child, 'close') as Promise<[number | null]>
    const reached = (clock: number): Promise<void> =>
      new Promise((resolve) => {
        const look = (line: string): void => {
          const { event, position } = JSON.parse(line) as { readonly event: string; readonly position?: string }
          if (event !== 'pass' || Date.parse(position ?? '') * 1000 < clock) return
          lines.off('line', look)
          resolve()
        }
        lines.on('line', look)
        project.setClock(clock)
      })
    for (const number of [0, 1, 2]) {
      const ids = await day(project, number, number === 1)
      for (const [i, id] of ids.entries()) project.label(id, i % 2 === 0, BEGIN + (number + 1) * DAY)
      await reached(BEGIN + (number + 1) * DAY + DAY / 24)
    }
    // What was read of the labels is on disk, and only while somebody watches.
    const beside = (): readonly string[] => readdirSync(join(project.folder, '.plumb', 'watch'))
    expect(beside()).toContain('labels_kept.duckdb')
    up = true
    project.setClock(BEGIN + 4 * DAY)
    expect(await ended).toEqual([0, null])
    expect(beside().filter((name) => name.startsWith('labels'))).toEqual([])
    const evidence = await project.evidence()
    expect(
      evidence.filter(({ statement }) => statement.clause === 'finds').map(({ statement }) => statement.verdict),
    ).toEqual(['satisfied', 'satisfied', 'satisfied'])
    // The receiver was down while it happened: it is told what happened, in order, when it is back.
    expect(got.map(({ alert }) => [alert.clause, alert.status])).toEqual([
      ['same', 'violated'],
      ['same', 'resolved'],
    ])
  })

  test('is interrupted with 130, and a spec that asks nothing of production is told so', async () => {
    const project = await watchedProject('watch-end', creditSpec(CLAUSES, MONITOR))
    closing.push(() => project.log.close())
    await day(project, 0)
    project.setClock(BEGIN + 2 * DAY)
    const child = start(project.folder, 'http://127.0.0.1:1', '--json')
    await once(createInterface({ input: child.stdout ?? process.stdin }), 'line')
    child.kill('SIGINT')
    expect(await once(child, 'close')).toEqual([130, null])
    const position = (): string => {
      const path = join(project.folder, '.plumb', 'watch', 'position')
      return existsSync(path) ? readFileSync(path, 'utf8') : ''
    }
    const before = position()
    // Labels that cannot be read keep what needs them open, and are no verdict.
    writeFileSync(join(project.folder, 'outcomes.csv'), 'something,else\n1,2\n')
    project.setClock(BEGIN + 3 * DAY)
    const unread = plumb(project.folder, '--clock', join(project.folder, 'clock'), 'watch', '--once')
    expect(unread).toMatchObject({ code: 4, out: expect.stringMatching(/has no column "id"[\s\S]*same/) })
    expect(position()).toBe(before)
    writeFileSync(
      join(project.folder, 'plumb.yaml'),
      'plumbline: 1\nsystem: { name: x, version: 1.0.0 }\ndata: { people: { source: people.csv, columns: { id: { type: integer } } } }\n',
    )
    const nothing = plumb(project.folder, 'watch', '--once')
    expect(nothing).toMatchObject({ code: 2, out: '' })
    expect(nothing.err).toContain('cli/nothing-to-watch')
  })
})

/** The evidence of windows as what a reader takes from it: the last record of every question, and how often it was asked. */
function lastOf(evidence: readonly Evidence[]): ReadonlyMap<string, readonly Evidence[]> {
  return Map.groupBy(evidence, ({ statement }) =>
    JSON.stringify([statement.clause, statement.slice, statement.window, statement.digests.models]),
  )
}

test(
  `killed ${KILLS} times while days go by: no window is lost or decided twice, no alert is lost`,
  async () => {
    const project = await watchedProject('watch-kill', creditSpec(CLAUSES, MONITOR))
    closing.push(() => project.log.close())
    const { url, got } = await webhook()
    project.setClock(BEGIN)
    let today = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const child = start(project.folder, url, '--json', '--interval', '5ms')
      const lines = createInterface({ input: child.stdout ?? process.stdin })
      const ended = once(child, 'close')
      for (let i = 0; i < 2; i++, today++) {
        const ids = await day(project, today, today % 3 === 1, version(today < 5 ? 'a' : 'b'))
        for (const [n, id] of ids.entries()) project.label(id, n % 2 === 0, BEGIN + (today + 1) * DAY)
        if (kill % 2 === 1 && i === 0) await project.ask(BEGIN + (today - 1) * DAY + 1, person(random))
        project.setClock(BEGIN + (today + 1) * DAY + DAY / 24)
      }
      // Killed somewhere among the first lines it prints, or a moment after.
      const victim = 1 + ((kill * 7) % 11)
      let said = 0
      for await (const _ of lines) if (++said >= victim) break
      await new Promise((wake) => setTimeout(wake, (kill * 13) % 40))
      child.kill('SIGKILL')
      await ended
    }
    await run(project.folder, url, '--once')
    const before = (await project.evidence()).length
    expect((await run(project.folder, url, '--once')).lines).toEqual([])
    const evidence = await project.evidence()
    expect(evidence).toHaveLength(before)

    const groups = lastOf(evidence)
    const days = new Set(evidence.map(({ statement }) => statement.window))
    expect(days.size).toBe(today)
    for (const clause of ['grown', 'same', 'lasting', 'finds'])
      for (const window of days) {
        const records = [...groups.values()]
          .flat()
          .filter(({ statement }) => statement.clause === clause && statement.window === window)
        expect(records.length, `${clause} ${window}`).toBeGreaterThan(0)
      }
    for (const [key, records] of groups) {
      for (const [i, { statement }] of records.entries()) {
        expect(statement.supersedes, key).toBe(i === 0 ? undefined : records[i - 1]?.id)
        const earlier = records[i - 1]?.statement
        if (earlier === undefined) continue
        const said = (s: typeof statement): unknown => [
          s.verdict,
          'reason' in s ? s.reason : null,
          s.digests.data,
          'streak' in s ? s.streak : null,
        ]
        expect(said(statement), key).not.toEqual(said(earlier))
      }
    }
    // Told in the order of the ledger, each alert at least once; one that comes again has the same key.
    const ids = [...new Set(got.map(({ alert }) => alert.id))]
    const sameDays = [...groups.values()]
      .flatMap((records) => records.at(-1) ?? [])
      .filter(({ statement }) => statement.clause === 'same')
    expect(sameDays.some(({ statement }) => statement.verdict === 'violated')).toBe(true)
    const events = ids
      .map((id) => got.find(({ alert }) => alert.id === id)?.alert)
      .filter((alert) => alert?.clause === 'same')
    for (const model of [version('a'), version('b')]) {
      const told = events.filter((alert) => alert?.model === model).map((alert) => alert?.status)
      expect(told.length).toBeGreaterThan(0)
      for (const [i, status] of told.entries()) expect(status).toBe(i % 2 === 0 ? 'violated' : 'resolved')
    }
    expect(got.length - ids.length).toBeLessThanOrEqual(KILLS)
  },
  60_000 + 10_000 * KILLS,
)
