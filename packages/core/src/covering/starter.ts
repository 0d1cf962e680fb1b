import type { Random } from '../stats/prng.ts'

/** A starter, and how many of the symbols stay fixed under the group. */
export interface CoverStarter {
  readonly word: Int16Array
  readonly fixed: number
}

/**
 * Looks for a word whose rotations, with all symbols but the last `fixed` counted on cyclically, cover every pair of values in
 * every pair of factors but those of two fixed values: for each distance, the pairs in the word at that distance must
 * meet every difference, and every fixed value on either side. Simulated annealing on the pairs not met.
 * Source: K. Meagher, B. Stevens, "Group construction of covering arrays" (2005); J. R. Lobb, C. J. Colbourn, P. Danziger,
 * B. Stevens, J. Torres-Jimenez, "Cover starters for covering arrays of strength two" (2012).
 *
 * @returns undefined where none is found in `moves`, or there can be none
 */
export function findStarter(
  factors: number,
  values: number,
  fixed: number,
  random: Random,
  budget: { moves: number; readonly stop: () => boolean },
): CoverStarter | undefined {
  const group = values - fixed
  // Differences, and a fixed value before or after: this many kinds of pairs, and one pair of the word for each.
  const kinds = group + 2 * fixed
  if (group < 1 || kinds > factors) return undefined
  const word = new Int16Array(factors).fill(-1)
  const half = Math.floor(factors / 2)
  const met = new Int32Array((half + 1) * kinds)
  /** Counts a pair on (1) or off (−1); the change of the number of kinds that are met nowhere. */
  const tally = (a: number, b: number, distance: number, by: 1 | -1): number => {
    // Positions not chosen yet are −1; a pair of two fixed values is covered elsewhere.
    if (a < 0 || b < 0 || (a >= group && b >= group)) return 0
    const kind = a >= group ? a : b >= group ? fixed + b : (b - a + group) % group
    const place = distance * kinds + kind
    const before = met[place] as number
    met[place] = before + by
    return before === 0 ? -1 : before + by === 0 ? 1 : 0
  }
  /** The same for all pairs that a position is part of. */
  const count = (at: number, by: 1 | -1): number => {
    const value = word[at] as number
    let change = 0
    for (let distance = 1; distance <= half; distance++) {
      change += tally(value, word[(at + distance) % factors] as number, distance, by)
      change += tally(word[(at - distance + factors) % factors] as number, value, distance, by)
    }
    return change
  }
  let open = half * kinds
  for (let at = 0; at < factors; at++) {
    word[at] = random.int(values)
    open += count(at, 1)
  }
  let temperature = 1
  while (open > 0) {
    if (budget.moves-- <= 0 || (budget.moves % 256 === 0 && budget.stop())) return undefined
    const at = random.int(factors)
    const before = word[at] as number
    let change = count(at, -1)
    word[at] = random.int(values)
    change += count(at, 1)
    open += change
    temperature = Math.max(0.25, temperature * 0.99999)
    if (change <= 0 || random.float() < Math.exp(-change / temperature)) continue
    open += count(at, -1)
    word[at] = before
    open += count(at, 1)
  }
  return { word, fixed }
}

/** The rows of a starter: its rotations with every count added; fixed values stay. Pairs of fixed values are not covered. */
export function rowsOfStarter({ word, fixed }: CoverStarter, values: number): Int16Array[] {
  const group = values - fixed
  const factors = word.length
  return Array.from({ length: factors * group }, (_, index) => {
    const by = index % group
    const turn = Math.floor(index / group)
    return Int16Array.from({ length: factors }, (_, factor) => {
      const value = word[(factor + turn) % factors] as number
      return value < group ? (value + by) % group : value
    })
  })
}
