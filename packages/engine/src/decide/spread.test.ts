import { type MustClause, stats } from '@plumbline/core'
import { describe, expect, test } from 'vitest'
import { buildProgram } from '../testing/program-builder.ts'
import type { MeasuredInstance, MeasuredTerm } from './measured.ts'
import { decideMust } from './must.ts'

function clauseOf(must: string): MustClause {
  const columns = [
    { name: 'g', type: 'boolean' as const },
    { name: 'x', type: 'boolean' as const },
  ]
  const program = buildProgram(
    [{ name: 'd', source: { path: 'd.csv', format: 'csv' }, columns, splits: {} }],
    [{ id: 'c', must, confidence: 0.95 }],
  )
  const [clause] = program.clauses
  if (clause?.form !== 'must') throw new Error('a must clause')
  return clause
}

/** The positives of each group, each with n rows. */
function measure(clause: MustClause, positives: readonly number[], n: number): MeasuredInstance {
  const terms = clause.must.terms.map((term, i): MeasuredTerm => {
    const k = positives[i] as number
    const population = stats.cellPopulation([k, n - k])
    const evaluate = (counts?: Uint32Array) => (counts?.[0] ?? 0) / n
    return {
      term,
      value: k / n,
      missing: 0,
      estimate: stats.wilsonEstimate(k, n),
      sample: { populations: [population], statistic: { evaluate } },
    }
  })
  return { n: n * terms.length, terms }
}

/** How often the interval misses the truth, and how often it lies wholly on the good side of it. */
function simulate(op: 'gap' | 'ratio', rates: readonly [number, number], n: number) {
  const clause = clauseOf(op === 'gap' ? 'gap_across(g, share(x)) <= 0.5' : 'ratio_across(g, share(x)) >= 0.5')
  const [low, high] = [Math.min(...rates), Math.max(...rates)]
  const truth = op === 'gap' ? 0.5 - (high - low) : low / high - 0.5
  const rounds = 200
  let missed = 0
  let tooGood = 0
  for (let round = 0; round < rounds; round++) {
    const random = stats.createRandom(`${rates}`, `${round}`)
    const positives = rates.map((rate) => Array.from({ length: n }).filter(() => random.float() < rate).length)
    const [verdict] = decideMust(clause, [{ measured: measure(clause, positives, n), seed: `${round}` }])
    const interval = verdict?.comparisons[0]?.margin.interval
    if (interval === undefined) throw new Error('an interval')
    expect(verdict?.comparisons[0]?.margin.method).toBe('bootstrap-band')
    if (interval.low > truth + 1e-12) tooGood++
    if (interval.low > truth + 1e-12 || interval.high < truth - 1e-12) missed++
  }
  return { missed: missed / rounds, tooGood: tooGood / rounds }
}

describe('the interval of a gap or ratio across groups', () => {
  // A percentile or BCa interval misses the truth 17 to 34 times in 100 for these.
  test.each([
    ['gap', [0.5, 0.5]],
    ['gap', [0.5, 0.52]],
    ['gap', [0.5, 0.54]],
    ['gap', [0.3, 0.6]],
    ['ratio', [0.5, 0.5]],
    ['ratio', [0.5, 0.53]],
    ['ratio', [0.3, 0.6]],
  ] as const)('of %s %j holds the truth as often as it says', (op, rates) => {
    const { missed, tooGood } = simulate(op, rates, 400)
    // Four standard errors of 200 rounds above 5 % and 2.5 %.
    expect(missed).toBeLessThan(0.112)
    expect(tooGood).toBeLessThan(0.07)
  })

  test('agrees with the interval of the difference where two groups lie far apart', () => {
    const n = 5000
    const clause = clauseOf('gap_across(g, share(x)) <= 0.5')
    const [verdict] = decideMust(clause, [{ measured: measure(clause, [3000, 1000], n), seed: 'far' }])
    const { interval } = verdict?.comparisons[0]?.margin ?? {}
    const half = 1.959964 * Math.sqrt((0.6 * 0.4 + 0.2 * 0.8) / n)
    expect(interval?.low).toBeCloseTo(0.1 - half, 2)
    expect(interval?.high).toBeCloseTo(0.1 + half, 2)
    expect(Math.abs((interval?.high ?? 0) - (interval?.low ?? 0) - 2 * half)).toBeLessThan(0.1 * half)
  })

  test('moves with the arithmetic around it', () => {
    const at = (must: string) => {
      const clause = clauseOf(must)
      return decideMust(clause, [{ measured: measure(clause, [240, 200], 400), seed: 's' }])[0]?.comparisons[0]?.margin
    }
    const plain = at('ratio_across(g, share(x)) >= 0.75')
    expect(plain?.value).toBeCloseTo(200 / 240 - 0.75, 12)
    expect(at('1.0 - ratio_across(g, share(x)) <= 0.25')?.interval?.low).toBeCloseTo(plain?.interval?.low ?? 0, 12)
    expect(at('2.0 * ratio_across(g, share(x)) >= 1.5')?.interval?.high).toBeCloseTo(
      2 * (plain?.interval?.high ?? 0),
      12,
    )
    // At most 1, whatever the resamples say.
    expect(plain?.interval?.high).toBeLessThanOrEqual(0.25)
  })

  test('a group at 0 has no ratio of logarithms: its own interval bounds it', () => {
    const clause = clauseOf('ratio_across(g, share(x)) >= 0.5')
    const [verdict] = decideMust(clause, [{ measured: measure(clause, [0, 200], 400), seed: 's' }])
    expect(verdict?.verdict).toBe('violated')
  })
})

/** How `max_over` of PSI is decided over columns in which a share of the rows has moved to one bin. */
function decidedOver(columns: number, n: number, shift: number, kept: 'kept' | 'drawn again' = 'kept') {
  const seed = 'a'
  const names = Array.from({ length: columns }, (_, i) => ({ name: `c${i}`, type: 'number' as const }))
  const program = buildProgram(
    [
      { name: 'd', source: { path: 'd.csv', format: 'csv' }, columns: names, splits: {} },
      { name: 'r', source: { path: 'r.csv', format: 'csv' }, columns: names, splits: {} },
    ],
    [{ id: 'c', must: 'max_over(columns, psi(column, r)) < 0.2', confidence: 0.95 }],
  )
  const [clause] = program.clauses
  if (clause?.form !== 'must') throw new Error('a must clause')
  const random = stats.createRandom(seed, 'rows')
  const draw = (rows: number, moved: number): Uint32Array => {
    const counts = new Uint32Array(10)
    for (let i = 0; i < rows; i++) counts[random.float() < moved ? 9 : Math.floor(random.float() * 10)]!++
    return counts
  }
  const terms = clause.must.terms.map((term, i): MeasuredTerm => {
    const [before, after] = [draw(4000, 0), draw(n, shift)]
    const drawn: number[] = []
    const own = stats.createRandom(seed, `own ${i}`)
    const onResample = (value: number | undefined) => void drawn.push(value ?? Number.NaN)
    const populations = [stats.cellPopulation(before), stats.cellPopulation(after)]
    const evaluate = (a?: Uint32Array, b?: Uint32Array) => stats.psi(a ?? before, b ?? after)
    return {
      term,
      value: stats.psi(before, after) ?? 0,
      missing: 0,
      estimate: stats.divergenceEstimate('psi', before, after, { random: own, onResample }),
      sample: {
        populations,
        statistic: { evaluate },
        ...(kept === 'drawn again' ? {} : { drawn: Float64Array.from(drawn) }),
      },
    }
  })
  return decideMust(clause, [{ measured: { n, terms }, seed }])[0]?.comparisons[0]
}

describe('the greatest distance over columns', () => {
  // Resamples of several columns that moved alike have a greatest one above what was measured, nearly always.
  test.each([1, 2, 6, 23])('sees a shift of %d columns alike', (columns) => {
    expect(decidedOver(columns, 1500, 0.35)).toMatchObject({ verdict: 'violated' })
  })

  test.each([1, 6, 23])('of %d columns that did not move is within the bound, on few rows, too', (columns) => {
    expect(decidedOver(columns, 1500, 0)).toMatchObject({ verdict: 'satisfied' })
    expect(decidedOver(columns, 60, 0)?.verdict).not.toBe('violated')
  })

  test('has the same band from the resamples of its columns as from others', () => {
    const ends = (kept: 'kept' | 'drawn again') => decidedOver(6, 1500, 0.2, kept)?.margin.interval
    const [own, other] = [ends('kept'), ends('drawn again')]
    expect(own).not.toEqual(other)
    for (const end of ['low', 'high'] as const) expect(own?.[end]).toBeCloseTo(other?.[end] ?? Number.NaN, 2)
  })

  test('is decided neither way near the bound', () => {
    expect(decidedOver(6, 1500, 0.2)?.verdict).toBe('inconclusive')
  })
})
