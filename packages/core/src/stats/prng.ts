import { murmur3 } from './murmur3.ts'

/** A deterministic stream of random numbers; equal seeds give equal streams on every machine. */
export interface Random {
  /** Uniform integer in [0, 2^32). */
  uint32(): number
  /** Uniform number in [0, 1) with 53 random bits. */
  float(): number
  /** Uniform integer in [0, n), unbiased; n an integer in [1, 2^32]. */
  int(n: number): number
  /**
   * Draws `draws` integers in [0, n), n = `counts.length`, as {@link int} would, and adds each to its count; given `kinds`, n is their
   * number, and what is drawn adds to the count of the kind in its place.
   */
  tally(draws: number, counts: Uint32Array, kinds?: Uint32Array): void
  /** Standard normal number (Marsaglia's polar method). */
  normal(): number
  /** Shuffles in place (Fisher-Yates); every order is equally likely. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T
}

const TWO_32 = 0x1_0000_0000

/** Largest n whose products with 32 bits stay exact. */
const MOST_EXACT = 0x20_0000

/**
 * xoshiro128** from four words of state, not all zero.
 * Source: D. Blackman, S. Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47 (2021).
 */
export function randomFromState(a: number, b: number, c: number, d: number): Random {
  // A typed array, not captured variables: those would be boxed on the heap at every draw.
  const state = Int32Array.of(a, b, c, d)

  const uint32 = (): number => {
    const s0 = state[0] as number
    const s1 = state[1] as number
    const s2 = (state[2] as number) ^ s0
    const s3 = (state[3] as number) ^ s1
    const times5 = Math.imul(s1, 5)
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9)
    state[0] = s0 ^ s3
    state[1] = s1 ^ s2
    state[2] = s2 ^ (s1 << 9)
    state[3] = (s3 << 11) | (s3 >>> 21)
    return result >>> 0
  }

  const float = (): number => {
    const high = uint32() >>> 5
    const low = uint32() >>> 6
    return (high * 0x400_0000 + low) / 0x20_0000_0000_0000
  }

  const int = (n: number): number => {
    if (n <= MOST_EXACT) {
      // D. Lemire (2019): a multiplication that stays exact below 2^53, and a rare rejection.
      let product = uint32() * n
      let high = Math.floor(product / TWO_32)
      if (product - high * TWO_32 < n) {
        const threshold = TWO_32 % n
        while (product - high * TWO_32 < threshold) {
          product = uint32() * n
          high = Math.floor(product / TWO_32)
        }
      }
      return high
    }
    const limit = TWO_32 - (TWO_32 % n)
    let draw = uint32()
    while (draw >= limit) draw = uint32()
    return draw % n
  }

  /** The loop of a bootstrap: {@link int} written out, its state in registers; three times as fast as calling it. */
  const tally = (draws: number, counts: Uint32Array, kinds?: Uint32Array): void => {
    const n = kinds === undefined ? counts.length : kinds.length
    if (n > MOST_EXACT) {
      for (let left = draws; left > 0; left--) {
        const drawn = int(n)
        ;(counts[kinds === undefined ? drawn : (kinds[drawn] as number)] as number)++
      }
      return
    }
    const threshold = TWO_32 % n
    let s0 = state[0] as number
    let s1 = state[1] as number
    let s2 = state[2] as number
    let s3 = state[3] as number
    for (let left = draws; left > 0; ) {
      const times5 = Math.imul(s1, 5)
      const product = (Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0) * n
      const shifted = s1 << 9
      s2 ^= s0
      s3 ^= s1
      s1 ^= s2
      s0 ^= s3
      s2 ^= shifted
      s3 = (s3 << 11) | (s3 >>> 21)
      const high = (product / TWO_32) | 0
      if (product - high * TWO_32 < threshold) continue
      ;(counts[kinds === undefined ? high : (kinds[high] as number)] as number)++
      left--
    }
    state[0] = s0
    state[1] = s1
    state[2] = s2
    state[3] = s3
  }

  const normal = (): number => {
    for (;;) {
      const u = 2 * float() - 1
      const v = 2 * float() - 1
      const square = u * u + v * v
      // The second number of the pair is dropped, so that a stream has no hidden state.
      if (square > 0 && square < 1) return u * Math.sqrt((-2 * Math.log(square)) / square)
    }
  }

  return {
    uint32,
    float,
    int,
    tally,
    normal,
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = int(i + 1)
        const kept = items[i]
        items[i] = items[j]
        items[j] = kept
      }
      return items
    },
  }
}

/**
 * The stream of one (seed, purpose) pair. `seed` is a digest text; distinct purposes give independent streams, so a
 * new use of randomness changes no other's numbers.
 */
export function createRandom(seed: string, purpose: string): Random {
  const text = `${seed.length}:${seed}${purpose}`
  const [a, b, c, d] = murmur3(new TextEncoder().encode(text))
  // xoshiro's one forbidden state is all zeros.
  return randomFromState(a, b, c, (a | b | c | d) === 0 ? 1 : d)
}
