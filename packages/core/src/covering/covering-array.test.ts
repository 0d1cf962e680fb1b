import { describe, expect, it } from 'vitest'
import { createRandom } from '../stats/prng.ts'
import { lowerBound } from './bound.ts'
import { coveringArray } from './covering-array.ts'
import { finiteField, primePower } from './field.ts'
import type { Condition, CoveringModel, CoveringSuite } from './model.ts'
import { verifyCovering } from './verify.ts'

const NOTHING = { malformed: [], forbidden: [], missing: [] }

/** `4^15 3^17`: fifteen factors of four values and seventeen of three. */
const levelsOf = (text: string): readonly number[] =>
  text.split(' ').flatMap((part) => {
    const [values = 0, times = 1] = part.split('^').map(Number)
    return Array.from({ length: times }, () => values)
  })

function suiteOf(model: CoveringModel, moves: number, seed = 'test'): CoveringSuite {
  const made = coveringArray(model, { seed, moves })
  if (!made.ok) throw new Error(made.fault)
  return made.suite
}

describe('coveringArray', () => {
  // Sizes that tools and tables of the field publish (AETG, TestCover, Colbourn), reached with a fixed seed and number of moves.
  it.each([
    ['3^4', 2, 9, 0],
    ['3^13', 2, 15, 100_000],
    ['4^15 3^17 2^29', 2, 29, 100_000],
    ['4^1 3^39 2^35', 2, 21, 200_000],
    ['2^100', 2, 10, 0],
    ['10^20', 2, 180, 20_000],
    ['5^1 3^8 2^2', 2, 15, 20_000],
    ['7^1 6^1 5^1 4^5 3^8 2^3', 2, 42, 20_000],
    ['3^6', 3, 33, 100_000],
    ['4^6', 3, 64, 0],
    ['6^6', 3, 312, 40_000],
    ['2^12', 3, 15, 100_000],
    ['2^20', 3, 18, 0],
    ['5^2 4^2 3^2', 3, 100, 20_000],
  ])('%s at strength %d: at most %d rows', (text, strength, size, moves) => {
    const model = { levels: levelsOf(text), strength }
    let found = Number.POSITIVE_INFINITY
    const told = { found: (rows: number) => void (found = rows), stop: () => found <= size }
    const made = coveringArray(model, { seed: 'test', moves, ...told })
    if (!made.ok) throw new Error(made.fault)
    const { suite } = made
    expect(verifyCovering(model, suite.rows)).toEqual(NOTHING)
    expect(suite.rows.length).toBeLessThanOrEqual(size)
    expect(suite.gap).toBe(suite.rows.length - suite.lowerBound)
    expect(suite.gap).toBeGreaterThanOrEqual(0)
  })

  it('gives the same rows for the same seed', () => {
    const model = { levels: levelsOf('4^5 3^4'), strength: 2 }
    expect(suiteOf(model, 5_000).rows).toEqual(suiteOf(model, 5_000).rows)
    expect(suiteOf(model, 5_000, 'other').rows).not.toEqual(suiteOf(model, 5_000).rows)
  })

  it('tells of every smaller suite, and ends when it is told to', () => {
    const sizes: number[] = []
    const made = coveringArray(
      { levels: levelsOf('3^13'), strength: 2 },
      { seed: 'test', moves: 1e12, stop: () => sizes.length > 2, found: (rows) => void sizes.push(rows) },
    )
    expect(made).toMatchObject({ ok: true, suite: { ended: 'told to stop' } })
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
  })

  it('keeps random conditions, and covers all that they allow', () => {
    const random = createRandom('conditions', 'test')
    for (let round = 0; round < 40; round++) {
      const levels = Array.from({ length: 4 + random.int(4) }, () => 1 + random.int(4))
      const strength = 2 + random.int(2)
      const conditions = Array.from({ length: 1 + random.int(4) }, (): Condition => {
        const factors = levels.map((_, i) => i)
        random.shuffle(factors)
        const own = factors.slice(0, 1 + random.int(3)).toSorted((a, b) => a - b)
        const refused = own.map((f) => random.int(levels[f] ?? 1))
        return { factors: own, allows: (values) => values.some((value, i) => value !== refused[i]) }
      })
      const model = { levels, strength, conditions }
      const { rows, tuples, lowerBound: least } = suiteOf(model, 500, `${round}`)
      expect(verifyCovering(model, rows), JSON.stringify({ levels, strength })).toEqual(NOTHING)
      expect(tuples.undecided).toBe(0)
      expect(rows.length).toBeGreaterThanOrEqual(least)
      expect(tuples.feasible).toBe(possible(model))
    }
  })

  it('has no rows where the conditions allow none', () => {
    const never = { factors: [0], allows: () => false }
    expect(suiteOf({ levels: [2, 2, 2], strength: 2, conditions: [never] }, 10).rows).toEqual([])
  })

  it.each([
    [{ levels: [2, 2], strength: 3 }, 'fewer than the strength'],
    [{ levels: [2, 2.5], strength: 2 }, 'from 1 to 30000 values'],
    [{ levels: [2, 2], strength: 0 }, 'from 1 to 6'],
    [{ levels: [2, 2], strength: 2, conditions: [{ factors: [2], allows: () => true }] }, 'not there'],
    [{ levels: levelsOf('100^30'), strength: 4 }, 'more than'],
  ])('says why there is no suite of %j', (model, why) => {
    expect(coveringArray(model, { seed: 'test', moves: 10 })).toMatchObject({
      ok: false,
      fault: expect.stringContaining(why) as string,
    })
  })
})

describe('lowerBound', () => {
  it('is the size of what is known to be smallest', () => {
    expect(lowerBound(levelsOf('3^4'), 2)).toBe(9)
    expect(lowerBound(levelsOf('3^5'), 2), 'no orthogonal array has five factors').toBe(10)
    expect(lowerBound(levelsOf('2^100'), 2)).toBe(10)
    expect(lowerBound(levelsOf('2^127'), 2)).toBe(11)
    expect(lowerBound(levelsOf('7^1 6^1 3^8'), 2)).toBe(42)
    expect(lowerBound(levelsOf('4^6'), 3)).toBe(64)
    expect(lowerBound([1, 1, 5], 2), 'one value asks nothing').toBe(5)
  })
})

describe('finiteField', () => {
  it.each([2, 3, 4, 5, 8, 9, 16, 25, 27])('of %d elements keeps the laws', (order) => {
    const field = finiteField(order)
    if (field === undefined) throw new Error('no field')
    const { add, multiply } = field
    const all = Array.from({ length: order }, (_, i) => i)
    for (const a of all) {
      expect(add(a, 0)).toBe(a)
      expect(multiply(a, 1)).toBe(a)
      expect(new Set(all.map((b) => add(a, b))).size).toBe(order)
      if (a !== 0) expect(new Set(all.map((b) => multiply(a, b))).size).toBe(order)
      for (const b of all) expect(multiply(a, add(b, 1))).toBe(add(multiply(a, b), a))
    }
  })

  it('there is none but for powers of primes', () => {
    for (const order of [1, 6, 10, 12, 15]) expect(finiteField(order)).toBeUndefined()
    expect(primePower(27)).toEqual({ prime: 3, degree: 3 })
  })
})

/** Combinations some allowed row has, by trying all rows. */
function possible({ levels, strength, conditions = [] }: CoveringModel): number {
  const seen = new Set<string>()
  const row: number[] = []
  const visit = (): void => {
    if (row.length < levels.length) {
      for (let value = 0; value < (levels[row.length] ?? 0); value++) {
        row.push(value)
        visit()
        row.pop()
      }
      return
    }
    if (!conditions.every(({ factors, allows }) => allows(factors.map((f) => row[f] ?? 0)))) return
    const mark = (from: number, text: string, left: number): void => {
      if (left === 0) return void seen.add(text)
      for (let f = from; f < row.length; f++) mark(f + 1, `${text};${f}=${row[f]}`, left - 1)
    }
    mark(0, '', strength)
  }
  visit()
  return seen.size
}
