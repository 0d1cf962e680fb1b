/** An exact fraction; the divisor is above zero. */
export interface Rational {
  readonly n: bigint
  readonly d: bigint
}

/** One. */
export const ONE: Rational = { n: 1n, d: 1n }
/** Zero. */
export const ZERO: Rational = { n: 0n, d: 1n }

/** Reads `12`, `-0.25`, `1e-9`, `5/9`; undefined for any other text. */
export function parseRational(text: string): Rational | undefined {
  const fraction = /^(-?\d+)\/(\d+)$/.exec(text)
  if (fraction !== null) return reduced(BigInt(fraction[1] ?? 0), BigInt(fraction[2] ?? 1))
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]?\d{1,3}))?$/i.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', decimals = '', exponent = '0'] = match
  const digits = BigInt(whole + decimals)
  const shift = Number(exponent) - decimals.length
  const scale = 10n ** BigInt(Math.abs(shift))
  const n = sign === '-' ? -digits : digits
  return shift >= 0 ? { n: n * scale, d: 1n } : reduced(n, scale)
}

/** a × b. */
export function times(a: Rational, b: Rational): Rational {
  return reduced(a.n * b.n, a.d * b.d)
}

/** a ÷ b; b is not zero. */
export function over(a: Rational, b: Rational): Rational {
  return b.n < 0n ? reduced(-a.n * b.d, a.d * -b.n) : reduced(a.n * b.d, a.d * b.n)
}

/** a + b. */
export function plus(a: Rational, b: Rational): Rational {
  return reduced(a.n * b.d + b.n * a.d, a.d * b.d)
}

/** a − b. */
export function minus(a: Rational, b: Rational): Rational {
  return plus(a, { n: -b.n, d: b.d })
}

/** a to a whole power. */
export function toPower(a: Rational, power: number): Rational {
  const exponent = BigInt(Math.abs(power))
  const raised = { n: a.n ** exponent, d: a.d ** exponent }
  return power < 0 ? over(ONE, raised) : raised
}

/** Whether two fractions are equal. */
export function equal(a: Rational, b: Rational): boolean {
  return a.n * b.d === b.n * a.d
}

/** The nearest float64 (ties to even). */
export function toNumber({ n, d }: Rational): number {
  if (n < 0n) return -toNumber({ n: -n, d })
  if (n === 0n) return 0
  // Enough bits for a correct rounding of normal numbers: the last one says whether anything was cut off.
  const shift = bits(d) - bits(n) + 66
  const scaled = shift >= 0 ? n << BigInt(shift) : n
  const divisor = shift >= 0 ? d : d << BigInt(-shift)
  const quotient = (scaled / divisor) | (scaled % divisor === 0n ? 0n : 1n)
  return Number(quotient) * 2 ** -shift
}

function bits(value: bigint): number {
  return value.toString(16).length * 4
}

function reduced(n: bigint, d: bigint): Rational {
  let [a, b] = [n < 0n ? -n : n, d]
  while (b !== 0n) [a, b] = [b, a % b]
  return a > 1n ? { n: n / a, d: d / a } : { n, d }
}
