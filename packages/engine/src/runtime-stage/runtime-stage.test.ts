import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestBytes, type Instance, type Program, type Statement, type TimeWindow, windowText } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addLabels, BEGIN, DAY, onRequests, requestProgram, requestRow, writeLog } from '../testing/request-window.ts'
import { openRuntimeStage, type RuntimeStage, type RuntimeStageOptions } from './open-runtime-stage.ts'

const host = nodeHost()
let base = ''
let root = ''
let count = 0
const open: RuntimeStage[] = []
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'plumb-runtime-'))
})
beforeEach(() => {
  root = join(base, String(count++))
})
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close()
})
afterAll(() => rm(base, { recursive: true, force: true }))

const WINDOW: TimeWindow = { from: BEGIN, to: BEGIN + DAY }

async function stageOf(
  program: Program,
  instances: readonly Instance[],
  more: Partial<RuntimeStageOptions> = {},
  directory = join(root, 'watch'),
): Promise<RuntimeStage> {
  const stage = await openRuntimeStage({
    host,
    program,
    root,
    log: join(root, 'log'),
    toolVersion: '0',
    instances,
    frozen: () => undefined,
    ...(directory === '' ? {} : { directory }),
    session: { threads: 1 },
    ...more,
  })
  if (!stage.ok) throw new Error(stage.failure.cause)
  open.push(stage.value)
  return stage.value
}

async function decide(
  program: Program,
  {
    now = WINDOW.to,
    window = WINDOW,
    instances = onRequests(program),
    ...more
  }: {
    readonly now?: number
    readonly window?: TimeWindow
    readonly instances?: readonly Instance[]
    readonly frozen?: RuntimeStageOptions['frozen']
  } = {},
): Promise<readonly Statement[]> {
  const stage = await stageOf(program, instances, more)
  const decided = await stage.decide({ window, now, instances })
  if (!decided.ok) throw new Error(decided.failure.cause)
  expect(decided.value.problems).toEqual([])
  for (const { window: text } of decided.value.statements) expect(text).toBe(windowText(window))
  return decided.value.statements
}
const short = (statements: readonly Statement[]) =>
  statements.map((s) => [
    s.clause,
    s.digests.models['champion']?.slice(7) ?? null,
    s.verdict,
    'n' in s ? s.n : null,
    ...('reason' in s ? [s.reason] : []),
  ])

describe('which rows a clause is asked of', () => {
  const program = requestProgram(`  grown: { says: a, of: requests, every: age >= 18 }
  careful: { says: a, of: requests, every: risk <= 0.9 }
  finds: { says: a, of: requests, must: recall() >= 0.9, confidence: none }`)

  test('inputs over all, answers over the served, metrics over the labelled; with slices and witnesses as on data', async () => {
    await writeLog(host, root, program, [
      requestRow(0),
      requestRow(1, { guard: 'flagged', answer: { risk: 0.95, decision: true } }),
      requestRow(2, { guard: 'fallback', model: 'sha256:card' }),
      requestRow(3, { guard: 'rejected', model: null, answer: null, request: { id: 3, age: 7, city: 'Ulm' } }),
      requestRow(4, { guard: 'withheld', model: null, answer: null }),
      requestRow(5, { guard: 'unavailable', model: null, answer: null }),
    ])
    addLabels(root, [
      [0, true, BEGIN + 1],
      [1, true, BEGIN + 2],
      [2, false, BEGIN + 3],
      [3, true, BEGIN + 4],
      [99, true, BEGIN + 5],
    ])
    const statements = await decide(program)
    expect(short(statements)).toEqual([
      ['grown', 'a', 'violated', 6],
      ['careful', 'a', 'violated', 3],
      ['finds', 'a', 'violated', 3],
    ])
    const [grown, , finds] = statements
    expect(grown).toMatchObject({ failing: 1, witnesses: [{ key: { id: 3 }, cells: { age: 7 } }] })
    expect(finds).toMatchObject({ measured: 0.5, labels: { arrived: 3, of: 3 } })
    expect(Object.keys(finds?.digests.data ?? {})).toEqual(['requests', 'monitor.labels'])
  })
})

describe('a window in which the model was swapped', () => {
  const program = requestProgram(`  grown: { says: a, of: requests, every: age >= 18, slices: [all, young] }
  calm: { says: a, of: requests, must: "mean(risk) < 0.5", confidence: none }`)
  const b = { model: 'sha256:b' }
  const turned = { guard: 'rejected', model: null, answer: null } as const

  test('has evidence for each version, over the rows that are its own', async () => {
    await writeLog(host, root, program, [
      requestRow(0, { ...turned, request: { id: 0, age: 5, city: 'Ulm' } }),
      requestRow(1),
      requestRow(2, { ...turned, request: { id: 2, age: 5, city: 'Ulm' } }),
      requestRow(3, { guard: 'fallback', model: 'sha256:card' }),
      // Both versions answer for a moment, while the swap is under way.
      requestRow(4, b),
      requestRow(5),
      requestRow(6, { ...b, answer: { risk: 1, decision: true } }),
      requestRow(7, { ...turned, request: { id: 7, age: 5, city: 'Ulm' } }),
    ])
    expect(short(await decide(program))).toEqual([
      ['grown', 'a', 'violated', 5],
      ['grown', 'a', 'violated', 5],
      ['grown', 'b', 'violated', 3],
      ['grown', 'b', 'violated', 3],
      ['calm', 'a', 'satisfied', 3],
      ['calm', 'b', 'violated', 2],
    ])
  })

  test('late rows of one version change nothing in the digests of the other', async () => {
    const rows = [requestRow(1), requestRow(2), requestRow(3, b), requestRow(4, b)]
    await writeLog(host, root, program, rows)
    const before = await decide(program)
    await writeLog(host, root, program, [requestRow(5, b)])
    const after = await decide(program)
    const digests = (statements: readonly Statement[], version: string) =>
      statements.filter((s) => s.digests.models['champion'] === version).map((s) => s.digests.data['requests'])
    expect(digests(after, 'sha256:a')).toEqual(digests(before, 'sha256:a'))
    expect(new Set([...digests(after, 'sha256:b'), ...digests(before, 'sha256:b')]).size).toBe(2)
  })

  test('without any answer names no version; without rows it is empty', async () => {
    await writeLog(host, root, program, [
      requestRow(0, turned),
      requestRow(1, { guard: 'fallback', model: 'sha256:card' }),
    ])
    expect(short(await decide(program))).toEqual([
      ['grown', null, 'satisfied', 2],
      ['grown', null, 'satisfied', 2],
      ['calm', null, 'satisfied', 1],
    ])
    const later = { from: WINDOW.to, to: WINDOW.to + DAY }
    expect(short(await decide(program, { window: later, now: later.to }))).toEqual([
      ['grown', null, 'inconclusive', 0, 'empty-relation'],
      ['grown', null, 'inconclusive', 0, 'empty-relation'],
      ['calm', null, 'inconclusive', 0, 'empty-relation'],
    ])
  })

  test('a version with fewer rows than min_rows decides nothing, the other does', async () => {
    const few = { ...program, monitor: { ...program.monitor, minRows: 3 } } as Program
    await writeLog(host, root, few, [requestRow(1), requestRow(2), requestRow(3), requestRow(4, b), requestRow(5, b)])
    const statements = await decide(few)
    expect(short(statements.filter((s) => s.clause === 'calm'))).toEqual([
      ['calm', 'a', 'satisfied', 3],
      ['calm', 'b', 'inconclusive', 2, 'too-few-rows'],
    ])
    expect(statements.at(-1)).toMatchObject({ cause: 'There are 2 answered requests; 3 are asked for.' })
  })
})

describe('labels', () => {
  const program = requestProgram(`  finds: { says: a, of: requests, must: recall() >= 0.9, confidence: none }
  grown: { says: a, of: requests, every: age >= 18 }`)
  const ten = Array.from({ length: 10 }, (_, n) => requestRow(n))
  const labelOf = (n: number, at = WINDOW.to): readonly [number, boolean, number] => [n, n % 8 >= 4, at]
  const finds = (statements: readonly Statement[]) => statements.find((s) => s.clause === 'finds')

  test('are waited for; a window is decided as soon as all have come', async () => {
    await writeLog(host, root, program, ten)
    expect(finds(await decide(program))).toMatchObject({ reason: 'labels-pending', labels: { arrived: 0, of: 10 } })
    addLabels(
      root,
      ten.slice(0, 9).map((_, n) => labelOf(n)),
    )
    const waiting = finds(await decide(program, { now: WINDOW.to + DAY }))
    expect(waiting).toMatchObject({ reason: 'labels-pending', labels: { arrived: 9, of: 10 }, verdict: 'inconclusive' })
    expect(waiting).toMatchObject({ cause: '9 of 10 labels have arrived; the others still have time.' })
    addLabels(root, [labelOf(9, WINDOW.to + 3 * DAY)])
    expect(finds(await decide(program, { now: WINDOW.to + 2 * DAY }))).toMatchObject({ reason: 'labels-pending' })
    const decided = finds(await decide(program, { now: WINDOW.to + 3 * DAY }))
    expect(decided).toMatchObject({ verdict: 'satisfied', measured: 1, n: 10, labels: { arrived: 10, of: 10 } })
  })

  test('when their time is over, a share decides, and what comes later is not seen', async () => {
    await writeLog(host, root, program, ten)
    const due = WINDOW.to + 45 * DAY
    addLabels(
      root,
      ten.slice(0, 7).map((_, n) => labelOf(n)),
    )
    addLabels(root, [labelOf(7, due + 1000), labelOf(8, due + 1000)])
    expect(finds(await decide(program, { now: due - 1 }))).toMatchObject({ reason: 'labels-pending' })
    const few = await decide(program, { now: due + 90 * DAY })
    expect(finds(few)).toMatchObject({ reason: 'too-few-labels', labels: { arrived: 7, of: 10 } })
    addLabels(root, [labelOf(8, due)])
    const enough = await decide(program, { now: due + 90 * DAY })
    expect(finds(enough)).toMatchObject({ verdict: 'satisfied', n: 8, labels: { arrived: 8, of: 10 } })
    expect(finds(await decide(program, { now: due }))).toEqual(finds(enough))
  })

  test('that came twice count once, the last one; those of unknown ids count for nothing', async () => {
    await writeLog(host, root, program, ten)
    addLabels(
      root,
      ten.map((_, n) => labelOf(n)),
    )
    const first = finds(await decide(program))
    addLabels(root, [[0, true, WINDOW.to + 1000], [555, true, WINDOW.to + 1000], labelOf(3, WINDOW.to)])
    expect(finds(await decide(program))).toEqual(first)
    const corrected = finds(await decide(program, { now: WINDOW.to + 1000 }))
    expect(corrected).toMatchObject({ labels: { arrived: 10, of: 10 }, verdict: 'violated' })
    expect(corrected?.digests.data['requests']).toBe(first?.digests.data['requests'])
    expect(corrected?.digests.data['monitor.labels']).not.toBe(first?.digests.data['monitor.labels'])
  })

  test('that come twice, contradict each other, or come before their request are joined by one stage as by another', async () => {
    await writeLog(host, root, program, ten.slice(0, 9))
    addLabels(
      root,
      ten.slice(0, 3).map((_, n) => labelOf(n)),
    )
    const stage = await stageOf(program, onRequests(program))
    const inMemory = await stageOf(program, onRequests(program), {}, '')
    const decided = async (now = WINDOW.to + 2000) => {
      const asked = { window: WINDOW, now, instances: onRequests(program) }
      const [kept, whole] = [await stage.decide(asked), await inMemory.decide(asked)]
      if (!kept.ok || !whole.ok) throw new Error('not decided')
      expect(kept.value).toEqual(whole.value)
      return finds(kept.value.statements)
    }
    expect(await decided()).toMatchObject({ labels: { arrived: 3, of: 9 } })
    // Once more what was read before, for an id that nobody has asked about yet, and the rest.
    addLabels(root, [labelOf(1), labelOf(9)])
    expect(await decided()).toMatchObject({ labels: { arrived: 3, of: 9 } })
    addLabels(
      root,
      // Whoever sends labels has a clock of his own: that of 8 came before the request did.
      [3, 4, 5, 6, 7, 8].map((n) => labelOf(n, n === 8 ? WINDOW.from - DAY : WINDOW.to)),
    )
    expect(await decided()).toMatchObject({ labels: { arrived: 9, of: 9 }, verdict: 'satisfied', measured: 1 })
    await writeLog(host, root, program, ten.slice(9))
    expect(await decided()).toMatchObject({ labels: { arrived: 10, of: 10 }, verdict: 'satisfied', measured: 1 })
    addLabels(root, [[0, true, WINDOW.to + 1000]])
    expect(await decided(WINDOW.to)).toMatchObject({ verdict: 'satisfied' })
    expect(await decided()).toMatchObject({ verdict: 'violated' })
  })

  test('that cannot be read keep the clauses that need them open, and no others', async () => {
    await writeLog(host, root, program, ten)
    await writeFile(join(root, 'outcomes.csv'), 'id,other\n1,2\n')
    const stage = await stageOf(program, onRequests(program))
    const decided = await stage.decide({ window: WINDOW, now: WINDOW.to, instances: onRequests(program) })
    expect(decided).toMatchObject({ ok: true, value: { problems: [{ reason: 'column-missing' }] } })
    expect(decided.ok && short(decided.value.statements)).toEqual([['grown', 'a', 'satisfied', 10]])
  })

  test('are counted for many windows at once, each version for itself', async () => {
    const b = { model: 'sha256:b' }
    const turned = { guard: 'rejected', model: null, answer: null } as const
    const day = (n: number, d: number, more = {}) => requestRow(n, { at: BEGIN + d * DAY + n * 1_000_000, ...more })
    await writeLog(host, root, program, [
      day(0, 0),
      day(1, 0),
      day(2, 0, turned),
      day(3, 1),
      day(4, 1, b),
      day(5, 1, { guard: 'fallback', model: 'sha256:card' }),
      day(6, 3, b),
    ])
    addLabels(root, [labelOf(0), labelOf(4), labelOf(5, BEGIN + 46 * DAY), labelOf(6, BEGIN + 49 * DAY + 1000)])
    const stage = await stageOf(program, onRequests(program))
    const counted = await stage.labels({
      window: { from: BEGIN, to: BEGIN + 4 * DAY },
      now: BEGIN + 99 * DAY,
      width: DAY,
    })
    const shown = counted.ok
      ? counted.value.counts.map(({ window: { from }, version, served, labelled }) => [
          (from - BEGIN) / DAY,
          version,
          served,
          labelled,
        ])
      : counted.failure
    expect(shown).toEqual([
      [0, 'sha256:a', 2, 1],
      [1, 'sha256:a', 1, 0],
      [1, 'sha256:b', 2, 2],
      [3, 'sha256:b', 1, 0],
    ])
    expect(counted.ok && counted.value.later).toBe(false)
    expect((await stage.labels({ window: WINDOW, now: BEGIN, width: DAY })).ok).toBe(true)
  })

  test('that are corrected change the mark of their window, and of no other', async () => {
    await writeLog(host, root, program, [requestRow(0), requestRow(1, { at: BEGIN + DAY })])
    addLabels(root, [labelOf(0), labelOf(1), [1, true, BEGIN + 90 * DAY]])
    const stage = await stageOf(program, onRequests(program))
    const marks = async () => {
      const span = { from: BEGIN, to: BEGIN + 2 * DAY }
      const counted = await stage.labels({ window: span, now: BEGIN + 10 * DAY, width: DAY })
      if (!counted.ok) throw new Error(counted.failure.cause)
      expect(counted.value.later).toBe(true)
      return counted.value.counts.map(({ mark }) => mark)
    }
    const stamp = await stage.labelsStamp()
    const [first, second] = await marks()
    expect(await marks()).toEqual([first, second])
    addLabels(root, [[0, true, WINDOW.to + 1000]])
    expect(await stage.labelsStamp()).not.toBe(stamp)
    const [changed, same] = await marks()
    expect(changed).not.toBe(first)
    expect(same).toBe(second)
  })
})

describe('data that production is compared with', () => {
  const program = requestProgram(`  stable: { says: a, of: requests, must: "psi(city, people) < 0.2", confidence: none }
  same: { says: a, of: requests, always: "psi(city, people) < 0.2", window: 1d, for: 2, confidence: none }`)
  const csv = (ulm: number, bonn: number): string =>
    `id,age,city,default\n${[...Array(ulm).fill('Ulm'), ...Array(bonn).fill('Bonn')].map((city, i) => `${i},30,${city},false`).join('\n')}\n`
  const rows = Array.from({ length: 100 }, (_, n) => requestRow(n, n < 50 ? {} : { model: 'sha256:b' }))

  test('is what a version was promoted on; what was not kept is the file as it is now, and the digest says which', async () => {
    await writeLog(host, root, program, rows)
    await writeFile(join(root, 'people.csv'), csv(50, 50))
    const kept = join(root, 'kept')
    await writeFile(kept, csv(98, 2))
    const digest = `bytes:${digestBytes(csv(98, 2))}`
    const frozen: RuntimeStageOptions['frozen'] = (version) =>
      version === 'sha256:b' ? { people: { digest, files: [{ name: 'people.csv', path: kept }] } } : undefined
    const statements = await decide(program, { frozen })
    expect(short(statements)).toEqual([
      ['stable', 'a', 'satisfied', 50],
      ['same', 'a', 'satisfied', 50],
      ['stable', 'b', 'violated', 50],
      ['same', 'b', 'violated', 50],
    ])
    expect(statements.map((s) => s.form)).toEqual(['must', 'always', 'must', 'always'])
    expect(statements.map((s) => s.digests.data['people'])).toEqual([
      `bytes:${digestBytes(csv(50, 50))}`,
      `bytes:${digestBytes(csv(50, 50))}`,
      digest,
      digest,
    ])
  })

  test('that was changed after it was kept is not used', async () => {
    await writeLog(host, root, program, rows)
    await writeFile(join(root, 'kept'), csv(98, 2))
    const file = { name: 'people.csv', path: join(root, 'kept') }
    const frozen = () => ({ people: { digest: `bytes:${digestBytes('other')}`, files: [file] } })
    const [changed] = await decide(program, { frozen })
    expect(changed).toMatchObject({ verdict: 'error', reason: 'source-unreadable' })
    const gone = () => ({ people: { digest: 'bytes:x', files: [{ ...file, path: join(root, 'nowhere') }] } })
    expect((await decide(program, { frozen: gone }))[0]).toMatchObject({ verdict: 'error', reason: 'source-missing' })
  })

  test('a file that was not kept is read again when it has changed', async () => {
    await writeLog(host, root, program, rows)
    await writeFile(join(root, 'people.csv'), csv(50, 50))
    const stage = await stageOf(program, onRequests(program))
    const verdict = async () => {
      const decided = await stage.decide({ window: WINDOW, now: WINDOW.to, instances: onRequests(program) })
      return decided.ok ? decided.value.statements[0]?.verdict : decided.failure
    }
    expect(await verdict()).toBe('satisfied')
    await writeFile(join(root, 'people.csv'), csv(98, 2))
    expect(await verdict()).toBe('violated')
  })
})
