import { describe, expect, it } from 'vitest'
import { ks, psi, js } from '../../stats/index.ts'
import { createRandom } from '../../stats/prng.ts'
import { chiSquareUpperTail } from '../../stats/special/chi-square.ts'
import { kolmogorovUpperTail } from '../../stats/special/kolmogorov.ts'
import { chanceWithoutDrift, falseAlarmsPerYear } from './false-alarms.ts'

describe('distances without drift', () => {
  it('have the tails of tables', () => {
    expect(chiSquareUpperTail(16.919, 9)).toBeCloseTo(0.05, 4)
    expect(chiSquareUpperTail(3.841, 1)).toBeCloseTo(0.05, 4)
    expect(chiSquareUpperTail(0, 3)).toBe(1)
    expect(kolmogorovUpperTail(1.358)).toBeCloseTo(0.05, 3)
  })

  it.each([
    ['psi', 100, 10_000, 0.1],
    ['psi', 400, 2_000, 0.05],
    ['psi', 1_500, 1_500, 0.02],
    ['js', 400, 2_000, 0.01],
  ] as const)('%s on %i rows beside %i passes %d as often as simulated', (distance, rows, reference, bound) => {
    const random = createRandom('power', `${distance} ${rows}`)
    const histogram = (n: number): Float64Array => {
      const counts = new Float64Array(10)
      for (let i = 0; i < n; i++) {
        const bin = random.int(10)
        counts[bin] = (counts[bin] ?? 0) + 1
      }
      return counts
    }
    const measure = distance === 'psi' ? psi : js
    let passed = 0
    const trials = 1500
    for (let i = 0; i < trials; i++) if ((measure(histogram(reference), histogram(rows)) ?? 0) > bound) passed++
    expect(Math.abs(passed / trials - chanceWithoutDrift(distance, bound, rows, reference, 10))).toBeLessThan(0.05)
  })

  it('ks passes as often as simulated', () => {
    const random = createRandom('power', 'ks')
    const sample = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.float())
    let passed = 0
    for (let i = 0; i < 1500; i++) if ((ks(sample(1000), sample(200)) ?? 0) > 0.1) passed++
    expect(Math.abs(passed / 1500 - chanceWithoutDrift('ks', 0.1, 200, 1000, 0))).toBeLessThan(0.04)
  })

  it('PSI above 0.1 on 100 rows is no drift in more than a third of cases', () => {
    expect(chanceWithoutDrift('psi', 0.1, 100, 100_000, 10)).toBeGreaterThan(0.33)
    expect(falseAlarmsPerYear([chanceWithoutDrift('psi', 0.1, 100, 100_000, 10)], 86_400_000_000, 1)).toBeGreaterThan(
      120,
    )
    expect(falseAlarmsPerYear([0.1], 86_400_000_000, 2)).toBeCloseTo(3.6525, 6)
  })
})
