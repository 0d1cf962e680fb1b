import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeCounted, mergeSamples } from './ks.ts'
import { atRank, countSorted, sortNumbers } from './sorted.ts'

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
