import { describe, expect, test } from 'vitest'
import { klFromWeights } from './given.ts'

// scipy.stats.entropy of SciPy 1.x.
describe('klFromWeights', () => {
  test.each([
    [[2, 1, 1], [0.54, 0.36, 0.1], 0.09943138400349738],
    [[5, 5], [1, 1], 0],
    [[5, 3, 2], [1 / 3, 1 / 3, 1 / 3], 0.06895927460353621],
    [[1, 0], [0.5, 0.5], Math.LN2],
  ])('%j from %j is %d', (counts, weights, expected) => {
    expect(klFromWeights(counts, weights)).toBeCloseTo(expected, 15)
  })

  test('what has no weight and occurs is infinitely far', () => {
    expect(klFromWeights([1, 1], [1, 0])).toBe(Infinity)
    expect(klFromWeights([1, 0], [1, 0])).toBe(0)
  })

  test('nothing counted has no divergence', () => {
    expect(klFromWeights([0, 0], [1, 1])).toBeUndefined()
    expect(klFromWeights([1, 1], [0, 0])).toBeUndefined()
  })
})
