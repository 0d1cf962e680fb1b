import { choicesOf } from './tuples.ts'

/** C(n, k), exact below 2^53. */
function binomial(n: number, k: number): number {
  let value = 1
  for (let i = 1; i <= k; i++) value = Math.round((value * (n - k + i)) / i)
  return value
}

/** Factors of two values that `rows` rows can cover pairwise: C(n − 1, ⌈n / 2⌉). */
const mostBinaryFactors = (rows: number): number => binomial(rows - 1, Math.ceil(rows / 2))

/**
 * The least number of rows that cover all pairs of two-valued factors; exact.
 * Source: G. Katona (1973); D. J. Kleitman, J. Spencer, "Families of k-independent sets" (1973); A. Rényi for even n.
 */
export function fewestBinaryRows(factors: number): number {
  if (factors < 2) return 2 ** factors
  let rows = 4
  while (mostBinaryFactors(rows) < factors) rows++
  return rows
}

/** The smallest pairwise suite of two-valued factors: one row of zeros; each factor is 1 in another set of ⌈n / 2⌉ of the others. */
export function binaryPairs(factors: number): Int16Array[] {
  const rows = fewestBinaryRows(factors)
  const made = Array.from({ length: rows }, () => new Int16Array(factors))
  let factor = 0
  for (const set of choicesOf(rows - 1, Math.ceil(rows / 2))) {
    for (const at of set) (made[at + 1] as Int16Array)[factor] = 1
    if (++factor === factors) break
  }
  return made
}

/** Two-valued factors up to which `doubled` begins with a suite found otherwise. */
export const DOUBLED_FROM = 12

/**
 * A suite of strength 3 for two-valued factors from one for half of them: both halves alike, then pairs with their complement.
 * Source: G. Roux, thesis (Paris, 1987): CAN(3, 2k, 2) ≤ CAN(3, k, 2) + CAN(2, k, 2).
 */
export function doubled(half: readonly Int16Array[], factors: number): Int16Array[] {
  const width = Math.ceil(factors / 2)
  const join = (row: Int16Array, flip: number): Int16Array =>
    Int16Array.from({ length: factors }, (_, i) => (i < width ? (row[i] as number) : (row[i - width] as number) ^ flip))
  return [...half.map((row) => join(row, 0)), ...binaryPairs(width).map((row) => join(row, 1))]
}
