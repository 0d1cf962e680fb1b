/** A finite field by its tables: elements are 0 … order − 1, 0 and 1 are the neutral ones. */
export interface Field {
  readonly order: number
  add(a: number, b: number): number
  multiply(a: number, b: number): number
}

/** p and n where order = pⁿ for a prime p; undefined else. */
export function primePower(order: number): { readonly prime: number; readonly degree: number } | undefined {
  if (order < 2) return undefined
  let prime = 2
  while (prime * prime <= order && order % prime !== 0) prime++
  if (order % prime !== 0) prime = order
  let degree = 0
  let rest = order
  while (rest % prime === 0) {
    rest /= prime
    degree++
  }
  return rest === 1 ? { prime, degree } : undefined
}

/** The field of a prime power, at most 64 elements; elements are polynomials over the prime field, written in base p. */
export function finiteField(order: number): Field | undefined {
  const power = primePower(order)
  if (power === undefined || order > 64) return undefined
  const { prime, degree } = power
  const digits = (a: number): number[] => Array.from({ length: degree }, (_, i) => Math.floor(a / prime ** i) % prime)
  const number = (d: readonly number[]): number => d.reduce((sum, each, i) => sum + each * prime ** i, 0)
  const add = (a: number, b: number): number => {
    const other = digits(b)
    return number(digits(a).map((each, i) => (each + (other[i] ?? 0)) % prime))
  }
  /** Multiplies modulo xⁿ + the polynomial `low`, with coefficients of the prime field. */
  const times = (low: readonly number[]) => (a: number, b: number) => {
    const product = Array.from({ length: 2 * degree }, () => 0)
    for (const [i, x] of digits(a).entries())
      for (const [j, y] of digits(b).entries()) product[i + j] = ((product[i + j] ?? 0) + x * y) % prime
    for (let i = 2 * degree - 1; i >= degree; i--) {
      const top = product[i] ?? 0
      product[i] = 0
      for (const [j, y] of low.entries())
        product[i - degree + j] = ((product[i - degree + j] ?? 0) + (prime - y) * top) % prime
    }
    return number(product.slice(0, degree))
  }
  // A modulus serves when no product of two elements other than 0 is 0.
  for (let low = 0; low < order; low++) {
    const multiply = times(digits(low))
    const table = Int16Array.from({ length: order * order }, (_, i) => multiply(Math.floor(i / order), i % order))
    const zeros = table.reduce((count, each) => count + (each === 0 ? 1 : 0), 0)
    if (zeros === 2 * order - 1) return { order, add, multiply: (a, b) => table[a * order + b] as number }
  }
  return undefined
}
