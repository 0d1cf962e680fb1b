import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAccounts } from './accounts.js'
import { requestsOf } from './day.js'
import { arrivalsOf } from './labels.js'
import { readOptions } from './options.js'
import { sideOf } from './side.js'

const ROOT = join(import.meta.dirname, '..')
const DATA = join(ROOT, 'data', 'accounts.parquet')
const HOUR = 3_600_000
const URL = ['--url', 'http://127.0.0.1:1/v2/models/champion']
const options = readOptions(URL)

let accounts: Awaited<ReturnType<typeof readAccounts>>['accounts']
let inputs: Awaited<ReturnType<typeof readAccounts>>['inputs']
beforeAll(async () => {
  ;({ accounts, inputs } = await readAccounts(DATA, 'later'))
})

/** The population stability index over deciles of the first sample (Siddiqi 2006), 0.5 added to each bin. */
function psi(expected: readonly number[], actual: readonly number[]): number {
  const sorted = expected.toSorted((a, b) => a - b)
  const edges = [...new Set([1, 2, 3, 4, 5, 6, 7, 8, 9].map((d) => sorted[Math.floor((d * sorted.length) / 10)]!))]
  const shares = (values: readonly number[]) => {
    const bins = Array.from({ length: edges.length + 1 }, () => 0.5)
    for (const value of values) bins[edges.filter((edge) => value > edge).length]! += 1
    const total = bins.reduce((sum, bin) => sum + bin, 0)
    return bins.map((bin) => bin / total)
  }
  const [e, a] = [shares(expected), shares(actual)]
  return e.reduce((sum, share, i) => sum + (a[i]! - share) * Math.log(a[i]! / share), 0)
}

const md5Side = (id: number) => Number.parseInt(createHash('md5').update(String(id)).digest('hex').slice(8, 16), 16) % 2

const instantIn = (path: string) => Date.parse(readFileSync(path, 'utf8').trim())

const day = (n: number, more: readonly string[] = []) => requestsOf(accounts, n, readOptions([...URL, ...more]))
const column = (rows: ReturnType<typeof day>, name: string) => rows.map((row) => row.inputs[name]!)
const defaults = (rows: ReturnType<typeof day>) => rows.filter((row) => row.label).length / rows.length

describe('a day of requests', () => {
  it('is the same for the same seed, in order of time, each an id of its own', () => {
    expect(day(3)).toEqual(day(3))
    expect(day(3, ['--seed', '2'])).not.toEqual(day(3))
    const rows = [...day(3), ...day(4)]
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2 * options.rowsPerDay)
    expect(rows.every(({ at }, i) => i === 0 || at >= rows[i - 1]!.at)).toBe(true)
    expect(rows[0]!.at).toBeGreaterThanOrEqual(options.start + 3 * 24 * HOUR)
    expect(rows.at(-1)!.at).toBeLessThan(options.start + 5 * 24 * HOUR)
  })

  it('keeps an account on its side of the split, however often it comes', () => {
    const sides = new Map<object, number>()
    for (const n of [0, 1, 2, 3, 4])
      for (const { id, inputs } of day(n)) {
        expect(sideOf(id)).toBe(sides.get(inputs) ?? sideOf(id))
        sides.set(inputs, sideOf(id))
      }
    expect([...sides.values()].filter((side) => side === 0).length / sides.size).toBeCloseTo(0.5, 1)
    // As Plumbline splits labelled requests, and as the first window was split.
    expect([1_000_000, 1_000_001, 77].map(sideOf)).toEqual([1_000_000, 1_000_001, 77].map(md5Side))
  })

  it('does not drift in the first week, and never with --no-drift', () => {
    expect(day(6).some(({ segment }) => segment)).toBe(false)
    expect(day(20, ['--no-drift']).some(({ segment }) => segment)).toBe(false)
    for (const name of ['limit_bal', 'pay_0', 'bill_amt1', 'age'])
      expect(psi(column(day(0), name), column(day(6), name)), name).toBeLessThan(0.1)
    // Turning it off changes nobody outside the segment.
    const calm = day(20, ['--no-drift'])
    const others = day(20).filter(({ segment }) => !segment)
    expect(others).toEqual(calm.filter(({ id }) => others.some((row) => row.id === id)))
  })

  it('then has a new segment, far enough from the others to be seen and within every contract', () => {
    const rows = day(7)
    const members = rows.filter(({ segment }) => segment)
    expect(members.length / rows.length).toBeCloseTo(0.4, 1)
    for (const [name, least] of Object.entries({ bill_amt1: 0.4, bill_amt6: 0.4, limit_bal: 0.1, pay_0: 0.05 }))
      expect(psi(column(day(0), name), column(rows, name)), name).toBeGreaterThan(least)
    expect(psi(column(day(0), 'age'), column(rows, 'age'))).toBeLessThan(0.1)
    for (const { inputs } of members) {
      expect(inputs['limit_bal']).toBeLessThanOrEqual(1_000_000)
      expect(inputs['bill_amt1']).toBeLessThanOrEqual(2 * inputs['limit_bal']!)
      expect(inputs['pay_0']).toBeGreaterThanOrEqual(0)
    }
  })

  it('later looks the same and behaves otherwise', () => {
    const before = day(14, ['--concept-day', '15'])
    const after = day(14)
    expect(after.map(({ id, inputs }) => ({ id, inputs }))).toEqual(before.map(({ id, inputs }) => ({ id, inputs })))
    const members = (rows: typeof before) => rows.filter(({ segment }) => segment)
    expect(defaults(members(before))).toBeGreaterThan(0.35)
    expect(defaults(members(after))).toBeLessThan(0.05)
    const rest = (rows: typeof before) => rows.filter(({ segment }) => !segment)
    expect(rest(after)).toEqual(rest(before))
  })
})

describe('labels', () => {
  it('arrive later: most within 40 hours, some after days, some twice, some never, some for nobody', () => {
    const rows = day(0)
    const at = new Map(rows.map((row) => [row.id, row]))
    const arrivals = arrivalsOf(rows, 1)
    const known = arrivals.filter(({ id }) => at.has(id))
    const hours = known.map(({ id, arrives }) => (arrives - at.get(id)!.at) / HOUR)
    const share = (holds: (h: number) => boolean) => hours.filter(holds).length / rows.length
    expect(Math.min(...hours)).toBeGreaterThanOrEqual(10)
    expect(share((h) => h <= 43)).toBeGreaterThan(0.9)
    expect(share((h) => h > 72)).toBeGreaterThan(0.02)
    expect(new Set(known.map(({ id }) => id)).size).toBeLessThan(rows.length)
    expect(known.length).toBeGreaterThan(new Set(known.map(({ id }) => id)).size)
    expect(arrivals.length).toBeGreaterThan(known.length)
    expect(known.every(({ id, label }) => label === at.get(id)!.label)).toBe(true)
  })
})

describe('the options', () => {
  it('say what they may be', () => {
    expect(() => readOptions([])).toThrow('--url is missing')
    expect(() => readOptions([...URL, '--segment', '2'])).toThrow('--segment is a number from 0 to 1')
    expect(() => readOptions([...URL, '--days', '1.5'])).toThrow('--days is an integer')
    expect(() => day(0, ['--rows-per-day', '4000'])).not.toThrow()
  })
})

describe('the replay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumb-traffic-'))
  const clock = join(folder, 'clock')
  const labels = join(folder, 'data', 'outcomes.csv')
  const position = join(folder, 'position')
  const seen: { readonly clock: number; readonly rows: number; readonly ids: readonly number[] }[] = []
  let server: Server
  let url = ''

  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.once('end', () => {
        const body = JSON.parse(Buffer.concat(parts).toString()) as {
          inputs: { name: string; datatype: string; shape: number[]; data: number[] }[]
        }
        const [first] = body.inputs
        const sound = body.inputs.every(({ shape, data }) => shape.length === 1 && shape[0] === data.length)
        const named = body.inputs.map(({ name }) => name).join() === ['id', ...inputs.map(({ name }) => name)].join()
        seen.push({ clock: instantIn(clock), rows: first!.data.length, ids: first!.data })
        response.writeHead(sound && named && request.url === '/v2/models/champion/infer' ? 200 : 500)
        response.end(JSON.stringify({ model_version: 'abc' }))
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/models/champion`
  })
  afterAll(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })

  const replay = (args: readonly string[]) => {
    const common = ['--url', url, '--clock', clock, '--labels', labels, '--data', DATA, '--rows-per-day', '200']
    const child = spawn(process.execPath, [join(ROOT, 'traffic', 'replay.js'), ...common, ...args])
    let out = ''
    let err = ''
    child.stdout.on('data', (data: Buffer) => (out += data.toString()))
    child.stderr.on('data', (data: Buffer) => (err += data.toString()))
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }))
    return { child, ended }
  }

  it('sends every row once while its clock moves on, and waits at the end of a day for who has to close it', async () => {
    const { child, ended } = replay(['--days', '3', '--wait-for', position])
    // Nobody has come that far: nothing after midnight of the first day is sent.
    const limit = options.start + 24 * HOUR
    while (child.exitCode === null && (!existsSync(clock) || instantIn(clock) < limit))
      await new Promise((resolve) => setImmediate(resolve))
    expect(Math.max(...seen.map((call) => call.clock))).toBeLessThan(limit)
    writeFileSync(position, new Date(options.start + 10 * 24 * HOUR).toISOString())
    const { code, out, err } = await ended
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ rows: 600, answered: 600, failed: 0, versions: { abc: 600 } })
    const ids = seen.flatMap((call) => call.ids)
    expect(new Set(ids).size).toBe(600)
    expect(seen.every((call, i) => i === 0 || call.clock >= seen[i - 1]!.clock)).toBe(true)
    const lines = readFileSync(labels, 'utf8').trim().split('\n')
    expect(lines[0]).toBe('id,default,arrived_at')
    expect(lines.slice(1).every((line) => /^\d+,(true|false),2026-01-0[1-4]T[\d:.]+Z$/.test(line))).toBe(true)
    expect(lines.length).toBeGreaterThan(150)
    // None before its time.
    const last = Math.max(...lines.slice(1).map((line) => Date.parse(line.split(',')[2]!)))
    expect(last).toBeLessThanOrEqual(instantIn(clock))
  })

  it('says that nobody answered', async () => {
    const { code, out } = await replay(['--days', '1', '--url', 'http://127.0.0.1:1/v2/models/champion']).ended
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ answered: 0, failed: 200 })
  })

  it('refuses options it does not know, with its usage', async () => {
    const { code, err } = await replay(['--rain']).ended
    expect(code).toBe(2)
    expect(err).toContain('usage: node traffic/replay.js')
  })
})
