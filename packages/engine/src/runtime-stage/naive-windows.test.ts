import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Statement, windowAt, windowText } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GuardOutcome } from '../requests/columns.ts'
import type { LoggedRow } from '../requests/row-text.ts'
import { addLabels, BEGIN, DAY, onRequests, requestProgram, requestRow, writeLog } from '../testing/request-window.ts'
import { openRuntimeStage } from './open-runtime-stage.ts'

/** Rounds, each a log of its own; more of them look longer for what is rare. */
const ROUNDS = Number(process.env['PLUMB_WINDOW_ROUNDS'] ?? 4)
const WITHIN = 3 * DAY

const host = nodeHost()
let base = ''
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'plumb-naive-'))
})
afterAll(() => rm(base, { recursive: true, force: true }))

const program = requestProgram(
  `  grown: { says: a, of: requests, every: age >= 30, mostly: 80%, slices: [all, young] }
  careful: { says: a, of: requests, every: risk <= 0.6, mostly: 70% }
  calm: { says: a, of: requests, must: "mean(risk) < 0.45", confidence: none, slices: [all, young] }
  turned: { says: a, of: requests, must: 'share(_guard == "rejected") < 0.2', confidence: none }
  finds: { says: a, of: requests, must: recall() >= 0.5, confidence: none }`,
  { minRows: 3, labels: { source: 'outcomes.csv', join: ['id'], within: WITHIN, minShare: '0.6' } },
)

function randomOf(seed: number): (n: number) => number {
  let state = seed * 7919 + 1
  for (let i = 0; i < 9; i++) state = (state * 48271) % 2147483647
  return (n) => (state = (state * 48271) % 2147483647) % n
}

const GUARDS: readonly GuardOutcome[] = [
  'accepted',
  'accepted',
  'accepted',
  'flagged',
  'fallback',
  'rejected',
  'withheld',
  'unavailable',
]
const SERVED = new Set<GuardOutcome>(['accepted', 'flagged', 'fallback'])

function randomLog(random: (n: number) => number): readonly LoggedRow[] {
  return Array.from({ length: 120 }, (_, n) => {
    const guard = GUARDS[random(GUARDS.length)] ?? 'accepted'
    const day = random(4) * DAY + random(1000) * 86_000_000
    const own = day > 2.4 * DAY && random(5) > 0 ? 'sha256:b' : 'sha256:a'
    const answered = SERVED.has(guard)
    const risk = random(11) / 10
    return requestRow(n, {
      requestId: `r${random(60)}`,
      row: n,
      at: BEGIN + day,
      guard,
      model: guard === 'fallback' ? 'sha256:card' : answered ? own : null,
      request: { id: n, age: 18 + random(40), city: random(2) === 0 ? 'Ulm' : 'Bonn' },
      answer: answered ? { risk, decision: risk >= 0.5 } : null,
    })
  })
}

type Label = readonly [id: number, label: boolean, at: number]

/** Some are there twice, some for nobody, some come too late. */
function randomLabels(random: (n: number) => number, rows: readonly LoggedRow[]): readonly Label[] {
  return rows.flatMap(({ at, request }): readonly Label[] => {
    const id = Number(request['id'])
    const label = (later: number): Label => [id, random(2) === 0, Math.floor((at + later) / 1000) * 1000]
    const kind = random(10)
    if (kind === 0) return []
    if (kind === 1) return [label(DAY), label(2 * DAY)]
    if (kind === 2) return [[id + 5000, true, at], label(DAY)]
    return [label(random(60) * 0.1 * DAY)]
  })
}

interface Naive {
  readonly version: string | null
  readonly rows: readonly LoggedRow[]
}

/** Which version each row of a window belongs to, row by row. */
function versionsOf(rows: readonly LoggedRow[]): readonly Naive[] {
  const ordered = rows.toSorted(
    (a, b) => a.at - b.at || (a.requestId < b.requestId ? -1 : a.requestId > b.requestId ? 1 : a.row - b.row),
  )
  const own = (row: LoggedRow | undefined): string | null =>
    row !== undefined && (row.guard === 'accepted' || row.guard === 'flagged') ? row.model : null
  const versions = new Map<string | null, LoggedRow[]>()
  ordered.forEach((row, i) => {
    let version = own(row)
    for (let before = i - 1; version === null && before >= 0; before--) version = own(ordered[before])
    for (let after = i + 1; version === null && after < ordered.length; after++) version = own(ordered[after])
    versions.set(version, [...(versions.get(version) ?? []), row])
  })
  return [...versions].map(([version, of]) => ({ version, rows: of }))
}

const numberOf = (row: LoggedRow, name: string): number => Number(row.request[name] ?? row.answer?.[name])

/** What a clause must say of the rows of a version: verdict or reason, rows, and the number that was measured. */
function naive(
  clause: string,
  young: boolean,
  { rows }: Naive,
  labels: readonly Label[],
  now: number,
  to: number,
): unknown {
  const served = rows.filter(({ guard }) => SERVED.has(guard))
  const asked = clause === 'grown' || clause === 'turned' ? rows : served
  if (asked.length === 0) return ['empty-relation', 0, null]
  if (asked.length < 3) return ['too-few-rows', asked.length, null]
  const inSlice = (all: readonly LoggedRow[]) => (young ? all.filter((row) => numberOf(row, 'age') < 30) : all)
  const decided = (holds: boolean, n: number, measured: number | null): unknown => [
    holds ? 'satisfied' : 'violated',
    n,
    measured,
  ]
  switch (clause) {
    case 'grown':
    case 'careful': {
      const own = inSlice(asked)
      if (own.length === 0) return ['empty-relation', 0, null]
      const good = own.filter((row) => (clause === 'grown' ? numberOf(row, 'age') >= 30 : numberOf(row, 'risk') <= 0.6))
      return decided(
        good.length * 100 >= own.length * (clause === 'grown' ? 80 : 70),
        own.length,
        good.length / own.length,
      )
    }
    case 'calm': {
      const own = inSlice(asked)
      if (own.length === 0) return ['empty-relation', 0, null]
      const mean = own.reduce((sum, row) => sum + numberOf(row, 'risk'), 0) / own.length
      return decided(mean < 0.45, own.length, mean)
    }
    case 'turned': {
      const share = rows.filter(({ guard }) => guard === 'rejected').length / rows.length
      return decided(share < 0.2, rows.length, share)
    }
    default: {
      const known = served.flatMap((row) => {
        const own = labels.filter(([id, , at]) => id === Number(row.request['id']) && at <= Math.min(now, to + WITHIN))
        const last = own.toSorted((a, b) => b[2] - a[2] || Number(b[1]) - Number(a[1]))[0]
        return last === undefined ? [] : [{ row, label: last[1] }]
      })
      if (known.length < served.length && now < to + WITHIN) return ['labels-pending', known.length, null]
      if (known.length * 10 < served.length * 6) return ['too-few-labels', known.length, null]
      if (known.length < 3) return ['too-few-rows', known.length, null]
      const positive = known.filter(({ label }) => label)
      if (positive.length === 0) return ['undefined-metric', known.length, null]
      const recall = positive.filter(({ row }) => row.answer?.['decision'] === true).length / positive.length
      return decided(recall >= 0.5, known.length, recall)
    }
  }
}

function essence(statement: Statement): unknown {
  const said = 'reason' in statement ? statement.reason : statement.verdict
  const n = 'n' in statement ? (statement.n ?? 0) : null
  const measured = 'measured' in statement && typeof statement.measured === 'number' ? statement.measured : null
  return [said, n, said === 'satisfied' || said === 'violated' ? measured : null]
}

test('every window of a random log is what counting row by row says, for each version and slice', async () => {
  const seen = new Map<string, number>()
  const instances = onRequests(program)
  for (let round = 1; round <= ROUNDS; round++) {
    const random = randomOf(round)
    const root = join(base, String(round))
    const rows = randomLog(random)
    await writeLog(host, root, program, rows, { segmentRows: 10 + random(60) })
    const labels = randomLabels(random, rows)
    addLabels(root, labels)
    const stage = await openRuntimeStage({
      host,
      program,
      root,
      log: join(root, 'log'),
      toolVersion: '0',
      instances,
      frozen: () => undefined,
      session: { threads: 1 },
    })
    if (!stage.ok) throw new Error(stage.failure.cause)
    for (let day = 0; day < 4; day++) {
      const window = windowAt(DAY, BEGIN + day * DAY)
      const now = window.to + random(5) * DAY
      const decided = await stage.value.decide({ window, now, instances })
      if (!decided.ok) throw new Error(decided.failure.cause)
      const inside = rows.filter(({ at }) => at >= window.from && at < window.to)
      const versions = versionsOf(inside)
      expect(decided.value.statements).toHaveLength(Math.max(1, versions.length) * instances.length)
      for (const statement of decided.value.statements) {
        const { clause, slice, digests } = statement
        const version = digests.models['champion'] ?? null
        const own = versions.find((each) => each.version === version) ?? { version, rows: [] }
        const expected = naive(clause, slice === 'young', own, labels, now, window.to) as readonly [
          string,
          number,
          number | null,
        ]
        const found = essence(statement) as readonly [string, number, number | null]
        const name = `round ${round} ${windowText(window)} ${clause} ${slice} ${version}`
        expect(found.slice(0, 2), name).toEqual(expected.slice(0, 2))
        if (expected[2] === null) expect(found[2], name).toBeNull()
        else expect(found[2], name).toBeCloseTo(expected[2], 12)
        seen.set(expected[0], (seen.get(expected[0]) ?? 0) + 1)
      }
      if (versions.length > 1) seen.set('two versions', (seen.get('two versions') ?? 0) + 1)
    }
    await stage.value.close()
  }
  // A generator that never made the interesting cases would agree with anything.
  for (const kind of ['satisfied', 'violated', 'labels-pending', 'two versions'])
    expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(0)
})
