import { openRuntimeStage } from '@plumbline/engine'
import { planWatch } from '@plumbline/runner'
import { nodeHost } from '@plumbline/store'
import type { Statement } from '@plumbline/core'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { plumb } from './support/plumb.ts'
import {
  BEGIN,
  creditSpec,
  DAY,
  type Person,
  person,
  randomNumbers,
  type Watched,
  watchedProject,
} from './support/watched.ts'

/** Windows without drift that are counted; more of them judge the level more sharply. */
const WINDOWS = Number(process.env['PLUMB_DRIFT_WINDOWS'] ?? 25)
const PER_DAY = 400
/** Days of a history with drift. */
const DAYS = 8

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const MONITOR = '  windows: [1d]\n  lateness: 0s'
const STABLE = `  stable: { says: People stay alike., of: requests, always: "max_over(columns, psi(column, people)) < 0.2", window: 1d, for: 2 }`

/** Logs days of requests from people whom `change` makes different. */
async function days(
  project: Watched,
  count: number,
  seed: number,
  change: (day: number, who: Person) => Person,
): Promise<void> {
  const random = randomNumbers(seed)
  for (let day = 0; day < count; day++) {
    const asking: Promise<number>[] = []
    for (let i = 0; i < PER_DAY; i++)
      asking.push(project.ask(BEGIN + (day + i / PER_DAY) * DAY, change(day, person(random))))
    await Promise.all(asking)
  }
}

describe('drift in a column from a day on', () => {
  test.each([
    ['age', 4, (who: Person): Person => ({ ...who, age: who.age + 10 })],
    ['income', 2, (who: Person): Person => ({ ...who, income: who.income * 2.2 })],
    ['city', 6, (who: Person): Person => ({ ...who, city: who.city === 'Ulm' ? 'Köln' : who.city })],
  ] as const)(
    '%s, day %d: found in the second window of it and in every one after, by that column',
    async (column, first, drifted) => {
      const project = await watchedProject(`drift-${column}`, creditSpec(STABLE, MONITOR))
      closing.push(() => project.log.close())
      await days(project, DAYS, first, (day, who) => (day >= first ? drifted(who) : who))
      project.setClock(BEGIN + DAYS * DAY)
      expect(plumb(project.folder, '--clock', join(project.folder, 'clock'), 'watch', '--once').code).toBe(1)
      const evidence = (await project.evidence()).filter(({ statement }) => statement.clause === 'stable')
      const found = evidence.map(({ statement }) => ('reason' in statement ? statement.reason : statement.verdict))
      expect(found).toEqual(
        Array.from({ length: DAYS }, (_, day) => (day < first ? 'satisfied' : day === first ? 'pending' : 'violated')),
      )
      for (const { statement } of evidence.slice(first)) {
        const terms = 'terms' in statement ? (statement.terms ?? []) : []
        const worst = terms.toSorted((a, b) => Number(b.value) - Number(a.value))[0]
        expect(worst?.expression).toBe(`psi(${column}, people)`)
      }
    },
  )
})

/** The statements of one clause on so many windows, decided without recording them. */
async function judged(project: Watched, count: number): Promise<readonly Statement[]> {
  const instances = planWatch(project.program).windows.flatMap((line) =>
    line.clause.origin === 'authored' ? line.instances : [],
  )
  const opened = await openRuntimeStage({
    host: nodeHost(),
    program: project.program,
    root: project.folder,
    log: project.log.directory,
    toolVersion: '0',
    instances,
    frozen: () => undefined,
    session: { threads: 1 },
  })
  if (!opened.ok) throw new Error(opened.failure.cause)
  closing.push(() => opened.value.close())
  const statements: Statement[] = []
  for (let day = 0; day < count; day++) {
    const window = { from: BEGIN + day * DAY, to: BEGIN + (day + 1) * DAY }
    const decided = await opened.value.decide({ window, now: window.to, instances })
    if (!decided.ok) throw new Error(decided.failure.cause)
    statements.push(...decided.value.statements)
  }
  return statements
}

test(`false alarms in ${WINDOWS} windows without drift stay below what the confidence says`, async () => {
  // The true mean is the bound: of a 95 % interval at most 2.5 % lie beyond it, and as many below.
  const spec = creditSpec(
    `  alike: { says: a, of: requests, must: "max_over(columns, psi(column, people)) < 0.2", confidence: 95% }
  edge: { says: b, of: requests, must: "mean(age) < 45.0", confidence: 95% }`,
    MONITOR,
  )
  const project = await watchedProject('drift-none', spec, 20_000)
  closing.push(() => project.log.close())
  await days(project, WINDOWS, 77, (_day, who) => who)
  const statements = await judged(project, WINDOWS)
  const count = (clause: string, verdict: string): number =>
    statements.filter((s) => s.clause === clause && s.verdict === verdict).length
  // Where nothing drifts the true distance is 0: an alarm needs an interval that lies above the bound as a whole.
  expect(count('alike', 'violated')).toBe(0)
  expect(count('alike', 'satisfied')).toBe(WINDOWS)
  // Above this many of a binomial with 2.5 % one run in a thousand would go.
  const limit = binomialQuantile(WINDOWS, 0.025, 0.999)
  expect(count('edge', 'violated')).toBeLessThanOrEqual(limit)
  expect(count('edge', 'satisfied')).toBeLessThanOrEqual(limit)
  expect(count('edge', 'inconclusive')).toBe(WINDOWS - count('edge', 'violated') - count('edge', 'satisfied'))
})

/** The least k that a binomial with n tries stays at or below with at least this probability. */
function binomialQuantile(n: number, p: number, probability: number): number {
  let [term, sum, k] = [(1 - p) ** n, (1 - p) ** n, 0]
  while (sum < probability && k < n) {
    term *= ((n - k) / (k + 1)) * (p / (1 - p))
    sum += term
    k++
  }
  return k
}
