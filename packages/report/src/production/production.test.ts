import { digestOf, type Evidence, makeEvidence } from '@plumbline/core'
import { describe, expect, test } from 'vitest'
import type { EventEntry, PromotionEntry } from '../input.ts'
import { BEGIN, dayAt, loopProgram, loopReport, V1, V2, windowsOf } from '../testing/loop.ts'
import { DAY_MS } from '../words/time.ts'
import { binWindows, MOST_CELLS, windowsPerCell } from './bins.ts'
import { asOne, episodesOf } from './episodes.ts'
import { isRevised, readLanes } from './lanes.ts'
import { rowsToShow } from './listed.ts'
import { seriesOf } from './measured.ts'
import { movedIn, movedTerms } from './moved.ts'
import { orderLanes } from './order.ts'
import { readProduction } from './production.ts'
import { readAttempts } from './retraining.ts'
import { timeSpan } from './span.ts'
import { storyOf, summary } from './story.ts'
import { together } from './together.ts'
import { readServing, versionName } from './versions.ts'

const program = loopProgram()
const windows = windowsOf(program, 24)
const report = loopReport()
const production = readProduction(report)
const laneOf = (id: string) => {
  const found = production.lanes.find((lane) => lane.id === id)
  if (found === undefined) throw new Error(`no lane ${id}`)
  return found
}

/** The same record with other words in its statement. */
function changed(evidence: Evidence, change: object): Evidence {
  return makeEvidence({ ...evidence.statement, ...change }, evidence.run)
}

describe('lanes', () => {
  test('one for each clause of production, its windows in the order of time', () => {
    const asked = program.clauses.filter(({ of }) => of.some(({ stage }) => stage === 'runtime')).map(({ id }) => id)
    expect(new Set(production.lanes.map(({ id }) => id))).toEqual(new Set(asked))
    const { windows: found } = laneOf('population-stable')
    expect(found.map(({ from }) => (from - BEGIN) / DAY_MS)).toEqual(Array.from({ length: 24 }, (_, i) => i))
    expect(found.map(({ verdict }) => verdict[0]).join('')).toBe('sssssssivvssssssssssssss')
  })

  test('a window that two versions answered has both answers, and the graver verdict', () => {
    const day = laneOf('ranks-lately').windows[16]
    expect(day?.answers.map(({ version, evidence }) => [version, evidence.statement.verdict])).toEqual([
      [V2, 'violated'],
      [V1, expect.any(String)],
    ])
    expect(day?.verdict).toBe('violated')
  })

  test('a version with too few rows does not hide what the other one showed', () => {
    const [first] = windows
    if (first === undefined) throw new Error('no evidence')
    const few = { ...first.statement, verdict: 'inconclusive', reason: 'too-few-rows' }
    const other = changed(first, { ...few, digests: { ...first.statement.digests, models: { champion: V2 } } })
    expect(readLanes(program, [first, other])[0]?.windows[0]?.verdict).toBe(first.statement.verdict)
    expect(readLanes(program, [other])[0]?.windows[0]?.verdict).toBe('inconclusive')
  })

  test('what waited for labels is completed, not revised', () => {
    const [last] = windows.filter(({ statement }) => statement.clause === 'ranks-lately')
    if (last === undefined) throw new Error('no evidence')
    const waiting = changed(last, { verdict: 'inconclusive', reason: 'labels-pending', comparisons: [] })
    const [lane] = readLanes(program, [waiting, last])
    const [answer] = lane?.windows[0]?.answers ?? []
    expect(answer?.replaced).toHaveLength(1)
    expect(answer === undefined || isRevised(answer)).toBe(false)
    const revised = answer === undefined ? undefined : { ...answer, replaced: [changed(last, { verdict: 'violated' })] }
    expect(revised !== undefined && isRevised(revised)).toBe(true)
  })

  test('several lanes as one have the gravest verdict of each window', () => {
    const shared = together([laneOf('population-stable'), laneOf('accounts.age.range')])
    expect(shared.map(({ verdict }) => verdict[0]).join('')).toBe('sssssssivvssssssssssssss')
    expect(shared[8]).toMatchObject({ lanes: 2, gravest: 1 })
  })

  test('late rows: the last record counts, and the one before is kept', () => {
    const [early] = windows.filter(({ statement }) => statement.clause === 'bills-within-limit')
    if (early === undefined) throw new Error('no evidence')
    const again = changed(early, { verdict: 'violated', failing: 99, supersedes: early.id })
    const [lane] = readLanes(program, [early, again])
    expect(lane?.windows).toHaveLength(1)
    expect(lane?.windows[0]?.answers[0]?.evidence.id).toBe(again.id)
    expect(lane?.windows[0]?.answers[0]?.replaced.map(({ id }) => id)).toEqual([early.id])
    // The same record twice is one.
    expect(readLanes(program, [early, early])[0]?.windows[0]?.answers[0]?.replaced).toEqual([])
  })

  test('other lengths of window are another lane; exploratory evidence and other stages are none', () => {
    const [first] = windows
    if (first === undefined) throw new Error('no evidence')
    const week = changed(first, { window: `${dayAt(0)}/${dayAt(7)}` })
    expect(readLanes(program, [first, week])).toHaveLength(2)
    expect(readLanes(program, [changed(first, { exploratory: true }), changed(first, { stage: 'data' })])).toEqual([])
  })

  test('a clause that left the spec keeps its lane, last', () => {
    const [first, second] = windows
    if (first === undefined || second === undefined) throw new Error('no evidence')
    const gone = changed(first, { clause: 'gone' })
    expect(readLanes(program, [gone, second]).map(({ id, clause }) => [id, clause?.id])).toEqual([
      [second.statement.clause, second.statement.clause],
      ['gone', undefined],
    ])
  })

  test('evidence without a window stands where it was found', () => {
    const [first] = windows
    if (first === undefined) throw new Error('no evidence')
    const { window: _, ...statement } = first.statement
    const [lane] = readLanes(program, [makeEvidence(statement, { ...first.run, at: dayAt(3) })])
    expect(lane?.windows[0]).toMatchObject({ from: BEGIN + 3 * DAY_MS, to: BEGIN + 3 * DAY_MS })
  })
})

describe('what was measured', () => {
  test('against the bound of the clause, also where it is `always`', () => {
    const series = seriesOf(laneOf('population-stable'))
    expect(series?.points[0]?.drawn).toMatchObject({ bound: 0.2, allowed: 'below', unit: 'value' })
    expect(series?.points).toHaveLength(26)
  })

  test('a share that was never short of all rows is not drawn', () => {
    expect(laneOf('accounts.age.range').series).toBeUndefined()
    expect(laneOf('accounts.pay_0.range').series?.points.filter(({ drawn }) => drawn.value < 1)).toHaveLength(1)
  })

  test('names the columns that moved, the worst first, and only those beyond the bound', () => {
    const lane = laneOf('population-stable')
    expect(lane.moved.map(({ name }) => name)).toEqual(['limit_bal', 'bill_amt1', 'pay_0'])
    const quiet = lane.windows.slice(0, 5)
    expect(movedIn(lane.moved, quiet, lane.series?.points[0]?.drawn)).toEqual([])
    expect(movedTerms(laneOf('ranks-lately'), laneOf('ranks-lately').series)).toEqual([])
  })
})

describe('stretches of violation', () => {
  test('begin where the first of several windows in a row did', () => {
    const [episode, ...more] = episodesOf(laneOf('population-stable'))
    expect(more).toEqual([])
    expect(episode).toMatchObject({ from: BEGIN + 7 * DAY_MS, ongoing: false, times: 1 })
    expect(episode?.windows).toHaveLength(2)
  })

  test('are not ended by windows that decide nothing', () => {
    const lane = laneOf('population-stable')
    const verdicts = ['violated', 'inconclusive', 'violated', 'satisfied', 'violated', 'error'] as const
    const made = verdicts.map((verdict, i) => ({ ...lane.windows[i], verdict, answers: [] }) as never)
    const episodes = episodesOf({ ...lane, windows: made })
    expect(episodes.map(({ windows: found, ongoing }) => [found.length, ongoing])).toEqual([
      [2, false],
      [1, true],
    ])
    expect(asOne(episodes)).toEqual(episodes)
    expect(asOne([...episodes, ...episodes])).toMatchObject([{ times: 4, ongoing: true }])
  })
})

describe('versions', () => {
  test('are named in the order of their first promotion', () => {
    expect(production.serving.versions.map(({ name, digest, tenures }) => [name, digest, tenures.length])).toEqual([
      ['v1', V1, 2],
      ['v2', V2, 1],
    ])
    expect(production.serving.now?.name).toBe('v1')
    expect(versionName(production.serving, digestOf('nobody'))).toMatch(/^[0-9a-f]{6}$/)
  })

  test('a tenure has what was read back in it, and the rollback that ended it', () => {
    const [first, second, third] = production.serving.tenures
    expect(first?.deployed?.at).toBe(dayAt(0.001))
    expect(second?.endedBy?.rollback?.from).toBe(V2)
    expect(third).toMatchObject({ mismatches: [{ kind: 'version.mismatch' }], deployed: { at: dayAt(16.11) } })
    expect(third?.to).toBeUndefined()
  })

  test('a promotion under another clock has no place on the axis', () => {
    const [first, second] = report.promotions ?? []
    if (first === undefined || second === undefined) throw new Error('no promotions')
    const early: PromotionEntry = { ...first, promotedAt: '2030-05-05T05:05:05.000Z' }
    const { tenures } = readServing({ promotions: [early, second] })
    expect(tenures.map(({ from }) => from)).toEqual([undefined, Date.parse(second.promotedAt)])
  })

  test('promoting what is there already changes nothing', () => {
    const [first] = report.promotions ?? []
    if (first === undefined) throw new Error('no promotions')
    expect(readServing({ promotions: [first, first] }).tenures).toHaveLength(1)
  })
})

describe('attempts to retrain', () => {
  test('are told apart by their cause, and end with a promotion or a refusal', () => {
    expect(
      production.attempts.map(({ subject, state, reason, steps }) => [subject, state, reason, steps.length]),
    ).toEqual([
      ['population-stable', 'promoted', undefined, 7],
      ['ranks-lately', 'refused', 'gate-closed', 4],
    ])
  })

  test('the same cause may ask again after it was refused', () => {
    const event = (kind: EventEntry['kind'], day: number): EventEntry => ({
      kind,
      at: dayAt(day),
      subject: 'a',
      digest: '',
      detail: { cause: 'c' },
    })
    const found = readAttempts([
      event('retrain.suspected', 1),
      event('retrain.refused', 2),
      event('retrain.suspected', 3),
    ])
    expect(found.map(({ state }) => state)).toEqual(['refused', 'running'])
  })
})

describe('the axis of time', () => {
  test('covers the windows, and is not stretched by another clock', () => {
    expect(production.span?.from).toBe(BEGIN)
    const far: EventEntry = { kind: 'guard.started', at: '2031-01-01T00:00:00Z', subject: 'production', digest: '' }
    const near: EventEntry = { ...far, at: dayAt(25) }
    expect(timeSpan(production.lanes, [far, near], [])?.to).toBe(BEGIN + 25 * DAY_MS)
    expect(timeSpan([], [near], [])).toEqual({ from: BEGIN + 25 * DAY_MS, to: BEGIN + 25 * DAY_MS + 1 })
    expect(timeSpan([], [], [])).toBeUndefined()
  })

  test('hundreds of windows share cells, the gravest shown', () => {
    const many = Array.from({ length: 400 }, (_, i) => ({
      from: i,
      to: i + 1,
      answers: [],
      verdict: i === 200 ? ('violated' as const) : ('satisfied' as const),
    }))
    const bins = binWindows(many, windowsPerCell(many.length))
    expect(bins.length).toBeLessThanOrEqual(MOST_CELLS)
    expect(bins.filter(({ verdict }) => verdict === 'violated').map(({ counts }) => counts)).toMatchObject([
      { violated: 1, satisfied: 6 },
    ])
    expect(bins.reduce((sum, { windows: found }) => sum + found.length, 0)).toBe(400)
    const { listed, left } = rowsToShow(many, 10)
    expect(left).toBe(390)
    expect(listed.map(({ from }) => from)).toEqual([399, 398, 397, 396, 395, 394, 393, 392, 391, 200])
  })
})

describe('the story', () => {
  const story = storyOf(production)

  test('is in the order of time, and a promotion by retraining is told once', () => {
    expect(story.map(({ kind }) => kind)).toEqual([
      'promoted',
      'violated',
      'retrained',
      'violated',
      'violated',
      'rolled-back',
      'mismatch',
      'retrained',
    ])
    expect(story.map(({ at }) => at ?? 0)).toEqual(story.map(({ at }) => at ?? 0).toSorted((a, b) => a - b))
  })

  test('finds the window that a rollback names', () => {
    const back = story.find(({ kind }) => kind === 'rolled-back')
    expect(back).toMatchObject({ because: { lane: { id: 'ranks-lately' }, window: { from: BEGIN + 14 * DAY_MS } } })
  })

  test('keeps what the system did when there is no room for all', () => {
    const kept = summary(story, 6, new Set(['population-stable', 'ranks-lately']))
    expect(kept).toHaveLength(6)
    expect(kept.filter(({ kind }) => kind !== 'violated')).toHaveLength(5)
    expect(kept[1]).toMatchObject({ kind: 'retrained' })
  })
})

test('lanes are ordered by gravity; contracts that always held are one', () => {
  const { shown, quiet } = orderLanes(production.lanes)
  expect(shown.map(({ id }) => id)).toEqual([
    'population-stable',
    'ranks-lately',
    'system.serving',
    'accounts.pay_0.range',
    'bills-within-limit',
    'drift-is-answered',
  ])
  expect(quiet.length).toBeGreaterThan(15)
  expect(quiet.every(({ clause }) => clause?.origin === 'contract')).toBe(true)
})
