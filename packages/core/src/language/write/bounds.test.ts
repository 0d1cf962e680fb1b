import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roundIntegers, roundNumbers, roundRows, roundShare } from './bounds.ts'

describe('round bounds', () => {
  test('are round, and months and hours stay as they are', () => {
    expect(roundIntegers(17n, 90n)).toEqual([15n, 90n])
    expect(roundIntegers(250n, 18424n)).toEqual([0n, 20000n])
    expect(roundIntegers(-165580n, 964511n)).toEqual([-500000n, 1000000n])
    expect(roundIntegers(1n, 12n)).toEqual([1n, 12n])
    expect(roundIntegers(7n, 7n)).toEqual([7n, 7n])
    expect(roundNumbers(0.02, 1)).toEqual([0, 1])
    expect(roundNumbers(0.1, 0.38)).toEqual([0.1, 0.4])
    expect(roundNumbers(3.5, 3.5)).toEqual([3.5, 3.5])
  })

  test('integers: never narrower, never across zero, within int64', () => {
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    fc.assert(
      fc.property(int64, int64, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a]
        const [down, up] = roundIntegers(low, high)
        expect(down <= low && up >= high).toBe(true)
        expect(down >= -(2n ** 63n) && up < 2n ** 63n).toBe(true)
        if (low >= 0n) expect(down >= 0n).toBe(true)
        if (high <= 0n) expect(up <= 0n).toBe(true)
        // Wider than twice as wide would no longer tell much of the data.
        expect(up - down <= 2n * (high - low) + 1n).toBe(true)
      }),
    )
  })

  test('numbers: never narrower, finite, never across zero', () => {
    const double = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(double, double, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a]
        const [down, up] = roundNumbers(low, high)
        expect(down <= low && up >= high).toBe(true)
        expect(Number.isFinite(down) && Number.isFinite(up)).toBe(true)
        if (low >= 0) expect(down).toBeGreaterThanOrEqual(0)
        if (high <= 0) expect(up).toBeLessThanOrEqual(0)
      }),
    )
  })

  test('shares and rows leave room on the allowed side', () => {
    expect(roundShare(1836 / 32561)).toBe(0.068)
    expect(roundShare(0.95)).toBe(1)
    expect(roundRows(32561)).toBe(29000)
    expect(roundRows(1)).toBe(1)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), (rows) => {
        expect(roundRows(rows)).toBeLessThanOrEqual(Math.max(1, rows * 0.9))
        expect(roundRows(rows)).toBeGreaterThanOrEqual(Math.min(1, rows * 0.8))
        expect(roundShare(1 / rows)).toBeGreaterThan(1 / rows - 1e-15)
      }),
    )
  })
})
