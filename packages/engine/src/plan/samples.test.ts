import { stats, type Term } from '@plumbline/core'
import { expect, test } from 'vitest'
import { largeSample } from './large-samples.ts'
import { weightedStatistic } from './weighted.ts'

const term = (fn: Term['fn']): Term => ({
  fn,
  args: [],
  type: { kind: 'double' },
  expression: fn,
  estimates: 'population',
})

test('the interval of very many values is close to the bootstrap of the same values', () => {
  const random = stats.createRandom('large', 'values')
  const values = Float64Array.from({ length: 4000 }, () => Math.exp(random.normal() / 2)).sort()
  const counts = new Uint32Array(4000).fill(1)
  for (const fn of ['sum', 'variance', 'stddev'] as const) {
    const large = largeSample(term(fn), { values, counts, missing: 0, total: 4000 })
    const statistic = weightedStatistic(term(fn), values)
    if (statistic === undefined || large.kind !== 'estimate') throw new Error(fn)
    const small = stats.bootstrap(
      { populations: [stats.cellPopulation(counts)], random: stats.createRandom('large', fn) },
      statistic,
    )
    if (small.kind !== 'estimate') throw new Error(fn)
    expect(large.value / small.value).toBeCloseTo(1, 9)
    const [a, b] = [large.interval(0.95), small.interval(0.95)]
    const width = b.high - b.low
    expect(Math.abs(a.low - b.low) / width, `${fn} low`).toBeLessThan(0.25)
    expect(Math.abs(a.high - b.high) / width, `${fn} high`).toBeLessThan(0.25)
  }
})

test('statistics of counts are those of the rows the counts stand for', () => {
  const values = Float64Array.of(1, 2, Number.NaN, 4, 8)
  const counts = Uint32Array.of(2, 0, 3, 1, 2)
  const rows = [1, 1, 4, 8, 8]
  const value = (each: Term) => weightedStatistic(each, values)?.evaluate(counts)
  const mean = rows.reduce((a, b) => a + b, 0) / 5
  const variance = rows.reduce((a, b) => a + (b - mean) ** 2, 0) / 4
  expect(value(term('mean'))).toBeCloseTo(mean, 12)
  expect(value(term('sum'))).toBe(22)
  expect(value(term('variance'))).toBeCloseTo(variance, 12)
  expect(value(term('stddev'))).toBeCloseTo(Math.sqrt(variance), 12)
  expect(value(term('median'))).toBe(4)
  for (const q of [0, 0.1, 0.25, 0.3, 0.6, 0.9, 1]) {
    const quantile: Term = {
      ...term('quantile'),
      args: [
        { kind: 'value', value: 0 },
        { kind: 'value', value: q },
      ],
    }
    expect(value(quantile), `q ${q}`).toBe(stats.quantileType7(rows, q))
  }
  expect(weightedStatistic(term('median'), values)?.evaluate(new Uint32Array(5))).toBe(undefined)
})
