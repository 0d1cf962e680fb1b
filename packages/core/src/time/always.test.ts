import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../evidence/evidence.ts'
import { decideAlways } from './always.ts'
import { naiveAlways } from './testing/naive.ts'

const WORDS: Readonly<Record<string, Verdict>> = { s: 'satisfied', v: 'violated', i: 'inconclusive', e: 'error' }
const verdicts = (letters: string): readonly Verdict[] => [...letters].map((letter) => WORDS[letter] ?? 'skipped')

describe('always … for n', () => {
  it.each([
    ['', 2, 'skipped', 0],
    ['s', 2, 'satisfied', 0],
    ['v', 1, 'violated', 1],
    ['v', 2, 'pending', 1],
    ['vv', 2, 'violated', 2],
    ['vvv', 2, 'violated', 3],
    ['vsv', 2, 'pending', 1],
    // Neither extends nor resets.
    ['viv', 2, 'violated', 2],
    ['vev', 2, 'violated', 2],
    ['vivi', 2, 'inconclusive', 2],
    ['vi', 2, 'inconclusive', 1],
    ['vvs', 2, 'satisfied', 0],
    ['svi', 3, 'inconclusive', 1],
    ['vve', 2, 'error', 2],
  ] as const)('%s for %d is %s after %d in a row', (letters, n, expected, streak) => {
    const found = decideAlways(verdicts(letters), n)
    expect(found.reason ?? found.verdict).toBe(expected)
    expect(found.streak).toBe(streak)
    if (expected === 'pending') expect(found.verdict).toBe('inconclusive')
  })

  it('is the definition written down a second time', () => {
    const any = fc.constantFrom<Verdict>('satisfied', 'violated', 'violated', 'inconclusive', 'error', 'skipped')
    fc.assert(
      fc.property(fc.array(any, { maxLength: 10 }), fc.integer({ min: 1, max: 4 }), (all, n) => {
        const found = decideAlways(all, n)
        expect(found.reason ?? found.verdict).toBe(naiveAlways(all, n))
      }),
      { numRuns: 2000 },
    )
  })

  it('is violated on no more windows the more it asks for', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Verdict>('satisfied', 'violated', 'inconclusive')), (all) => {
        const violated = (n: number): boolean => decideAlways(all, n).verdict === 'violated'
        for (let n = 1; n < 5; n++) expect(violated(n) || !violated(n + 1)).toBe(true)
      }),
    )
  })
})
