import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { columnsOf, guardModule, guardPlan, instancesOf, type Program, stats } from '@plumbline/core'
import {
  declaredRequests,
  logColumnsOf,
  openRequestLog,
  openSession,
  requestsReader,
  rowsWanted,
  type Session,
} from '@plumbline/engine'
import { createGuard, type GuardRules, serve } from '@plumbline/guard'
import { nodeHost } from '@plumbline/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideRelation } from '../../packages/engine/src/plan/relation-plan.ts'
import { requestRows } from '../../packages/server/src/requests/request-rows.ts'
import { generate } from './requests.ts'
import { program as specOf } from './spec.ts'

const ROWS = Number(process.env['PLUMB_GUARD_LOG_ROWS'] ?? 6_000)
const WINDOWS = Math.max(4, Math.ceil(ROWS / 5_000))
const STEP = 1_000
/** One request in ten comes before the time that a clause asks for. */
const BEGIN = 1_577_836_800_000_000 - Math.floor(ROWS / 10) * STEP

let root = ''
let session: Session
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-guard-log-'))
  const opened = await openSession({ threads: 2 })
  if (!opened.ok) throw new Error(opened.error.cause)
  session = opened.value
})
afterAll(async () => {
  session.close()
  await rm(root, { recursive: true, force: true })
})

async function rulesOf(program: Program): Promise<GuardRules> {
  const planned = guardPlan(program)
  if (planned === undefined) throw new Error('no plan')
  const module = `data:text/javascript,${encodeURIComponent(guardModule(planned))}`
  return (await import(/* @vite-ignore */ module)) as GuardRules
}

/** Rows (by position in the log) on which the guard finds a clause violated: `<clause> <slice>`. */
type Violations = Map<string, Set<number>>

describe('what the guard said of a request is what a batch says of its logged row', () => {
  it(`of ${ROWS} requests, every clause and slice, through segments of the log`, async () => {
    const program = specOf('guard: { input: { on_violation: flag }, output: { on_violation: flag } }')
    const declared = declaredRequests(program)
    if (declared === undefined) throw new Error('no requests')
    const directory = join(root, 'log')
    const host = nodeHost()
    const opened = await openRequestLog({
      host,
      directory,
      columns: logColumnsOf(declared),
      limits: { segmentRows: Math.ceil(ROWS / 7) },
    })
    if (!opened.ok) throw new Error(JSON.stringify(opened.failure))
    const log = opened.value
    const guard = createGuard(await rulesOf(program))
    const phaseOf = new Map(guard.plan.clauses.map(({ id, phase }) => [id, phase]))
    const random = stats.createRandom('guard', 'log')
    const violations: Violations = new Map()
    let served = 0
    for (let i = 0; i < ROWS; i++) {
      const { raw, outputs } = generate(random, i)
      const facts = { id: `request ${i}`, at: BEGIN + i * STEP, model: 'sha256:champion' }
      const answer = await serve(guard, [raw], { model: () => [outputs], facts })
      const rows = requestRows(guard, [raw], answer, facts)
      if (answer.kind === 'answered') served++
      for (const { violation } of answer.findings) {
        const clause = 'clause' in violation ? violation.clause : undefined
        // An answer that was withheld is not logged: of such a request only what came in is there to be judged.
        if (clause === undefined || (answer.kind !== 'answered' && phaseOf.get(clause) === 'output')) continue
        const named = 'slices' in violation ? violation.slices : undefined
        for (const slice of named ?? ['all']) {
          const key = `${clause} ${slice}`
          const known = violations.get(key)
          if (known === undefined) violations.set(key, new Set([i]))
          else known.add(i)
        }
      }
      const written = await log.append(rows)
      if (!written.ok) throw new Error(JSON.stringify(written.failure))
    }
    await log.close()
    // A good part is answered, and a part refused: both kinds of rows are in the log.
    expect(served / ROWS).toBeGreaterThan(0.6)
    expect(served / ROWS).toBeLessThan(0.99)

    const reader = requestsReader({ host, session, program, root, directory })
    const instances = instancesOf(program, ['runtime']).filter(
      ({ clause, relation }) =>
        relation === 'requests' &&
        clause.form === 'every' &&
        !(clause.condition.kind === 'expr' && columnsOf(clause.condition.expr).has('default')),
    )
    expect(instances.length).toBeGreaterThan(30)
    let compared = 0
    const size = Math.ceil(ROWS / WINDOWS)
    for (let first = 0; first < ROWS; first += size) {
      const window = { from: BEGIN + first * STEP, to: BEGIN + (first + size) * STEP }
      const requests = await reader.open({ window, now: window.to })
      if (!requests.ok) throw new Error(requests.failure.cause)
      const { value } = requests
      expect(value.summary).toMatchObject({ rows: Math.min(size, ROWS - first), absentSegments: 0 })
      for (const [, group] of Map.groupBy(instances, (each) => rowsWanted(each, declared).served)) {
        const relation = value.relation(rowsWanted(group[0] ?? expect.fail(), declared))
        const catalog = { resolve: () => expect.fail('No clause compares with another relation.') }
        const plan = { program, session, catalog, relation, instances: group, toolVersion: '0', witnessLimit: size }
        for await (const statement of decideRelation(plan)) {
          const key = `${statement.clause} ${statement.slice}`
          // Of a clause that is asked of all rows, too, the guard names no slice: its rows are among those of all.
          const ofAll = statement.slice !== 'all' && violations.has(`${statement.clause} all`)
          const found = violations.get(ofAll ? `${statement.clause} all` : key) ?? new Set()
          const expected = [...found].filter((i) => i >= first && i < first + size)
          if (!('witnesses' in statement)) throw new Error(`${key}: ${JSON.stringify(statement)}`)
          if (ofAll) expect(statement.failing ?? 0).toBeLessThanOrEqual(expected.length)
          else expect([key, statement.failing]).toEqual([key, expected.length])
          // What `mostly` tolerates is shown by a few rows only.
          // The worst come first; here all are shown, and which they are is asked.
          const shown = (statement.witnesses ?? []).map(({ row }) => row - 1 + first).toSorted((a, b) => a - b)
          if (!ofAll && shown.length === statement.failing) expect([key, shown]).toEqual([key, expected])
          else expect([key, shown.filter((i) => !expected.includes(i))]).toEqual([key, []])
          compared++
        }
      }
      await value.close()
    }
    expect(compared).toBe(instances.length * Math.ceil(ROWS / size))
    // Every clause bites.
    for (const { clause, slice } of instances) {
      const key = `${clause.id} ${violations.has(`${clause.id} all`) ? 'all' : slice.name}`
      if (!key.endsWith('.type all')) expect([key, violations.get(key)?.size ?? 0]).not.toEqual([key, 0])
    }
  })
})
