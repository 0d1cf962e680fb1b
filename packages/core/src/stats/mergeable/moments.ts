/** Count, sum and spread of finite numbers. */
export interface Moments {
  readonly n: number
  readonly sum: number
  /** Sum of the squared deviations from the mean. */
  readonly squares: number
  /** Infinity where there is none. */
  readonly least: number
  /** -Infinity where there is none. */
  readonly greatest: number
}

/** Of no number at all: merging it changes nothing. */
export const NO_MOMENTS: Moments = { n: 0, sum: 0, squares: 0, least: Infinity, greatest: -Infinity }

/**
 * The moments of two parts together. Source: Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances"
 * (1979). The order of the two makes no difference; sums that are exact stay so; numbers that are all equal keep a spread of exactly 0.
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.n === 0) return b
  if (b.n === 0) return a
  const n = a.n + b.n
  const least = Math.min(a.least, b.least)
  const greatest = Math.max(a.greatest, b.greatest)
  const apart = (meanOf(b) - meanOf(a)) ** 2 * ((a.n * b.n) / n)
  const squares = least === greatest ? 0 : a.squares + b.squares + apart
  return { n, sum: a.sum + b.sum, squares, least, greatest }
}

/** The mean; NaN of no numbers. */
export function meanOf({ n, sum, least, greatest }: Moments): number {
  return least === greatest ? least : sum / n
}

/** Sample variance, divisor n − 1; undefined below two numbers. */
export function varianceOf({ n, squares }: Moments): number | undefined {
  return n < 2 ? undefined : squares / (n - 1)
}

/** Moments of pairs of finite numbers. */
export interface CoMoments {
  readonly x: Moments
  readonly y: Moments
  /** Sum of the products of both deviations from their means. */
  readonly products: number
}

/** Of no pair at all. */
export const NO_CO_MOMENTS: CoMoments = { x: NO_MOMENTS, y: NO_MOMENTS, products: 0 }

/** The moments of two parts together. Source: Pébay, Sandia report SAND2008-6212 (2008), equation 3.11. */
export function mergeCoMoments(a: CoMoments, b: CoMoments): CoMoments {
  if (a.x.n === 0) return b
  if (b.x.n === 0) return a
  const [x, y] = [mergeMoments(a.x, b.x), mergeMoments(a.y, b.y)]
  const apart = (meanOf(b.x) - meanOf(a.x)) * (meanOf(b.y) - meanOf(a.y)) * ((a.x.n * b.x.n) / x.n)
  return { x, y, products: x.squares === 0 || y.squares === 0 ? 0 : a.products + b.products + apart }
}

/** Pearson's correlation; undefined where one of the two does not vary. */
export function correlationOf({ x, y, products }: CoMoments): number | undefined {
  if (x.n < 2 || !(x.squares > 0) || !(y.squares > 0)) return undefined
  const found = products / (Math.sqrt(x.squares) * Math.sqrt(y.squares))
  return Number.isFinite(found) ? Math.min(1, Math.max(-1, found)) : undefined
}

/** Merges many as a balanced tree: rounding grows with the logarithm of their number. `none` where there are none. */
export function mergeAll<T>(parts: readonly T[], merge: (a: T, b: T) => T, none: T): T {
  const [first] = parts
  if (first === undefined) return none
  if (parts.length === 1) return first
  const middle = Math.ceil(parts.length / 2)
  return merge(mergeAll(parts.slice(0, middle), merge, none), mergeAll(parts.slice(middle), merge, none))
}
