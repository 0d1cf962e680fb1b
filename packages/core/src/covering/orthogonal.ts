import { finiteField, primePower } from './field.ts'

/** Factors that `orthogonalArray` gives for this many values: q + 1, or q + 2 for strength 3 and even q. */
export function mostOrthogonalFactors(values: number, strength: number): number {
  if (primePower(values) === undefined || values > 64 || strength > values) return 0
  return values + (strength === 3 && values % 2 === 0 ? 2 : 1)
}

/**
 * An orthogonal array of index one: every combination of values of every `strength` factors stands in exactly one row. Rows are all
 * polynomials of a lesser degree over the field, factors their values at each of its elements and their leading
 * coefficient; undefined where there is none of this kind.
 * Source: K. A. Bush, "Orthogonal arrays of index unity", Annals of Mathematical Statistics 23 (1952).
 */
export function orthogonalArray(factors: number, values: number, strength: number): Int16Array[] | undefined {
  const field = finiteField(values)
  if (field === undefined || factors > mostOrthogonalFactors(values, strength)) return undefined
  const { add, multiply } = field
  const columns = Array.from({ length: factors }, (_, at) => column(at, values, strength, multiply))
  return Array.from({ length: values ** strength }, (_, index) => {
    const word = Array.from({ length: strength }, (_, i) => Math.floor(index / values ** i) % values)
    return Int16Array.from(columns, (own) => own.reduce((sum, each, i) => add(sum, multiply(each, word[i] ?? 0)), 0))
  })
}

/** Any `strength` of these vectors are independent: powers of an element, then the last unit vector, then (for even q) the middle one. */
function column(at: number, values: number, strength: number, multiply: (a: number, b: number) => number): number[] {
  if (at >= values) return Array.from({ length: strength }, (_, i) => (i === strength - 1 - (at - values) ? 1 : 0))
  const powers = [1]
  while (powers.length < strength) powers.push(multiply(powers.at(-1) ?? 1, at))
  return powers
}
