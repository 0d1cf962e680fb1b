/**
 * A seeded stream of uniform numbers in [0, 1): xorshift32 (Marsaglia, "Xorshift RNGs", 2003).
 * @param {number} seed any integer
 * @returns {() => number}
 */
export function uniform(seed) {
  // The generator is stuck at state 0; multiplying by an odd constant spreads neighbouring seeds.
  let state = Math.imul(seed + 1, 0x9e3779b1) || 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 8; i += 1) next()
  return next
}

/**
 * The numbers 0 … n−1 in random order (Fisher and Yates).
 * @param {number} n
 * @param {() => number} random
 * @returns {Int32Array}
 */
export function permutation(n, random) {
  const order = Int32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1))
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  return order
}
