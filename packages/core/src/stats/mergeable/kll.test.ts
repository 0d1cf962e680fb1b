import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../prng.ts'
import { mergeRankSketches, NO_RANKS, rankError, rankQuantile, type RankSketch, rankSketch } from './kll.ts'

const N = 60_000
const numbers = Array.from({ length: N }, (_, i) => i)

/** Orders in which a sketch that halved carelessly would go wrong. */
const ORDERS: Readonly<Record<string, (seed: string) => readonly number[]>> = {
  ascending: () => numbers,
  descending: () => numbers.toReversed(),
  'from both ends': () => numbers.map((i) => (i % 2 === 0 ? i / 2 : N - (i + 1) / 2)),
  'least and greatest in turn, by blocks of the size of a level': () =>
    numbers.map((i) => (Math.floor(i / 512) % 2 === 0 ? i : N - i)),
  shuffled: (seed) => createRandom(seed, 'order').shuffle([...numbers]),
  'seven values': (seed) => createRandom(seed, 'order').shuffle(numbers.map((i) => i % 7)),
  'one value, and one other': () => numbers.map((i) => (i === 17 ? 5 : 3)),
}

/** The greatest distance of the rank asked for from the ranks that the answer has, as a share of n. */
function worstOf(sketch: RankSketch, all: readonly number[]): number {
  const sorted = Float64Array.from(all).sort()
  let worst = 0
  for (let i = 0; i <= 50; i++) {
    const rank = Math.floor((i / 50) * (sorted.length - 1))
    const found = rankQuantile(sketch, i / 50) ?? Number.NaN
    const [first, last] = [sorted.indexOf(found), sorted.lastIndexOf(found)]
    if (first < 0) return Infinity
    worst = Math.max(worst, first - rank, rank - last)
  }
  return worst / sorted.length
}

const weightOf = ({ levels }: RankSketch): number => levels.reduce((sum, { length }, h) => sum + length * 2 ** h, 0)

describe('ranks of many numbers', () => {
  test.each(Object.entries(ORDERS))('%s: within the stated error, in some kilobytes', (_, order) => {
    for (const seed of ['a', 'b', 'c']) {
      const all = order(seed)
      const sketch = rankSketch(all, seed)
      expect([sketch.n, weightOf(sketch)]).toEqual([N, N])
      expect(sketch.levels.flat().length).toBeLessThan(2000)
      expect(rankError(sketch)).toBeLessThan(0.01)
      expect(worstOf(sketch, all)).toBeLessThanOrEqual(rankError(sketch))
    }
  })

  test('the same numbers and seed give the same sketch; another seed another one', () => {
    expect(rankSketch(numbers, 'a')).toEqual(rankSketch(numbers, 'a'))
    expect(rankSketch(numbers, 'b')).not.toEqual(rankSketch(numbers, 'a'))
  })

  test('few numbers are all kept: ranks are exact', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 60 }), (all) => {
        const sketch = rankSketch(all, 'few')
        expect(rankError(sketch)).toBe(0)
        const sorted = Float64Array.from(all).sort()
        for (const q of [0, 0.3, 1])
          expect(
            Object.is((rankQuantile(sketch, q) ?? 1) + 0, (sorted[Math.floor(q * (all.length - 1))] ?? 1) + 0),
          ).toBe(true)
      }),
    )
    expect(rankQuantile(NO_RANKS, 0.5)).toBeUndefined()
  })
})

describe('parts that are merged', () => {
  const parts = (seed: string): readonly RankSketch[] => {
    const all = ORDERS['shuffled']?.(seed) ?? []
    const sizes = [3, 20_000, 511, 5000, 40, 30_000]
    let from = 0
    return sizes.map((size) => rankSketch(all.slice(from, (from += size)), seed))
  }
  const taken = (seed: string) => (ORDERS['shuffled']?.(seed) ?? []).slice(0, 55_554)

  test('in any order and grouping stay within the stated error', () => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const merge = (a: RankSketch, b: RankSketch) => mergeRankSketches(a, b, seed)
      const each = parts(seed)
      const [a, b, c, d, e, f] = each as [RankSketch, RankSketch, RankSketch, RankSketch, RankSketch, RankSketch]
      const ways = [
        each.reduce(merge),
        each.toReversed().reduce(merge),
        merge(merge(a, merge(b, c)), merge(d, merge(e, f))),
        merge(merge(f, merge(c, a)), merge(b, merge(e, d))),
      ]
      for (const way of ways) {
        expect([way.n, weightOf(way)]).toEqual([55_554, 55_554])
        expect(rankError(way)).toBeLessThan(0.01)
        expect(worstOf(way, taken(seed))).toBeLessThanOrEqual(rankError(way))
      }
    }
  })

  test('two in either order are the same to the last item; nothing changes nothing', () => {
    const [, b = NO_RANKS, , d = NO_RANKS] = parts('a')
    expect(mergeRankSketches(b, d, 'a')).toEqual(mergeRankSketches(d, b, 'a'))
    expect(mergeRankSketches(b, NO_RANKS, 'a')).toEqual(b)
  })

  test('a thousand parts of a hundred are as good as one', () => {
    const random = createRandom('kll', 'many parts')
    const all = Array.from({ length: 100_000 }, () => random.normal())
    let sketch = NO_RANKS
    for (let from = 0; from < all.length; from += 100)
      sketch = mergeRankSketches(sketch, rankSketch(all.slice(from, from + 100), 's'), 's')
    expect(rankError(sketch)).toBeLessThan(0.01)
    expect(worstOf(sketch, all)).toBeLessThanOrEqual(rankError(sketch))
  })
})

test('the stated error is exceeded in fewer than one sketch of a hundred', () => {
  const small = numbers.slice(0, 8000)
  const rounds = 150
  const exceeded = Array.from({ length: rounds }, (_, i) => rankSketch(small, `round ${i}`)).filter((sketch) => {
    const found = rankQuantile(sketch, 0.37) ?? Number.NaN
    return Math.abs(found - Math.floor(0.37 * 7999)) / 8000 > rankError(sketch)
  })
  expect(exceeded.length).toBeLessThanOrEqual(3)
})
