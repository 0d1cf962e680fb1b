import { chiSquareUpperTail } from '../special/chi-square.ts'
import { kolmogorovUpperTail } from '../special/kolmogorov.ts'
import { quadraticFormUpperTail } from '../special/quadratic-form.ts'
import type { TestResult } from './contingency.ts'
import type { TwoSamples } from './two-samples.ts'

/** Up to so many pairs of rows the exact distribution is counted. */
const EXACT_PAIRS = 1_000_000

/**
 * Kolmogorov-Smirnov test of two samples: exact for small ones (without ties; with them it errs on the safe side), else Kolmogorov's
 * limit. Source of the recursion: J. L. Hodges, Arkiv för Matematik 3 (1958).
 */
export function kolmogorovSmirnovTest({ left, right, m, n }: TwoSamples): TestResult {
  let a = 0
  let b = 0
  // In whole numbers: m·n times the difference of the shares.
  let greatest = 0
  left.forEach((count, i) => {
    a += count
    b += right[i] as number
    greatest = Math.max(greatest, Math.abs(a * n - b * m))
  })
  return kolmogorovSmirnovTestOf(greatest, m, n)
}

/** The Kolmogorov-Smirnov test of m and n rows from m·n times the greatest difference of their shares. */
export function kolmogorovSmirnovTestOf(greatest: number, m: number, n: number): TestResult {
  const statistic = greatest / (m * n)
  if (greatest === 0) return { statistic, p: 1 }
  if (m * n > EXACT_PAIRS) return { statistic, p: kolmogorovUpperTail(statistic * Math.sqrt((m * n) / (m + n))) }
  // The chance that a random path to (i, j) was somewhere as far off: only additions, so that small chances keep their digits.
  let last = new Float64Array(n + 1)
  for (let i = 0; i <= m; i++) {
    const now = new Float64Array(n + 1)
    for (let j = 0; j <= n; j++) {
      if (Math.abs(i * n - j * m) >= greatest) now[j] = 1
      else if (i + j > 0)
        now[j] = ((i > 0 ? i * (last[j] as number) : 0) + (j > 0 ? j * (now[j - 1] as number) : 0)) / (i + j)
    }
    last = now
  }
  return { statistic, p: last[n] as number }
}

/** D(u) of the limit of Cramér and von Mises: λ_j = 1 / (jπ)². */
const sine = (u: number): number => Math.sin(Math.sqrt(u)) / Math.sqrt(u)

/** P(ω² > x) of the limit of Cramér and von Mises. Below 0.02 it is 1 to within 1e-5. */
export function cramerVonMisesUpperTail(x: number): number {
  return x < 0.02 ? 1 : quadraticFormUpperTail(x, (j) => (j * Math.PI) ** 2, sine)
}

/**
 * Cramér-von Mises test of two samples, midranks for ties, p from the limit with the exact mean and variance (as SciPy's method
 * 'asymptotic'). `undefined` for one row on either side, whose statistic does not vary. Source: T. W. Anderson, Annals of Mathematical Statistics 33 (1962).
 */
export function cramerVonMisesTest({ left, right, m, n }: TwoSamples): TestResult | undefined {
  let [a, b] = [0, 0]
  let [u, v] = [0, 0]
  /** Σ (rank − i)² over `count` rows of a side that follow `before` of it. */
  const squares = (rank: number, before: number, count: number): number => {
    const apart = rank - before - (count + 1) / 2
    return count * apart ** 2 + (count * (count ** 2 - 1)) / 12
  }
  left.forEach((count, i) => {
    const other = right[i] as number
    const rank = a + b + (count + other + 1) / 2
    u += squares(rank, a, count)
    v += squares(rank, b, other)
    a += count
    b += other
  })
  return cramerVonMisesTestOf(u, v, m, n)
}

/** The Cramér-von Mises test of m and n rows from the sums of (rank in both − rank on its side)² over the rows of either side. */
export function cramerVonMisesTestOf(u: number, v: number, m: number, n: number): TestResult | undefined {
  const total = m + n
  const k = m * n
  const statistic = (m * u + n * v) / (k * total) - (4 * k - 1) / (6 * total)
  const mean = (1 + 1 / total) / 6
  const variance = ((total + 1) * (4 * k * total - 3 * (m ** 2 + n ** 2) - 2 * k)) / (45 * total ** 2 * 4 * k)
  if (!(variance > 0)) return undefined
  return { statistic, p: cramerVonMisesUpperTail(1 / 6 + (statistic - mean) / Math.sqrt(45 * variance)) }
}

/** D(u) of the limit of Anderson and Darling: λ_j = 1 / (j(j + 1)). */
const cosine = (u: number): number => -Math.cos((Math.PI / 2) * Math.sqrt(1 + 4 * u)) / (Math.PI * u)

/** P(A² > x) of the limit of Anderson and Darling. Below 0.15 it is 1 to within 1e-3. */
export function andersonDarlingUpperTail(x: number): number {
  return x < 0.15 ? 1 : quadraticFormUpperTail(x, (j) => j * (j + 1), cosine)
}

/** Standard deviation of the limit of Anderson and Darling: √(2(π² − 9)/3). */
const LIMIT_DEVIATION = Math.sqrt((2 * (Math.PI ** 2 - 9)) / 3)

/**
 * Anderson-Darling test of two samples with midranks. The statistic is the standardised one (as SciPy's anderson_ksamp); its p is that of
 * the limit at the same number of standard deviations, not interpolated between table entries. `undefined` for fewer than
 * four rows or where all values are equal. Source: F. W. Scholz, M. A. Stephens, JASA 82 (1987).
 */
export function andersonDarlingTest({ left, right, m, n }: TwoSamples): TestResult | undefined {
  const total = m + n
  if (total < 4 || left.length < 2) return undefined
  let sum = 0
  for (const [counts, rows] of [
    [left, m],
    [right, n],
  ] as const) {
    let [own, all, inner] = [0, 0, 0]
    counts.forEach((count, i) => {
      const tied = (left[i] as number) + (right[i] as number)
      const below = all + tied / 2
      const here = own + count / 2
      inner += ((tied / total) * (total * here - below * rows) ** 2) / (below * (total - below) - (total * tied) / 4)
      own += count
      all += tied
    })
    sum += inner / rows
  }
  return andersonDarlingTestOf(sum, m, n)
}

/** The Anderson-Darling test of m and n rows from its sum over values and sides, each side's divided by its rows. */
export function andersonDarlingTestOf(sum: number, m: number, n: number): TestResult {
  const total = m + n
  const squared = (sum * (total - 1)) / total
  const statistic = (squared - 1) / Math.sqrt(andersonDarlingVariance(m, n))
  return { statistic, p: andersonDarlingUpperTail(1 + LIMIT_DEVIATION * statistic) }
}

function andersonDarlingVariance(m: number, n: number): number {
  const total = m + n
  const [k, sizes] = [2, 1 / m + 1 / n]
  let [h, g] = [0, 0]
  // h = Σ 1/i; g = Σ_{i<j} 1/((N − i) j), from the end, so that one pass does.
  for (let i = total - 1; i >= 2; i--) {
    h += 1 / i
    g += h / (total - i + 1)
  }
  h += 1
  const a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * sizes
  const b = (2 * g - 4) * k ** 2 + 8 * h * k + (2 * g - 14 * h - 4) * sizes - 8 * h + 4 * g - 6
  const c = (6 * h + 2 * g - 2) * k ** 2 + (4 * h - 4 * g + 6) * k + (2 * h - 6) * sizes + 4 * h
  const d = (2 * h + 6) * k ** 2 - 4 * h * k
  return (a * total ** 3 + b * total ** 2 + c * total + d) / ((total - 1) * (total - 2) * (total - 3))
}

/** Where the empirical characteristic functions are compared, in half interquartile ranges. */
const POINTS = [0.4, 0.8]

/**
 * Epps-Singleton test: χ² with four degrees on the empirical characteristic functions at two points, with the small-sample correction
 * (as SciPy). It also sees differences of discrete values. `undefined` with fewer than five rows on a side or where
 * half of the values are equal. Source: T. W. Epps, K. J. Singleton, J. Statistical Computation and Simulation 26 (1986).
 */
export function eppsSingletonTest(samples: TwoSamples): TestResult | undefined {
  const { values, left, right, m, n } = samples
  if (m < EPPS_SINGLETON_ROWS || n < EPPS_SINGLETON_ROWS) return undefined
  const features = eppsSingletonPoints(halfRange(samples))
  if (features === undefined) return undefined
  const parts = [
    ...features.map((t) => values.map((x) => Math.cos(t * x))),
    ...features.map((t) => values.map((x) => Math.sin(t * x))),
  ]
  const side = (counts: Float64Array, rows: number): CharacteristicMoments => {
    const means = parts.map((part) => part.reduce((sum, value, i) => sum + (value * (counts[i] as number)) / rows, 0))
    const covariance = means.map((own, i) =>
      means.map((other, j) => {
        let sum = 0
        for (let at = 0; at < values.length; at++)
          sum += (counts[at] as number) * ((parts[i]?.[at] as number) - own) * ((parts[j]?.[at] as number) - other)
        return sum / rows
      }),
    )
    return { rows, means, covariance }
  }
  return eppsSingletonTestOf(side(left, m), side(right, n))
}

/** The least rows of a side for the Epps-Singleton test. */
export const EPPS_SINGLETON_ROWS = 5

/** Where the characteristic functions are compared, for half the interquartile range of both sides together; `undefined` where that is none. */
export function eppsSingletonPoints(half: number): readonly number[] | undefined {
  return half > 0 ? POINTS.map((point) => point / half) : undefined
}

/** Means and covariances (divisor n) of cos(t·x) at the points, then of sin(t·x), over the rows of a side. */
export interface CharacteristicMoments {
  readonly rows: number
  readonly means: readonly number[]
  readonly covariance: readonly (readonly number[])[]
}

/** The Epps-Singleton test of two samples of which only the empirical characteristic functions are known. */
export function eppsSingletonTestOf(
  reference: CharacteristicMoments,
  window: CharacteristicMoments,
): TestResult | undefined {
  const [m, n] = [reference.rows, window.rows]
  const total = m + n
  const difference = Float64Array.from(reference.means, (mean, i) => mean - (window.means[i] as number))
  const covariance = reference.covariance.map((row, i) =>
    Float64Array.from(row, (own, j) => (total / m) * own + (total / n) * (window.covariance[i]?.[j] as number)),
  )
  const solved = solve(covariance, difference)
  if (solved === undefined) return undefined
  const raw = total * solved.reduce((sum, value, i) => sum + value * (difference[i] as number), 0)
  const corrected = Math.max(m, n) < 25 ? raw / (1 + total ** -0.45 + 10.1 * (m ** -1.7 + n ** -1.7)) : raw
  return { statistic: corrected, p: chiSquareUpperTail(corrected, 4) }
}

/** The interquartile range of both samples together (type 7), halved. */
function halfRange({ values, left, right, m, n }: TwoSamples): number {
  const at = (rank: number): number => {
    let seen = 0
    for (let i = 0; i < values.length; i++) {
      seen += (left[i] as number) + (right[i] as number)
      if (seen > rank) return values[i] as number
    }
    return Number.NaN
  }
  return halfRangeOf(m + n, at)
}

/** The ranks, from 0, that half an interquartile range of so many values is made of. */
export function halfRangeRanks(total: number): readonly number[] {
  const ranks = [0.25, 0.75].flatMap((q) => [Math.floor((total - 1) * q), Math.floor((total - 1) * q) + 1])
  return [...new Set(ranks.filter((rank) => rank < total))]
}

/** Half the interquartile range (type 7) of so many values by their rank. */
export function halfRangeOf(total: number, at: (rank: number) => number): number {
  const quantile = (q: number): number => {
    const position = (total - 1) * q
    const low = Math.floor(position)
    const below = at(low)
    return position === low ? below : below + (at(low + 1) - below) * (position - low)
  }
  return (quantile(0.75) - quantile(0.25)) / 2
}

/** Gaussian elimination with pivots; `undefined` where the matrix is singular to rounding. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array | undefined {
  const rows = matrix.map((row, i) => [...row, right[i] as number])
  const size = rows.length
  const scale = Math.max(...matrix.flatMap((row) => [...row].map(Math.abs)))
  for (let pivot = 0; pivot < size; pivot++) {
    let best = pivot
    for (let i = pivot + 1; i < size; i++)
      if (Math.abs(rows[i]?.[pivot] as number) > Math.abs(rows[best]?.[pivot] as number)) best = i
    ;[rows[pivot], rows[best]] = [rows[best] as number[], rows[pivot] as number[]]
    const own = rows[pivot] as number[]
    if (!(Math.abs(own[pivot] as number) > 1e-12 * scale)) return undefined
    for (let i = 0; i < size; i++) {
      if (i === pivot) continue
      const row = rows[i] as number[]
      const factor = (row[pivot] as number) / (own[pivot] as number)
      for (let j = pivot; j <= size; j++) row[j] = (row[j] as number) - factor * (own[j] as number)
    }
  }
  return Float64Array.from(rows, (row, i) => (row[size] as number) / (row[i] as number))
}
