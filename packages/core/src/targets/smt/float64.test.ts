import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { above, below, fractionOf, nearest } from './float64.ts'

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })

it('a float64 is the fraction it is read as', () => {
  fc.assert(fc.property(finite, (value) => nearest(fractionOf(value)) === value))
  for (const value of [5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1, 2 ** 53, -(2 ** 63)])
    expect(nearest(fractionOf(value))).toBe(value)
})

it('a fraction is rounded as division rounds', () => {
  const safe = fc.maxSafeInteger()
  fc.assert(
    fc.property(safe, safe, (a, b) => {
      if (b === 0) return
      const [numerator, denominator] = b < 0 ? [BigInt(-a), BigInt(-b)] : [BigInt(a), BigInt(b)]
      expect(nearest({ numerator, denominator })).toBe(a === 0 ? 0 : a / b)
    }),
  )
  expect(nearest({ numerator: 1n, denominator: 2n ** 1075n })).toBe(0)
  expect(nearest({ numerator: 3n, denominator: 2n ** 1075n })).toBe(1e-323)
  expect(nearest({ numerator: 2n ** 1024n - 2n ** 970n, denominator: 1n })).toBe(Number.POSITIVE_INFINITY)
  expect(nearest({ numerator: 2n ** 1024n - 2n ** 970n - 1n, denominator: 1n })).toBe(Number.MAX_VALUE)
})

it('there is no float64 between one and the next', () => {
  fc.assert(
    fc.property(finite, (value) => {
      const next = above(value)
      expect(next).toBeGreaterThan(value)
      expect(below(next) === value).toBe(true)
      if (!Number.isFinite(next)) return
      const [a, b] = [fractionOf(value), fractionOf(next)]
      const middle = {
        numerator: a.numerator * b.denominator + b.numerator * a.denominator,
        denominator: 2n * a.denominator * b.denominator,
      }
      expect([value, next]).toContain(nearest(middle) === 0 ? value + 0 : nearest(middle))
    }),
  )
})
