import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CoMoments,
  correlationOf,
  meanOf,
  mergeAll,
  mergeCoMoments,
  mergeMoments,
  type Moments,
  NO_CO_MOMENTS,
  NO_MOMENTS,
  varianceOf,
} from './moments.ts'

/** In two passes, exact sums apart: the definition. */
function momentsOf(values: readonly number[]): Moments {
  if (values.length === 0) return NO_MOMENTS
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const [least, greatest] = [Math.min(...values), Math.max(...values)]
  const same = least === greatest
  return {
    n: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    squares: same ? 0 : values.reduce((sum, value) => sum + (value - mean) ** 2, 0),
    least,
    greatest,
  }
}

function coMomentsOf(pairs: readonly (readonly [number, number])[]): CoMoments {
  const [x, y] = [momentsOf(pairs.map(([a]) => a)), momentsOf(pairs.map(([, b]) => b))]
  return { x, y, products: pairs.reduce((sum, [a, b]) => sum + (a - meanOf(x)) * (b - meanOf(y)), 0) }
}

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 60 })
const parts = fc.array(numbers, { minLength: 1, maxLength: 8 })

/** To 1e-12 of the size of the numbers themselves, above those whose squares are no float64. */
function expectClose(a: Moments, b: Moments) {
  const size = Math.max(1e-100, Math.abs(a.least), Math.abs(a.greatest))
  expect(a.n).toBe(b.n)
  if (a.n === 0) return
  expect([a.least, a.greatest]).toEqual([b.least, b.greatest])
  expect(Math.abs(meanOf(a) - meanOf(b))).toBeLessThanOrEqual(1e-12 * size)
  expect(Math.abs(a.squares - b.squares)).toBeLessThanOrEqual(1e-12 * size * size * a.n)
}

const merged = (all: readonly Moments[]) => mergeAll(all, mergeMoments, NO_MOMENTS)

describe('moments', () => {
  test('rows split anyhow and merged are all rows', () => {
    fc.assert(fc.property(parts, (split) => expectClose(merged(split.map(momentsOf)), momentsOf(split.flat()))))
  })

  test('merging is commutative to the last bit, and associative', () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, (a, b, c) => {
        const [x, y, z] = [momentsOf(a), momentsOf(b), momentsOf(c)]
        expect(mergeMoments(x, y)).toEqual(mergeMoments(y, x))
        expectClose(mergeMoments(mergeMoments(x, y), z), mergeMoments(x, mergeMoments(y, z)))
      }),
    )
  })

  test('nothing changes nothing', () => {
    fc.assert(
      fc.property(numbers, (a) => {
        expect(mergeMoments(momentsOf(a), NO_MOMENTS)).toEqual(momentsOf(a))
      }),
    )
  })

  test('numbers that are all equal have a spread of exactly 0, however their means are rounded', () => {
    const part = (n: number, sum: number): Moments => ({ n, sum, squares: 0, least: 0.1, greatest: 0.1 })
    const all = mergeMoments(part(3, 0.1 + 0.1 + 0.1), part(1, 0.1))
    expect([meanOf(all), all.squares]).toEqual([0.1, 0])
    expect(varianceOf(all)).toBe(0)
  })

  test('a large mean costs no digits of the spread', () => {
    const all = Array.from({ length: 1000 }, (_, i) => 1e9 + (i % 7))
    const split = Array.from({ length: 10 }, (_, i) => momentsOf(all.slice(i * 100, i * 100 + 100)))
    expect(varianceOf(merged(split)) ?? 0).toBeCloseTo(varianceOf(momentsOf(all)) ?? 1, 6)
  })
})

describe('moments of pairs', () => {
  const pairs = fc.array(
    fc.tuple(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.double({ min: -1e3, max: 1e3, noNaN: true })),
    { minLength: 2, maxLength: 40 },
  )

  test('rows split anyhow and merged are all rows, in any order', () => {
    fc.assert(
      fc.property(fc.array(pairs, { minLength: 1, maxLength: 6 }), (split) => {
        const whole = coMomentsOf(split.flat())
        const forth = mergeAll(split.map(coMomentsOf), mergeCoMoments, NO_CO_MOMENTS)
        const back = mergeAll(split.toReversed().map(coMomentsOf), mergeCoMoments, NO_CO_MOMENTS)
        for (const one of [forth, back]) {
          expectClose(one.x, whole.x)
          expect(Math.abs(one.products - whole.products)).toBeLessThanOrEqual(1e-12 * 1e6 * whole.x.n)
        }
      }),
    )
  })

  test('correlation: 1 and -1 on a line, undefined without variation', () => {
    const line = (slope: number) => coMomentsOf(Array.from({ length: 9 }, (_, i) => [i, slope * i] as const))
    expect(correlationOf(mergeCoMoments(line(2), line(2)))).toBeCloseTo(1, 12)
    expect(correlationOf(mergeCoMoments(line(-3), line(-3)))).toBeCloseTo(-1, 12)
    expect(correlationOf(mergeCoMoments(line(0), line(0)))).toBeUndefined()
  })
})
