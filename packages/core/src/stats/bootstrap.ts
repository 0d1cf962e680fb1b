import { type BcaEstimate, bcaEstimate } from './bca.ts'
import { type Interval, type IntervalEstimate, type UndefinedEstimate, undefinedEstimate } from './estimate.ts'
import { acceleration } from './jackknife.ts'
import { groupJackknife } from './group-jackknife.ts'
import type { Random } from './prng.ts'
import { createResampler, type Population } from './resample.ts'
import { degreesOf, type Studentized, studentizedEstimate } from './studentized.ts'

/**
 * A number computed from how often each kind of row of each population occurs; `undefined` where it does not exist.
 * Two statistics of one relation (a margin left − right, a ratio over groups) are one function of the same counts, and
 * so are resampled jointly.
 */
export interface Statistic {
  evaluate(...counts: Uint32Array[]): number | undefined
  /** Values the statistic can take at all: the interval's ends where the resamples say nothing. Default: everything. */
  readonly range?: Interval
  /** Its standard error on each resample, where it has a formula: the bootstrap-t takes the place of BCa. */
  readonly studentized?: Studentized
}

/** What is resampled, how often, and with which numbers. */
export interface BootstrapRequest {
  /** Resampled independently of each other: one relation, its strata, or the two sides of a distance. */
  readonly populations: readonly Population[]
  readonly random: Random
  /** Default {@link DEFAULT_REPLICATES}. */
  readonly replicates?: number
  /** Largest share of resamples on which the statistic may be undefined; default 0.05. */
  readonly maxUndefinedShare?: number
  /** Above so many kinds of rows the delete-a-group jackknife takes the place of the bootstrap; default {@link MANY_KINDS}. */
  readonly manyKinds?: number
  /** Told what the first statistic is on one resample after the other; not where a jackknife takes their place. */
  readonly onResample?: (value: number | undefined) => void
}

/**
 * From here on resamples cost a slice more than all else and say what the normal limit says: the simulated coverage of the jackknife is
 * as good from a few thousand rows (`benchmarks/coverage`).
 */
export const MANY_KINDS = 10_000

/**
 * Of fewer rows a resample says too little of what else could have been drawn: the simulated coverage of a 95 % interval of a mean of
 * skewed rows is 46 % at 2 rows, 83 % at 10 and 91 % at 20.
 */
export const FEWEST_ROWS = 20

/** Share of resamples without a standard error (all that is left loses nothing) from which on they say too little: BCa needs none. */
const LOST_ERRORS = 0.005

/** What a bootstrap gives. */
export type BootstrapEstimation = BcaEstimate | IntervalEstimate | UndefinedEstimate

/**
 * 1999: (B + 1) α / 2 is then a whole number for the usual levels (A. Davison, D. Hinkley, Bootstrap Methods, 1997,
 * section 5.2.3), and the smallest α that can decide is 2 / (B + 1) = 0.001.
 */
export const DEFAULT_REPLICATES = 1999

/**
 * Replicates needed so that an interval at level 1 − α has about ten replicates in each tail; at least the default.
 * A Holm family of m slices at confidence 95 % asks for α = 0.05 / m.
 */
export function replicatesFor(alpha: number): number {
  return Math.max(DEFAULT_REPLICATES, Math.ceil(20 / alpha) - 1)
}

/**
 * BCa bootstrap of several statistics of the same populations, on the same resamples, in one pass; bootstrap-t of those that have a
 * standard error on each.
 * Source: B. Efron, "Better Bootstrap Confidence Intervals", JASA 82 (1987); several samples as in B. Efron,
 * R. Tibshirani, An Introduction to the Bootstrap (1993), chapters 8 and 14.
 */
export function bootstrapAll(request: BootstrapRequest, statistics: readonly Statistic[]): BootstrapEstimation[] {
  const { populations, random } = request
  const replicates = request.replicates ?? DEFAULT_REPLICATES
  if (populations.some((population) => population.total === 0)) return statistics.map(() => undefinedEstimate('empty'))
  const observed = statistics.map((statistic) =>
    evaluate(
      statistic,
      populations.map((population) => population.sizes),
    ),
  )
  const kinds = populations.reduce((sum, { sizes }) => sum + sizes.length, 0)
  if (kinds > (request.manyKinds ?? MANY_KINDS))
    return statistics.map((statistic, i) => {
      const value = observed[i]
      if (value === undefined) return undefinedEstimate('undefined-metric')
      return groupJackknife(value, populations, (changed) => evaluate(statistic, changed), random, statistic.range)
    })
  const samples = statistics.map(() => new Float64Array(replicates))
  const defined = statistics.map(() => 0)
  const deviations = statistics.map(({ studentized }) => deviatesOf(studentized, populations, replicates))
  const resamplers = populations.map(createResampler)
  const counts = populations.map((population) => new Uint32Array(population.sizes.length))
  for (let replicate = 0; replicate < replicates; replicate++) {
    resamplers.forEach((resample, i) => resample(random, counts[i] as Uint32Array))
    statistics.forEach((statistic, i) => {
      if (observed[i] === undefined) return
      const value = deviations[i] === undefined ? evaluate(statistic, counts) : deviations[i].draw(counts)
      if (i === 0) request.onResample?.(value)
      if (value !== undefined) (samples[i] as Float64Array)[(defined[i] as number)++] = value
    })
  }
  const tooFew = populations.some(({ total }) => total < FEWEST_ROWS)
  return statistics.map((statistic, i) => {
    const value = observed[i]
    if (value === undefined) return undefinedEstimate('undefined-metric')
    const kept = (samples[i] as Float64Array).subarray(0, defined[i]).sort()
    const lost = replicates - kept.length
    if (lost > (request.maxUndefinedShare ?? 0.05) * replicates) return undefinedEstimate('undefined-replicates', value)
    if (!varies(kept)) return undefinedEstimate('no-variation', value)
    if (tooFew) return undefinedEstimate('too-few-rows', value)
    const range = statistic.range ?? { low: -Infinity, high: Infinity }
    return (
      deviations[i]?.estimate(range) ??
      bcaEstimate({
        value,
        replicates: kept,
        undefinedReplicates: lost,
        acceleration: acceleration(populations, (changed) => evaluate(statistic, changed), random),
        range,
      })
    )
  })
}

/** How far resamples are off in their own standard errors; their numbers on the way. */
interface Deviations {
  readonly draw: (counts: readonly Uint32Array[]) => number | undefined
  /** Undefined where too many resamples have no standard error. */
  readonly estimate: (range: Interval) => IntervalEstimate | undefined
}

function deviatesOf(
  studentized: Studentized | undefined,
  populations: readonly Population[],
  replicates: number,
): Deviations | undefined {
  const sizes = populations.map((population) => population.sizes)
  const located = studentized?.locate(...sizes)
  if (studentized === undefined || located === undefined || !(located.error > 0)) return undefined
  const deviates = new Float64Array(replicates)
  let defined = 0
  return {
    draw(counts) {
      const found = studentized.locate(...counts)
      if (found === undefined) return undefined
      const deviate = (found.at - located.at) / found.error
      if (Number.isFinite(deviate)) deviates[defined++] = deviate
      return found.value
    },
    estimate(range) {
      if (defined < (1 - LOST_ERRORS) * replicates) return undefined
      const rows = populations.reduce((sum, { total }) => sum + total, 0)
      return studentizedEstimate({
        located,
        valueAt: (at) => studentized.valueAt(at),
        deviates: deviates.subarray(0, defined).sort(),
        degrees: degreesOf(rows, studentized.kurtosis(...sizes)),
        range,
      })
    },
  }
}

/** BCa bootstrap of one statistic; see {@link bootstrapAll}. */
export function bootstrap(request: BootstrapRequest, statistic: Statistic): BootstrapEstimation {
  return bootstrapAll(request, [statistic])[0] ?? undefinedEstimate('empty')
}

function evaluate(statistic: Statistic, counts: readonly Uint32Array[]): number | undefined {
  const value = statistic.evaluate(...counts)
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

/** False when all replicates are equal up to the rounding of their sums. */
function varies(sorted: Float64Array): boolean {
  const low = sorted[0] ?? 0
  const high = sorted[sorted.length - 1] ?? 0
  return high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high))
}
