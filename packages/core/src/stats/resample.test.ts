import { describe, expect, it } from 'vitest'
import { createRandom } from './prng.ts'
import { cellPopulation, createResampler, drawBinomial, kindOfRow, type Population, rowPopulation } from './resample.ts'
import { logFactorial } from './special/gamma.ts'

describe('drawBinomial', () => {
  for (const [n, p] of [
    [1, 0.3],
    [12, 0.5],
    [50, 0.02],
    [40, 0.5],
    [300, 0.1],
    [300, 0.93],
    [100_000, 0.0004],
    [100_000, 0.3],
  ] as const) {
    it(`has the distribution of Binomial(${n}, ${p})`, () => {
      const random = createRandom('binomial', `${n} ${p}`)
      const draws = 20_000
      const counts = new Map<number, number>()
      for (let i = 0; i < draws; i++) {
        const k = drawBinomial(n, p, random)
        counts.set(k, (counts.get(k) ?? 0) + 1)
      }
      // Chi-square over outcomes expected at least 20 times, the rest in one class.
      let statistic = 0
      let classes = 0
      let restExpected = draws
      let restSeen = draws
      const deviation = Math.sqrt(n * p * (1 - p))
      for (let k = Math.max(0, Math.floor(n * p - 8 * deviation)); k <= Math.min(n, n * p + 8 * deviation + 1); k++) {
        const log = logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p)
        const expected = draws * Math.exp(log)
        if (expected < 20) continue
        const seen = counts.get(k) ?? 0
        statistic += (seen - expected) ** 2 / expected
        restExpected -= expected
        restSeen -= seen
        classes++
      }
      if (restExpected > 1) statistic += (restSeen - restExpected) ** 2 / restExpected
      // Normal approximation of chi-square: mean = degrees, standard deviation √(2 degrees); five deviations.
      expect(statistic).toBeLessThan(classes + 5 * Math.sqrt(2 * classes) + 5)
    })
  }
  it('edges', () => {
    const random = createRandom('edges', 'test')
    expect(drawBinomial(0, 0.5, random)).toBe(0)
    expect(drawBinomial(9, 0, random)).toBe(0)
    expect(drawBinomial(9, 1, random)).toBe(9)
  })
})

describe('resamplers', () => {
  const populations: Record<string, Population> = {
    rows: rowPopulation(50),
    'few large kinds': cellPopulation([400, 0, 100, 1, 250]),
    'many small kinds': cellPopulation([3, 1, 0, 2, 4]),
  }
  for (const [name, population] of Object.entries(populations)) {
    it(`${name}: counts sum to the rows, with multinomial means and variances`, () => {
      const random = createRandom('resample', name)
      const resample = createResampler(population)
      const kinds = population.sizes.length
      const counts = new Uint32Array(kinds)
      const sums = new Float64Array(kinds)
      const squares = new Float64Array(kinds)
      const draws = 4000
      for (let draw = 0; draw < draws; draw++) {
        resample(random, counts)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(population.total)
        counts.forEach((count, kind) => {
          sums[kind] = (sums[kind] ?? 0) + count
          squares[kind] = (squares[kind] ?? 0) + count * count
        })
      }
      population.sizes.forEach((size, kind) => {
        const mean = (sums[kind] ?? 0) / draws
        const variance = (squares[kind] ?? 0) / draws - mean * mean
        const expected = size * (1 - size / population.total)
        expect(Math.abs(mean - size)).toBeLessThanOrEqual(5 * Math.sqrt(expected / draws))
        expect(Math.abs(variance - expected)).toBeLessThanOrEqual(0.2 * expected)
      })
    })
  }
  it('very many rows: drawn block by block, each row and each block as often as chance has it', () => {
    const random = createRandom('resample', 'blocks')
    const rows = 200_000
    const resample = createResampler(rowPopulation(rows))
    const counts = new Uint32Array(rows)
    const [draws, half] = [40, rows / 2]
    let [squares, lower] = [0, 0]
    for (let draw = 0; draw < draws; draw++) {
      resample(random, counts)
      const sums = [0, 0]
      for (const [row, count] of counts.entries()) {
        sums[row < half ? 0 : 1] = (sums[row < half ? 0 : 1] as number) + count
        squares += (count - 1) ** 2
      }
      expect((sums[0] as number) + (sums[1] as number)).toBe(rows)
      lower += ((sums[0] as number) - half) ** 2
    }
    // A count has variance 1 − 1/n; half of the rows together n/4.
    expect(squares / (draws * rows)).toBeCloseTo(1, 2)
    expect(lower / draws / (rows / 4)).toBeGreaterThan(0.5)
    expect(lower / draws / (rows / 4)).toBeLessThan(1.8)
  })
  it('few large kinds: binomial draws one after another, whatever is kept between them', () => {
    const population = cellPopulation([4_000, 0, 700, 9, 2_600, 35])
    const [ours, plain] = [createRandom('same', 'bits'), createRandom('same', 'bits')]
    const resample = createResampler(population)
    const counts = new Uint32Array(population.sizes.length)
    for (let draw = 0; draw < 2_000; draw++) {
      resample(ours, counts)
      let [rows, remaining] = [population.total, population.total]
      const expected = Array.from(population.sizes, (size) => {
        const drawn = drawBinomial(rows, size / remaining, plain)
        rows -= drawn
        remaining -= size
        return drawn
      })
      expect([...counts]).toEqual(expected)
    }
    expect(ours.uint32()).toBe(plain.uint32())
  })
  it('lists the kind of every row', () => {
    expect([...kindOfRow(cellPopulation([2, 0, 1]))]).toEqual([0, 0, 2])
  })
})
