import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../prng.ts'
import {
  areRegisters,
  DISTINCT_ERROR,
  distinctOf,
  mergeRegisters,
  noRegisters,
  RANK_BITS,
  REGISTER_BITS,
  type Registers,
} from './hyperloglog.ts'
import {
  LOG_BASE,
  type LogHistogram,
  logQuantile,
  mergeLogHistograms,
  NO_LOG_HISTOGRAM,
  QUANTILE_ERROR,
} from './log-histogram.ts'

/** A hash of 64 bits: SplitMix64, whose finalizer has no bias in any bit. */
function hash(value: bigint): bigint {
  let z = BigInt.asUintN(64, value * 0x9e3779b97f4a7c15n + 0x9e3779b97f4a7c15n)
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn)
  return z ^ (z >> 31n)
}

function registersOf(values: Iterable<bigint>): Registers {
  const registers = noRegisters()
  for (const value of values) {
    const bits = hash(value)
    const at = Number(bits & BigInt(2 ** REGISTER_BITS - 1))
    let rest = bits >> BigInt(REGISTER_BITS)
    let rank = 1
    for (; rank <= RANK_BITS && (rest & 1n) === 0n; rank++) rest >>= 1n
    registers[at] = Math.max(registers[at] ?? 0, rank)
  }
  return registers
}

const range = (from: number, to: number): bigint[] => Array.from({ length: to - from }, (_, i) => BigInt(from + i))

describe('distinct values by registers', () => {
  test('split anyhow and merged, in any order and however often, they are those of all values', () => {
    const values = fc.array(fc.bigInt({ min: 0n, max: 500n }), { maxLength: 60 })
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const [x, y, z] = [registersOf(a), registersOf(b), registersOf(c)]
        const whole = registersOf([...a, ...b, ...c])
        expect(mergeRegisters(mergeRegisters(x, y), z)).toEqual(whole)
        expect(mergeRegisters(z, mergeRegisters(y, x))).toEqual(whole)
        expect(mergeRegisters(whole, x)).toEqual(whole)
        expect(areRegisters(whole)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  test('the error is the one stated, from one value to a hundred thousand', () => {
    expect(distinctOf(noRegisters())).toBe(0)
    for (const n of [1, 10, 100])
      expect(Math.abs(distinctOf(registersOf(range(0, n))) - n)).toBeLessThanOrEqual(n / 50 + 1)
    const errors = [3_000, 10_000, 30_000].flatMap((n) =>
      Array.from({ length: 8 }, (_, i) => distinctOf(registersOf(range(i * 1e6, i * 1e6 + n))) / n - 1),
    )
    const rms = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length)
    // Of 24 estimates the root of the mean square is within a third of its expectation with 97 %, and the seeds are fixed.
    expect(rms).toBeGreaterThan(DISTINCT_ERROR * 0.5)
    expect(rms).toBeLessThan(DISTINCT_ERROR * 1.4)
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(4 * DISTINCT_ERROR)
  })
})

function histogramOf(values: readonly number[]): LogHistogram {
  return values
    .map((value): LogHistogram => {
      if (value === 0) return { ...NO_LOG_HISTOGRAM, zeros: 1 }
      const bin = [[Math.ceil(Math.log(Math.abs(value)) / LOG_BASE), 1]] as const
      return value > 0 ? { ...NO_LOG_HISTOGRAM, above: bin } : { ...NO_LOG_HISTOGRAM, below: bin }
    })
    .reduce(mergeLogHistograms, NO_LOG_HISTOGRAM)
}

describe('quantiles by bins that grow', () => {
  const values = fc.array(
    fc.oneof(
      fc.constant(0),
      fc.double({ min: 1e-300, max: 1e300, noNaN: true }),
      fc.double({ min: -1e9, max: -1e-9, noNaN: true }),
    ),
    { maxLength: 50 },
  )

  test('split anyhow and merged in any order they are those of all numbers', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const [x, y, z] = [histogramOf(a), histogramOf(b), histogramOf(c)]
        const whole = histogramOf([...a, ...b, ...c])
        expect(mergeLogHistograms(mergeLogHistograms(x, y), z)).toEqual(whole)
        expect(mergeLogHistograms(z, mergeLogHistograms(y, x))).toEqual(whole)
      }),
    )
  })

  test('each is within the stated share of the value at its rank', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, q) => {
        const sorted = all.toSorted((a, b) => a - b)
        const exact = sorted[Math.floor(q * (sorted.length - 1))]
        const found = logQuantile(histogramOf(all), q)
        if (exact === undefined) expect(found).toBeUndefined()
        else
          expect(Math.abs((found ?? Number.NaN) - exact)).toBeLessThanOrEqual(
            QUANTILE_ERROR * 1.000001 * Math.abs(exact),
          )
      }),
    )
  })

  test('of many normal numbers, too', () => {
    const random = createRandom('log-histogram', '1')
    const all = Array.from({ length: 5000 }, () => random.normal() * 10 + 3)
    const sorted = all.toSorted((a, b) => a - b)
    for (const q of [0, 0.01, 0.5, 0.99, 1]) {
      const exact = sorted[Math.floor(q * 4999)] ?? 0
      expect(Math.abs((logQuantile(histogramOf(all), q) ?? 0) - exact)).toBeLessThanOrEqual(
        QUANTILE_ERROR * 1.000001 * Math.abs(exact),
      )
    }
  })
})
