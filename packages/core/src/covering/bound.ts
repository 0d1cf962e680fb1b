import { fewestBinaryRows } from './binary.ts'

/**
 * A size below which no suite covers every combination of `strength` factors without conditions. The greatest of: the product of
 * the largest levels; for strength 2 the exact size for binary factors (every suite holds one), and one row more than the
 * square where there are more equal factors than an orthogonal array can have (K. A. Bush, 1952: at most v + 1 of index
 * one); for greater strengths, the rows in which one factor has a given value cover the others at one strength less.
 */
export function lowerBound(levels: readonly number[], strength: number): number {
  const sorted = levels.filter((each) => each > 1).toSorted((a, b) => b - a)
  return boundOf(sorted, Math.min(strength, sorted.length))
}

function boundOf(sorted: readonly number[], strength: number): number {
  if (strength <= 0) return 1
  if (strength === 1) return sorted[0] ?? 1
  const product = sorted.slice(0, strength).reduce((all, each) => all * each, 1)
  const [first = 1, ...rest] = sorted
  if (strength > 2) return Math.max(product, first * boundOf(rest, strength - 1))
  const equal = sorted.filter((each) => each === first).length
  return Math.max(product + (equal > first + 1 ? 1 : 0), fewestBinaryRows(sorted.length))
}
