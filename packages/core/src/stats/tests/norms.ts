import { bandEstimate, drawDistances } from '../band.ts'
import { type IntervalEstimate, type UndefinedEstimate, undefinedEstimate } from '../estimate.ts'
import type { Random } from '../prng.ts'
import { cellPopulation } from '../resample.ts'
import { momentsOf, type TwoSamples } from './two-samples.ts'

/** Shares by value: those of the right side minus those of the left. */
export type ShareDifference = Float64Array

/** A distance of two samples that is a norm of the difference of their shares by value. */
export interface NormDistance {
  norm(difference: ShareDifference): number
  readonly range: { readonly low: number; readonly high: number }
}

/** What a norm distance is made of: values with their counts on either side, coarser where there are very many, and the scale of both. */
export interface ScaledSamples extends TwoSamples {
  /** The standard deviation of the left side. */
  readonly scale: number
}

/** More distinct values than this are rounded to a grid of so many steps over their range, which moves a smooth kernel by some 1e-6. */
export const NORM_GRID = 4096

/** The step of the grid between the least and the greatest value. */
export const normGridStep = (low: number, high: number): number => (high - low) / (NORM_GRID - 1)

/** Counts of either side by place on the grid that begins at `low`. */
export function onNormGrid(low: number, step: number, left: Float64Array, right: Float64Array): TwoSamples {
  const sum = (of: Float64Array): number => of.reduce((total, each) => total + each, 0)
  return { values: Float64Array.from(left, (_, i) => low + i * step), left, right, m: sum(left), n: sum(right) }
}

function gridded(samples: TwoSamples): TwoSamples {
  const { values, left, right } = samples
  if (values.length <= NORM_GRID) return samples
  const low = values[0] as number
  const step = normGridStep(low, values[values.length - 1] as number)
  const [a, b] = [new Float64Array(NORM_GRID), new Float64Array(NORM_GRID)]
  values.forEach((value, i) => {
    const place = Math.round((value - low) / step)
    ;(a[place] as number) += left[i] as number
    ;(b[place] as number) += right[i] as number
  })
  return onNormGrid(low, step, a, b)
}

const difference = ({ left, right, m, n }: TwoSamples): ShareDifference =>
  left.map((count, i) => (right[i] as number) / n - count / m)

/** What a norm distance is made of; `undefined` where the left side has no spread or a value is infinite. */
export function scaledSamples(samples: TwoSamples): ScaledSamples | undefined {
  const { values, left, m } = samples
  const scale = Math.sqrt(momentsOf(values, left, m).variance)
  const isScale = scale > 0 && Number.isFinite(scale) && values.every(Number.isFinite)
  return isScale ? { ...gridded(samples), scale } : undefined
}

/**
 * Energy distance √(2 ∫ (F − G)² dx) (as SciPy's energy_distance), of values in standard deviations of the left side. Source: G. J.
 * Székely, M. L. Rizzo, J. Statistical Planning and Inference 143 (2013).
 */
export function energyNorm(values: Float64Array, scale: number): NormDistance {
  return {
    range: { low: 0, high: Infinity },
    norm(shares) {
      let [apart, sum] = [0, 0]
      for (let i = 0; i + 1 < values.length; i++) {
        apart += shares[i] as number
        sum += apart * apart * (((values[i + 1] as number) - (values[i] as number)) / scale)
      }
      return Math.sqrt(2 * sum)
    },
  }
}

/** How far from its centre a Gaussian is taken to reach. */
const REACH = 9

/**
 * Maximum mean discrepancy with the Gaussian (RBF) kernel exp(−(x − y)² / (2 σ²)), σ = the standard deviation of the left side, biased
 * (V-statistic), in [0, √2]. It is the root of ∫ |φ − ψ|² over a Gaussian, φ and ψ the characteristic functions (Bochner); the
 * trapezoidal rule is exact there to rounding once its period exceeds the range. Source: A. Gretton et al., JMLR 13 (2012).
 */
export function mmdNorm(values: Float64Array, scale: number): NormDistance {
  const low = values[0] as number
  const range = ((values[values.length - 1] as number) - low) / scale
  const step = (2 * Math.PI) / (range + REACH)
  const nodes = Math.ceil(REACH / step)
  const parts = Array.from({ length: nodes + 1 }, (_, k) => ({
    weight: (k === 0 ? 1 : 2) * (step / Math.sqrt(2 * Math.PI)) * Math.exp(-((k * step) ** 2) / 2),
    cos: values.map((x) => Math.cos((k * step * (x - low)) / scale)),
    sin: values.map((x) => Math.sin((k * step * (x - low)) / scale)),
  }))
  return {
    range: { low: 0, high: Math.SQRT2 },
    norm: (shares) =>
      Math.sqrt(
        parts.reduce((sum, { weight, cos, sin }) => {
          let [re, im] = [0, 0]
          for (let i = 0; i < shares.length; i++) {
            re += (shares[i] as number) * (cos[i] as number)
            im += (shares[i] as number) * (sin[i] as number)
          }
          return sum + weight * (re * re + im * im)
        }, 0),
      ),
  }
}

/** The distances that are norms, by name. */
export const NORMS = { energy: energyNorm, mmd: mmdNorm } as const

/** Their names. */
export type NormName = keyof typeof NORMS

/** A norm distance of two samples; `undefined` without {@link scaledSamples}. */
export function normDistance(name: NormName, samples: TwoSamples): number | undefined {
  const scaled = scaledSamples(samples)
  return scaled === undefined ? undefined : normDistanceOf(name, scaled)
}

/** A norm distance. */
export function normDistanceOf(name: NormName, samples: ScaledSamples): number {
  return NORMS[name](samples.values, samples.scale).norm(difference(samples))
}

/** How randomness is drawn. */
export interface NormOptions {
  readonly random: Random
  readonly replicates?: number
}

/**
 * A norm distance with a bootstrap band, both sides resampled, the scale taken as given: no such distance is off by more than the norm
 * of how far the resampled shares are off.
 */
export function normEstimate(
  name: NormName,
  samples: TwoSamples,
  options: NormOptions,
): IntervalEstimate | UndefinedEstimate {
  const scaled = scaledSamples(samples)
  return scaled === undefined ? undefinedEstimate('undefined-metric') : normEstimateOf(name, scaled, options)
}

/** {@link normEstimate} of samples whose scale is known. */
export function normEstimateOf(name: NormName, samples: ScaledSamples, options: NormOptions): IntervalEstimate {
  const { values, scale, left, right, m, n } = samples
  const { norm, range } = NORMS[name](values, scale)
  const value = norm(difference(samples))
  const populations = [cellPopulation(left), cellPopulation(right)]
  const errors = drawDistances({ ...options, populations }, (a, b) =>
    a === undefined || b === undefined
      ? undefined
      : norm(left.map((count, i) => ((b[i] as number) - (right[i] as number)) / n - ((a[i] as number) - count) / m)),
  )
  return bandEstimate(value, errors, (error) => ({ low: value - error, high: value + error }), range)
}

/** Rows up to which a permutation test draws 999 permutations; above, 199, whose least p is 0.005. */
const MANY_ROWS = 100_000

/**
 * Permutation test of a norm distance: the share of random divisions of all rows into sides of the same sizes that are at least as far
 * apart, the one at hand counted (B. Phipson, G. K. Smyth, 2010). Exact for any sample size. `undefined` as for {@link normDistance}.
 */
export function permutationTest(
  name: NormName,
  samples: TwoSamples,
  random: Random,
): { readonly statistic: number; readonly p: number } | undefined {
  const scaled = scaledSamples(samples)
  return scaled === undefined ? undefined : permutationTestOf(name, scaled, random)
}

/** {@link permutationTest} of samples whose scale is known. */
export function permutationTestOf(
  name: NormName,
  samples: ScaledSamples,
  random: Random,
): { readonly statistic: number; readonly p: number } {
  const { values, scale, left, right, m, n } = samples
  const { norm } = NORMS[name](values, scale)
  const statistic = norm(difference(samples))
  const rows = new Uint32Array(m + n)
  let row = 0
  left.forEach((count, i) => {
    const end = row + count + (right[i] as number)
    rows.fill(i, row, end)
    row = end
  })
  const permutations = m + n <= MANY_ROWS ? 999 : 199
  const drawn = new Float64Array(values.length)
  // The smaller side is drawn; the other is what is left.
  const [few, other] = m <= n ? [m, n] : [n, m]
  const shares = new Float64Array(values.length)
  let farther = 0
  for (let permutation = 0; permutation < permutations; permutation++) {
    drawn.fill(0)
    for (let i = 0; i < few; i++) {
      const j = i + random.int(rows.length - i)
      const picked = rows[j] as number
      rows[j] = rows[i] as number
      rows[i] = picked
      ;(drawn[picked] as number)++
    }
    for (let i = 0; i < shares.length; i++) {
      const own = drawn[i] as number
      shares[i] = own / few - ((left[i] as number) + (right[i] as number) - own) / other
    }
    if (norm(shares) >= statistic * (1 - 1e-12)) farther++
  }
  return { statistic, p: (farther + 1) / (permutations + 1) }
}
