import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../prng.ts'
import { mergeCounted, mergeSamples } from './ks.ts'
import { referenceScale, scaledWasserstein, wassersteinOfCounts } from './wasserstein.ts'
import { atRank, countNumbers, countSorted, sortNumbers } from './sorted.ts'

const numbers = fc.array(
  fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity, 5e-324, -5e-324)),
)

describe('numbers sorted and counted', () => {
  it('sorts as the language does', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const sorted = sortNumbers(Float64Array.from(values))
        expect([...sorted]).toEqual([...Float64Array.from(values).sort()])
      }),
    )
  })

  it('sorts many numbers of all sizes, near each other and equal', () => {
    const random = createRandom('sorted', 'test')
    const kinds: readonly (() => number)[] = [
      () => random.float() - 0.5,
      () => Math.floor(random.float() * 50) - 25,
      () => 1.7e9 + random.float(),
      () => (random.float() - 0.5) * 10 ** Math.floor(random.float() * 600 - 300),
      () => [0, -0, Infinity, -Infinity, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE][random.int(7)] ?? 0,
      () => 42,
    ]
    const mixed = () => kinds[random.int(kinds.length)]?.() ?? 0
    for (const kind of [...kinds, mixed]) {
      // A view in the middle of its memory, as a part of what was read is.
      const values = new Float64Array(20_003).map(kind).subarray(1, 20_001)
      const expected = values.slice().sort()
      const sorted = sortNumbers(values)
      expect(sorted).toBe(values)
      expect(sorted.every((value, i) => Object.is(value, expected[i]))).toBe(true)
    }
  })

  it('counts without sorting as it does with it', () => {
    const random = createRandom('counted', 'test')
    const kinds: readonly (() => number)[] = [
      () => random.int(9_000) - 4_500,
      () => 2 ** 53 - random.int(3),
      () => -(2 ** 53) - 2 * random.int(3),
      () => random.int(3) * 1e15,
      () => [-1, -0, 0, 1][random.int(4)] ?? 0,
      () => random.float() * 1e-320,
      () => random.float(),
      () => [Infinity, 1, 2][random.int(3)] ?? 0,
    ]
    for (const kind of kinds) {
      for (const size of [0, 1, 2, 5_000]) {
        const values = new Float64Array(size).map(kind)
        const expected = countSorted(values.slice().sort())
        const counted = countNumbers(values)
        expect([...counted.counts]).toEqual([...expected.counts])
        expect(counted.values.every((value, i) => Object.is(value, expected.values[i]))).toBe(true)
      }
    }
  })

  it('counts each value once, and finds it at its ranks', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const sorted = Float64Array.from(values).sort()
        const counted = countSorted(sorted.slice())
        // -0 and 0 are one value.
        const distinct = [...new Set([...sorted].map((value) => value + 0))]
        expect([...counted.values].map((value) => value + 0)).toEqual(distinct)
        const at = atRank(counted)
        expect(Array.from(sorted, (_, rank) => (at(rank) ?? Number.NaN) + 0)).toEqual(
          [...sorted].map((value) => value + 0),
        )
        expect(at(sorted.length)).toBeUndefined()
      }),
    )
  })

  it('adds the sizes of neighbours that are equal', () => {
    const counted = countSorted(Float64Array.from([1, 2, 2, 3]), [4, 1, 2, 5])
    expect([[...counted.values], [...counted.counts]]).toEqual([
      [1, 2, 3],
      [4, 3, 5],
    ])
  })

  it('gives the same distance without merging', () => {
    const some = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -1e3, max: 1e3, noNaN: true })))
    const any = fc.oneof(some, numbers)
    fc.assert(
      fc.property(any, any, (left, right) => {
        const count = (values: readonly number[]) => countSorted(Float64Array.from(values).sort())
        const merged = mergeSamples(left, right)
        const scale = referenceScale(merged)
        const moved = wassersteinOfCounts(merged, merged.referenceSizes, merged.windowSizes)
        expect(scaledWasserstein(count(left), count(right))).toBe(
          scale === undefined || moved === undefined ? undefined : moved / scale,
        )
      }),
    )
  })

  it('merges what is counted as it merges the samples', () => {
    fc.assert(
      fc.property(numbers, numbers, (left, right) => {
        const count = (values: readonly number[]) => countSorted(Float64Array.from(values).sort())
        const merged = mergeSamples(left, right)
        expect(mergeCounted(count(left), count(right))).toEqual(merged)
        for (const [places, side, sizes] of [
          [merged.reference, left, merged.referenceSizes],
          [merged.window, right, merged.windowSizes],
        ] as const) {
          const found = [...places].flatMap((place, i) =>
            place < 0 ? [] : Array.from({ length: sizes[place] ?? 0 }, () => (merged.values[i] as number) + 0),
          )
          expect(found).toEqual([...Float64Array.from(side).sort()].map((value) => value + 0))
        }
      }),
    )
  })
})
