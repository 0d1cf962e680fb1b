import { describe, expect, it } from 'vitest'
import golden from '../../golden/stats/random.json' with { type: 'json' }
import { murmur3 } from './murmur3.ts'
import { createRandom, randomFromState } from './prng.ts'

describe('murmur3', () => {
  it('agrees with the mmh3 package on texts of every tail length', () => {
    for (const { text, words } of golden.murmur3) expect(murmur3(new TextEncoder().encode(text)), text).toEqual(words)
  })
})

describe('xoshiro128**', () => {
  it('agrees with the published algorithm', () => {
    for (const { state, uint32 } of golden.xoshiro) {
      const [a = 0, b = 0, c = 0, d = 0] = state
      const random = randomFromState(a, b, c, d)
      expect(uint32.map(() => random.uint32())).toEqual(uint32)
    }
  })
  it('makes a fixed stream of a seed and a purpose', () => {
    const { seed, purpose, uint32, float } = golden.stream
    const random = createRandom(seed, purpose)
    expect(uint32.map(() => random.uint32())).toEqual(uint32)
    const again = createRandom(seed, purpose)
    expect(float.map(() => again.float())).toEqual(float)
  })
  it('separates seed from purpose', () => {
    expect(createRandom('ab', 'c').uint32()).not.toBe(createRandom('a', 'bc').uint32())
    expect(createRandom('a', 'b').uint32()).not.toBe(createRandom('a', 'c').uint32())
  })
})

describe('derived numbers', () => {
  it('int is uniform and in range, for small, odd and very large n', () => {
    const random = createRandom('int', 'test')
    for (const n of [1, 2, 3, 7, 10]) {
      const counts = Array.from({ length: n }, () => 0)
      const draws = 20_000
      for (let i = 0; i < draws; i++) {
        const value = random.int(n)
        expect(Number.isInteger(value) && value >= 0 && value < n).toBe(true)
        counts[value] = (counts[value] ?? 0) + 1
      }
      const chiSquare = counts.reduce((sum, count) => sum + (count - draws / n) ** 2 / (draws / n), 0)
      // 99.99 % quantile of chi-square with 9 degrees of freedom is 33.7.
      expect(chiSquare, `n = ${n}`).toBeLessThan(34)
    }
    for (const n of [0x20_0001, 3_000_000_000, 0x1_0000_0000]) {
      let sum = 0
      for (let i = 0; i < 4000; i++) {
        const value = random.int(n)
        expect(Number.isInteger(value) && value >= 0 && value < n).toBe(true)
        sum += value / n
      }
      // Mean of 4000 uniforms: standard deviation 0.0046.
      expect(Math.abs(sum / 4000 - 0.5)).toBeLessThan(0.02)
    }
  })
  it('tally counts what int would have drawn, and leaves the stream where that would', () => {
    for (const n of [1, 3, 1000, 0x20_0000, 0x20_0001]) {
      const [ours, plain] = [createRandom('tally', `${n}`), createRandom('tally', `${n}`)]
      const [counts, expected] = [new Uint32Array(n), new Uint32Array(n)]
      const draws = 20_000
      ours.tally(draws, counts)
      for (let i = 0; i < draws; i++) {
        const drawn = plain.int(n)
        expected[drawn] = (expected[drawn] ?? 0) + 1
      }
      expect(Buffer.from(counts.buffer).equals(Buffer.from(expected.buffer)), `n = ${n}`).toBe(true)
      expect(ours.uint32()).toBe(plain.uint32())
    }
  })
  it('tally of kinds counts the kinds of what int would have drawn', () => {
    for (const n of [1, 7, 1000, 0x20_0001]) {
      const kinds = Uint32Array.from({ length: n }, (_, place) => place % 5)
      const [ours, plain] = [createRandom('kinds', `${n}`), createRandom('kinds', `${n}`)]
      const [counts, expected] = [new Uint32Array(5), [0, 0, 0, 0, 0]]
      ours.tally(3000, counts, kinds)
      for (let i = 0; i < 3000; i++) (expected[kinds[plain.int(n)] as number] as number)++
      expect([...counts], `n = ${n}`).toEqual(expected)
      expect(ours.uint32()).toBe(plain.uint32())
    }
  })
  it('float lies in [0, 1) with the moments of a uniform', () => {
    const random = createRandom('float', 'test')
    let sum = 0
    let squares = 0
    const n = 100_000
    for (let i = 0; i < n; i++) {
      const value = random.float()
      if (!(value >= 0 && value < 1)) expect.fail(`${value}`)
      sum += value
      squares += value * value
    }
    expect(sum / n).toBeCloseTo(0.5, 2)
    expect(squares / n).toBeCloseTo(1 / 3, 2)
  })
  it('normal has the moments of a normal', () => {
    const random = createRandom('normal', 'test')
    const n = 100_000
    const moments = [0, 0, 0, 0]
    for (let i = 0; i < n; i++) {
      const value = random.normal()
      for (let k = 0; k < 4; k++) moments[k] = (moments[k] ?? 0) + value ** (k + 1) / n
    }
    expect(Math.abs(moments[0] ?? 1)).toBeLessThan(0.015)
    expect(Math.abs((moments[1] ?? 0) - 1)).toBeLessThan(0.02)
    expect(Math.abs(moments[2] ?? 1)).toBeLessThan(0.05)
    expect(Math.abs((moments[3] ?? 0) - 3)).toBeLessThan(0.15)
  })
  it('shuffle makes every order equally often and keeps the elements', () => {
    const random = createRandom('shuffle', 'test')
    const counts = new Map<string, number>()
    for (let i = 0; i < 12_000; i++) {
      const order = random.shuffle([1, 2, 3]).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(200)
    expect(random.shuffle(Uint32Array.of(5, 6)).toSorted()).toEqual(Uint32Array.of(5, 6))
    expect(random.shuffle([])).toEqual([])
  })
})
