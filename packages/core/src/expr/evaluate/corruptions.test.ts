import { describe, expect, it } from 'vitest'
import { corruptions } from './corruptions.ts'

const WORDS = Array.from({ length: 4000 }, (_, i) => `parcel number ${i} is late`)
const numbers = Array.from({ length: 4000 }, (_, i) => i / 8)
const typos = (text: string, errors: bigint, seed = 1n): string => String(corruptions.corrupt_typos(text, errors, seed))

/** Least number of letters exchanged with their neighbour, left out, added or replaced (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i])
  for (let j = 1; j <= b.length; j++) (rows[0] as number[])[j] = j
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      ;(rows[i] as number[])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped)
    }
  return at(a.length, b.length)
}

describe('typing errors', () => {
  it('are as many as asked for, at most, and the same each time', () => {
    for (const text of WORDS.slice(0, 200)) {
      expect(typos(text, 0n)).toBe(text)
      expect(typos(text, 3n)).toBe(typos(text, 3n))
      expect(distance(text, typos(text, 1n))).toBeLessThanOrEqual(1)
    }
    // Two equal letters that change places are no error.
    const same = WORDS.filter((text) => typos(text, 1n) === text).length
    expect(same / WORDS.length).toBeLessThan(0.02)
    const other = WORDS.filter((text) => typos(text, 1n, 2n) !== typos(text, 1n)).length
    expect(other / WORDS.length).toBeGreaterThan(0.9)
  })
  it('begin with those of a lower level', () => {
    for (const text of WORDS.slice(0, 100))
      expect(distance(typos(text, 4n), typos(text, 5n)), text).toBeLessThanOrEqual(1)
  })
  it('leave a text without letters alone, and characters beyond the keyboard whole', () => {
    expect([typos('', 9n), typos('12 34!', 9n)]).toEqual(['', '12 34!'])
    for (const text of ['Привет мир', '𝒜𝒷', 'ZÜRICH']) expect(typos(text, 5n).isWellFormed()).toBe(true)
  })
  it.each([-1n, 1001n, 2n ** 62n])('%s of them are refused', (errors) => {
    expect(corruptions.corrupt_typos('a', errors, 1n)).toEqual({ error: 'invalid-argument' })
  })
})

describe('noise', () => {
  it('is standard normal, times its level', () => {
    const draws = numbers.map((x) => Number(corruptions.corrupt_noise(x, 1, 3n)) - x)
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
    const deviation = Math.sqrt(draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length)
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(draws.length))
    expect(Math.abs(deviation - 1)).toBeLessThan(0.05)
    for (const [i, x] of numbers.slice(0, 50).entries())
      expect(Number(corruptions.corrupt_noise(x, 2, 3n)) - x).toBeCloseTo(2 * (draws[i] ?? 0), 9)
  })
  it('has no number beyond the finite', () => {
    expect(corruptions.corrupt_noise(Number.POSITIVE_INFINITY, 1, 3n)).toEqual({ error: 'non-finite' })
    for (const level of [-1, Number.POSITIVE_INFINITY, Number.NaN])
      expect(corruptions.corrupt_noise(1, level, 3n)).toEqual({ error: 'invalid-argument' })
  })
})

describe('a chance', () => {
  it.each([
    ['numbers', numbers.map((x) => Number(corruptions.corrupt_chance_double(x, 1n)))],
    ['whole numbers', numbers.map((_, i) => Number(corruptions.corrupt_chance_int(BigInt(i), 1n)))],
    ['texts', WORDS.map((text) => Number(corruptions.corrupt_chance_string(text, 1n)))],
  ])('of %s is spread evenly', (_, draws) => {
    expect(draws.every((x) => x >= 0 && x < 1)).toBe(true)
    for (const level of [0.1, 0.5, 0.9])
      expect(Math.abs(draws.filter((x) => x < level).length / draws.length - level)).toBeLessThan(0.03)
  })
})
