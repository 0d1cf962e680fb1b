/** A fraction; the denominator is positive. */
export interface Fraction {
  readonly numerator: bigint
  readonly denominator: bigint
}

const PRECISION = 53
const LEAST_EXPONENT = -1074
const bits = (value: number): bigint => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  return view.getBigUint64(0)
}
const ofBits = (value: bigint): number => {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, value)
  return view.getFloat64(0)
}

/** The exact number that a finite float64 is. */
export function fractionOf(value: number): Fraction {
  const all = bits(value)
  const exponent = Number((all >> 52n) & 0x7ffn)
  const fraction = all & ((1n << 52n) - 1n)
  const mantissa = (exponent === 0 ? fraction : fraction | (1n << 52n)) * (value < 0 ? -1n : 1n)
  const power = Math.max(exponent, 1) - 1075
  if (power >= 0) return { numerator: mantissa << BigInt(power), denominator: 1n }
  return reduced(mantissa, 1n << BigInt(-power))
}

/** The denominator is a power of two. */
function reduced(numerator: bigint, denominator: bigint): Fraction {
  if (numerator === 0n) return { numerator: 0n, denominator: 1n }
  const even = numerator & -numerator
  const by = even < denominator ? even : denominator
  return { numerator: numerator / by, denominator: denominator / by }
}

/** The float64 next to a fraction, ties to even; infinite beyond the greatest. */
export function nearest({ numerator, denominator }: Fraction): number {
  if (numerator === 0n) return 0
  const size = numerator < 0n ? -numerator : numerator
  const sign = numerator < 0n ? -1 : 1
  // The power of two below which the quotient has at least 53 digits, and at least as many as a float64 has room for.
  const excess = size.toString(2).length - denominator.toString(2).length
  const exponent = Math.max(excess - PRECISION - 1, LEAST_EXPONENT - 2)
  const [n, d] = exponent >= 0 ? [size, denominator << BigInt(exponent)] : [size << BigInt(-exponent), denominator]
  const quotient = n / d
  const sticky = n % d === 0n ? 0n : 1n
  return sign * scaled((quotient << 1n) | sticky, exponent - 1)
}

/** `digits` · 2^`exponent`, rounded once. */
function scaled(digits: bigint, exponent: number): number {
  const length = digits.toString(2).length
  const drop = Math.max(length - PRECISION, LEAST_EXPONENT - exponent)
  if (drop <= 0) return Number(digits) * 2 ** exponent
  const half = 1n << BigInt(drop - 1)
  const rest = digits & ((1n << BigInt(drop)) - 1n)
  const kept = digits >> BigInt(drop)
  const rounded = rest > half || (rest === half && (kept & 1n) === 1n) ? kept + 1n : kept
  const power = exponent + drop
  // In two steps, since 2 ** power itself may be beyond the range.
  return power > 900 ? Number(rounded) * 2 ** 900 * 2 ** (power - 900) : Number(rounded) * 2 ** power
}

/** The float64 just above a finite one; infinite above the greatest. */
export function above(value: number): number {
  if (value === 0) return Number.MIN_VALUE
  return ofBits(value > 0 ? bits(value) + 1n : bits(value) - 1n)
}

/** The float64 just below a finite one. */
export const below = (value: number): number => -above(-value)
