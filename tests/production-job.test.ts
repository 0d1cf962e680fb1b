import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, request as forward } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Evidence, SystemEvent } from '@plumbline/core'
import { type LedgerRecord, nodeHost, openLedger } from '@plumbline/store'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createChildren } from '../tools/start/children.ts'
import { FULL_PLAN, runDays, SHORT_PLAN, trafficArgs } from '../tools/start/days.ts'
import { modelUrl, type Production, startGuard, startStaging, underLoad, verbOf } from '../tools/start/production.ts'
import { CHALLENGER } from '../tools/start/steps.ts'
import { copyOfExample, plumb, ROOT, scratch } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'

// The production half of the main job, judged by what the ledger says and by nothing that was printed.

const BIN = join(ROOT, 'packages', 'cli', 'bin', 'plumb.js')
const BEGIN = '2025-12-31T22:00:00Z'
const DAY = 86_400_000
const START = Date.UTC(2026, 0, 1)

const judge = schemaJudge()
let prepared: string
const children = createChildren()
afterEach(() => children.stopAll())

const productionIn = (project: string): Production => ({
  project,
  plumb: ['node', BIN],
  clock: '.plumb/clock',
  children,
  say: () => undefined,
})

/** A verb in a project, by its clock; it must end well. */
function verb(project: string, ...args: readonly string[]): void {
  const ran = plumb(project, '--clock', '.plumb/clock', ...args)
  expect(ran.code, `${args.join(' ')}\n${ran.err}${ran.code === 0 ? '' : ran.out}`).toBe(0)
}

/** A project whose first champion was promoted, and whose challenger is trained and tested. */
beforeAll(() => {
  prepared = copyOfExample('credit-default', 'production-prepared')
  mkdirSync(join(prepared, '.plumb'), { recursive: true })
  writeFileSync(join(prepared, '.plumb', 'clock'), BEGIN)
  verb(prepared, 'run', '--trust')
  verb(prepared, 'test')
  verb(prepared, 'test', '--stage', 'release')
  verb(prepared, 'promote')
  verb(prepared, 'test', '--stage', 'model', '--candidate', CHALLENGER)
})

function projectFor(name: string): string {
  const project = scratch(name)
  cpSync(prepared, project, { recursive: true })
  return project
}

async function recordsOf(project: string): Promise<readonly LedgerRecord[]> {
  const read = await openLedger(nodeHost(), join(project, '.plumb', 'ledger')).select()
  if (!read.ok) throw new Error(read.failure.kind)
  return read.value
}

const eventsIn = (records: readonly LedgerRecord[], kinds: RegExp): readonly SystemEvent[] =>
  records
    .flatMap(({ body }) => (body.kind === 'event' ? [body['event'] as unknown as SystemEvent] : []))
    .filter(({ kind }) => kinds.test(kind))

const evidenceIn = (records: readonly LedgerRecord[], clause: string): readonly Evidence[] =>
  records
    .flatMap(({ body }) => (body.kind === 'evidence' ? [body['evidence'] as unknown as Evidence] : []))
    .filter(({ statement }) => statement.clause === clause && statement.stage === 'runtime')

const promotionsIn = (records: readonly LedgerRecord[]) => records.filter(({ body }) => body.kind === 'promotion')
const dayOf = (instant: string): number => Math.floor((Date.parse(instant) - START) / DAY)
/** The day a window begins, from 0. */
const windowDay = ({ statement }: Evidence): number => dayOf((statement.window ?? '').split('/')[0] ?? '')
const verdictsOf = (evidence: readonly Evidence[], verdict: string): readonly number[] =>
  evidence.filter(({ statement }) => statement.verdict === verdict).map(windowDay)

const CYCLE = ['suspected', 'decided', 'trained', 'validated', 'staged', 'promoted', 'verified'].map(
  (step) => `retrain.${step}`,
)

describe('24 days of production', () => {
  it('drift is answered by a new champion, which is rolled back when its own traffic speaks against it', async () => {
    const project = projectFor('production-story')
    const production = productionIn(project)
    await startGuard(production)
    const staging = await startStaging(production, CHALLENGER)
    verb(project, 'test', '--stage', 'release', '--candidate', CHALLENGER)
    expect((await staging.stop()).code).toBe(0)

    // The swap: requests come all the time, none fails, both versions answer.
    const { load } = await underLoad(production, async () => verb(project, 'promote', '--candidate', CHALLENGER))
    expect(load).toMatchObject({ failed: 0, failures: [] })
    expect(load.answered).toBe(load.requests)
    const [first, second] = promotionsIn(await recordsOf(project)).map(({ body }) => String(body['digest']))
    expect(Object.keys(load.versions).toSorted()).toEqual(
      [first, second].map((digest) => digest?.slice(7, 19)).toSorted(),
    )

    // The days of `npm start -- --days 24`.
    const traffic = await runDays(production, { traffic: trafficArgs(FULL_PLAN) })
    expect(traffic).toMatchObject({ rows: 36_000, answered: 36_000, refused: 0, failed: 0 })
    await children.stopAll()

    const records = await recordsOf(project)
    expect(records.flatMap((record) => judge('ledger-record', record)).slice(0, 3)).toEqual([])
    const promotions = promotionsIn(records)
    const [, , third, back, fourth] = promotions.map(({ body }) => String(body['digest']))
    expect(promotions).toHaveLength(5)
    expect(back).toBe(second)
    expect(new Set([first, second, third, fourth]).size).toBe(4)

    // No alarm before the drift of day 7; two windows in a row then, and again after the rollback.
    const stable = evidenceIn(records, 'population-stable')
    expect(verdictsOf(stable, 'violated')[0]).toBe(8)
    // Of the load of the promotion, the day before the first, there may be too few rows to tell.
    const calm = stable.filter((e) => windowDay(e) >= 0 && windowDay(e) < 7)
    expect(new Set(calm.map(({ statement }) => statement.verdict))).toEqual(new Set(['satisfied']))
    const ofVersion = (digest: string | undefined) => (e: Evidence) => e.statement.digests.models['champion'] === digest
    // The reference is that of the version: what it was trained on lately does not drift from it.
    expect(stable.filter(ofVersion(third)).every(({ statement }) => statement.verdict !== 'violated')).toBe(true)

    // Two retrainings, each with all of its transitions and its cause among the violations.
    const loop = eventsIn(records, /^retrain\./)
    expect(loop.map(({ kind }) => kind)).toEqual([...CYCLE, ...CYCLE])
    const causes = [...new Set(loop.map(({ detail }) => detail?.['cause']))]
    expect(causes).toHaveLength(2)
    for (const cause of causes)
      expect(stable.find(({ id }) => id === cause)?.statement).toMatchObject({
        verdict: 'violated',
        relation: 'requests',
      })
    expect(loop.filter(({ kind }) => kind === 'retrain.suspected').map(({ digest }) => digest)).toEqual([
      second,
      second,
    ])
    expect(loop.filter(({ kind }) => kind === 'retrain.verified').map(({ digest }) => digest)).toEqual([third, fourth])
    const [decided] = loop.filter(({ kind }) => kind === 'retrain.decided')
    expect(decided?.detail).toMatchObject({ from: '2026-01-08T00:00:00.000Z', to: '2026-01-11T00:00:00.000Z' })
    const trained = loop.find(({ kind }) => kind === 'retrain.trained')?.detail?.['window']
    expect(trained).toMatchObject({ served: 4500 })

    // No input shows the second drift; the labels do, days later, and only the version that learned the first one falls.
    const ranks = evidenceIn(records, 'ranks-well')
    const spoken = ranks.filter(({ statement }) => statement.verdict === 'violated')
    expect(spoken.length).toBeGreaterThan(0)
    expect(spoken.filter(ofVersion(third)).map(windowDay)[0]).toBe(14)
    const rollback = promotions[3]?.body['rollback'] as { readonly reason: string; readonly from: string }
    expect(rollback).toEqual({ from: third, reason: spoken.find(ofVersion(third))?.id })
    expect(eventsIn(records, /^version\.rolled-back$/)).toHaveLength(1)
    expect(dayOf(String(promotions[3]?.body['promotedAt']))).toBe(18)

    // Every version was read back, by digest; nothing else was ever found.
    expect(eventsIn(records, /^version\.deployed$/).map(({ digest }) => digest)).toEqual([
      second,
      third,
      second,
      fourth,
    ])
    expect(eventsIn(records, /^version\.mismatch$/)).toEqual([])
    const serving = evidenceIn(records, 'system.serving').map(({ statement }) => statement.verdict)
    expect(serving).toEqual(['satisfied', 'satisfied', 'satisfied', 'satisfied'])

    // Drift was answered in time, in the eyes of the spec, too.
    const answered = evidenceIn(records, 'drift-is-answered').map(({ statement }) => statement.verdict)
    expect(answered).not.toContain('violated')
    expect(answered).toContain('satisfied')
    expect(eventsIn(records, /^alert\.sent$/).map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(['population-stable', 'ranks-well']),
    )

    // All of it under a clock that says it is simulated.
    const marked = records.filter(({ body }) => body.kind === 'event')
    expect(marked.every(({ body }) => body['clock'] === 'simulated')).toBe(true)
    const [violated] = stable.filter(({ statement }) => statement.verdict === 'violated')
    expect(violated?.run).toMatchObject({ clock: 'simulated' })
    verb(project, 'verify')
  }, 900_000)
})

describe('the days that npm start shows', () => {
  it('drift, a retraining and a rollback happen once, for the reasons that they have in 24 days', async () => {
    const project = projectFor('production-short')
    verb(project, 'test', '--stage', 'release', '--candidate', CHALLENGER)
    const said: string[] = []
    const production = {
      ...productionIn(project),
      say: (who: string, what: string) => void said.push(`${who} ${what}`),
    }
    await startGuard(production)
    verb(project, 'promote', '--candidate', CHALLENGER)
    const { days } = SHORT_PLAN
    const rows = 1500 * days
    const traffic = await runDays(production, { traffic: trafficArgs(SHORT_PLAN) })
    expect(traffic).toMatchObject({ rows, answered: rows, refused: 0, failed: 0 })
    await children.stopAll()

    const records = await recordsOf(project)
    const promotions = promotionsIn(records)
    const [, second, third, back] = promotions.map(({ body }) => String(body['digest']))
    expect(promotions).toHaveLength(4)
    expect(back).toBe(second)
    const ofVersion = (digest: string | undefined) => (e: Evidence) => e.statement.digests.models['champion'] === digest

    // The inputs have drifted: two windows in a row, and never against the version that has learned from them.
    const stable = evidenceIn(records, 'population-stable')
    expect(verdictsOf(stable, 'violated')[0]).toBe(SHORT_PLAN.driftDay + 1)
    expect(verdictsOf(stable.filter(ofVersion(third)), 'satisfied')).toContain(SHORT_PLAN.conceptDay)
    expect(stable.filter(ofVersion(third)).every(({ statement }) => statement.verdict === 'satisfied')).toBe(true)

    // One retraining, with its cause; what was trained was staged, promoted and read back.
    const loop = eventsIn(records, /^retrain\./)
    expect(loop.map(({ kind }) => kind)).toEqual(CYCLE)
    const [cause, ...others] = new Set(loop.map(({ detail }) => detail?.['cause']))
    expect(others).toEqual([])
    expect(stable.find(({ id }) => id === cause)?.statement.verdict).toBe('violated')
    expect(loop.map(({ digest }) => digest)).toEqual([second, second, ...Array(5).fill(third)])

    // The labels of the other drift come days later; the rollback names the window that they spoke against.
    const spoken = evidenceIn(records, 'ranks-well').filter(({ statement }) => statement.verdict === 'violated')
    expect(spoken.filter(ofVersion(third)).map(windowDay)).toEqual([SHORT_PLAN.conceptDay])
    expect(promotions[3]?.body['rollback']).toEqual({ from: third, reason: spoken.find(ofVersion(third))?.id })
    expect(dayOf(String(promotions[3]?.body['promotedAt']))).toBe(days)
    expect(eventsIn(records, /^version\.deployed$/).map(({ digest }) => digest)).toEqual([second, third, second])
    expect(eventsIn(records, /^version\.mismatch$/)).toEqual([])
    expect(eventsIn(records, /^alert\.sent$/).map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(['population-stable', 'ranks-well']),
    )
    verb(project, 'verify')

    // Who looks on sees it, in the terminal and on the page.
    for (const shown of [
      /^guard production: now sha256:/,
      /^watch .* verdicts, violated: .*population-stable/,
      /^alert .* violated population-stable/,
      /^loop .* retrain\.trained population-stable/,
      /^loop .* retrain\.staged population-stable/,
      /^loop .* retrain\.promoted population-stable/,
      /^loop .* version\.rolled-back ranks-well/,
    ])
      expect(said.filter((line) => shown.test(line)).length, String(shown)).toBeGreaterThan(0)
    verb(project, 'report')
    const page = readFileSync(join(project, '.plumb', 'report.html'), 'utf8')
    const steps = [...page.matchAll(/<span class="step">([^<]+)<\/span><span class="state">(.*?)<span class="when">/g)]
    const stateOf = new Map(steps.map(([, step = '', state = '']) => [step, state.replaceAll(/<[^>]+>/g, '')]))
    expect(Object.fromEntries(stateOf)).toMatchObject({
      stage: '✓ v3: satisfied',
      promote: '✓ v3, read back',
      watch: '✗ 1 violated',
      retrain: '✓ promoted v3',
      'roll back': '✓ to v2',
    })
    expect(page).toContain('release.guard')
    expect(page).toContain('loaded by the guard')
  })
})

describe('without drift', () => {
  it('nothing is retrained, rolled back or told', async () => {
    const project = projectFor('production-calm')
    const production = productionIn(project)
    await startGuard(production)
    await runDays(production, { traffic: ['--days', '10', '--no-drift', '--rows-per-day', '1000', '--seed', '7'] })
    const records = await recordsOf(project)
    expect(eventsIn(records, /^(retrain|alert)\./)).toEqual([])
    expect(promotionsIn(records)).toHaveLength(1)
    expect(new Set(evidenceIn(records, 'population-stable').map(({ statement }) => statement.verdict))).toEqual(
      new Set(['satisfied']),
    )
    expect(verdictsOf(evidenceIn(records, 'ranks-well'), 'satisfied').length).toBeGreaterThan(3)
  })
})

describe('a server that lies', () => {
  it('says it loaded the challenger and did not: a mismatch, which is no verification', async () => {
    const project = projectFor('production-lie')
    const production = productionIn(project)
    await startGuard(production)
    const path = join(project, '.plumb', 'serving', 'production.json')
    const state = JSON.parse(readFileSync(path, 'utf8')) as { readonly url: string }
    const liar = createServer((request, response) => {
      const { url = '', method = 'GET', headers } = request
      if (url.endsWith('/load')) {
        request.resume()
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
        return
      }
      const passed = forward(new URL(url, state.url), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      })
      request.pipe(passed)
    })
    await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve))
    try {
      writeFileSync(path, JSON.stringify({ ...state, url: `http://127.0.0.1:${(liar.address() as AddressInfo).port}` }))
      const asked = children.start(
        ['node', 'traffic/replay.js', '--url', modelUrl(production), '--clock', production.clock, '--days', '3'],
        { cwd: project },
      )
      expect((await asked.ended).code).toBe(0)
      // Somebody asks for a retraining by hand.
      verb(project, 'run', '--retrain')
      const said: string[] = []
      const loop = children.start(verbOf(production, ['--json', 'run', '--watch', '--once', '--trust']), {
        cwd: project,
        onLine: (line) => said.push(line),
      })
      expect((await loop.ended).code).toBe(0)
      expect(said).toHaveLength(6)
      expect(said.flatMap((line) => judge('loop', JSON.parse(line)))).toEqual([])
      const counted = plumb(project, '--clock', '.plumb/clock', '--json', 'export', '--from', '2026-01-01T00:00:00Z')
      expect(judge('export', counted.json())).toEqual([])
      expect(counted.json()).toMatchObject({ served: 4500 })
    } finally {
      liar.close()
    }
    const records = await recordsOf(project)
    expect(eventsIn(records, /^retrain\./).map(({ kind }) => kind)).toEqual([...CYCLE.slice(0, -1), 'retrain.refused'])
    expect(eventsIn(records, /^retrain\./).map(({ subject }) => subject)).toEqual(Array(7).fill('command'))
    expect(eventsIn(records, /^retrain\.refused$/)[0]?.detail).toMatchObject({
      reason: 'not-deployed',
      phase: 'promoted',
    })
    expect(eventsIn(records, /^version\.(deployed|mismatch)$/).map(({ kind }) => kind)).toEqual(['version.mismatch'])
    expect(evidenceIn(records, 'system.serving').map(({ statement }) => statement.verdict)).toEqual(['violated'])
  })
})
