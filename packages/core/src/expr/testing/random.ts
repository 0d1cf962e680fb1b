/** A small source of choices for generated tests: the same seed gives the same test, and nothing is built ahead. */
export interface Random {
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number
  pick<T>(choices: readonly [T, ...T[]]): T
  pick<T>(choices: readonly T[]): T
  /** A whole number between the bounds, both included; nearly uniform. */
  bigint(low: bigint, high: bigint): bigint
}

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, enough for choices in tests. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
  const below = (bound: number): number => Math.floor((next() / 2 ** 32) * bound)
  const bigint = (low: bigint, high: bigint): bigint => {
    const wide = (BigInt(next()) << 64n) | (BigInt(next()) << 32n) | BigInt(next())
    return low + (wide % (high - low + 1n))
  }
  function pick<T>(choices: readonly T[]): T {
    const choice = choices[below(choices.length)]
    if (choice === undefined) throw new Error('nothing to pick from')
    return choice
  }
  return { below, pick, bigint }
}
