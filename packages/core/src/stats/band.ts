import { type BootstrapRequest, DEFAULT_REPLICATES } from './bootstrap.ts'
import { estimateByInversion, type Interval, type IntervalEstimate } from './estimate.ts'
import { createResampler } from './resample.ts'

/**
 * Distances between what resamples show and what was measured, ascending. `distance` gives how far a resample lies
 * off: 0 or more, Infinity where it has no end, `undefined` where it does not exist, which counts as Infinity.
 */
export function drawDistances(
  request: BootstrapRequest,
  distance: (...counts: Uint32Array[]) => number | undefined,
): Float64Array {
  const { populations, random } = request
  const resamplers = populations.map(createResampler)
  const counts = populations.map((population) => new Uint32Array(population.sizes.length))
  const drawn = new Float64Array(request.replicates ?? DEFAULT_REPLICATES)
  for (let replicate = 0; replicate < drawn.length; replicate++) {
    resamplers.forEach((resample, i) => resample(random, counts[i] as Uint32Array))
    const value = distance(...counts)
    drawn[replicate] = value === undefined || Number.isNaN(value) ? Infinity : value
  }
  return drawn.sort()
}

/**
 * The interval of a number that lies within `around(d)` whenever no part of the sample is off by more than d: the
 * greatest or least of several estimates, their gap or ratio, the greatest distance of two distribution functions.
 * d is the (1 − α) quantile of the resampled distances. Such numbers have a corner where the estimates meet, and there
 * the percentiles of the number itself (also bias-corrected) miss the truth far more often than they say.
 * Source: P. Hall, The Bootstrap and Edgeworth Expansion (1992), section 4.2 (simultaneous bands); J. Præstgaard,
 * "Permutation and Bootstrap Kolmogorov-Smirnov Tests", Scandinavian Journal of Statistics 22 (1995).
 */
export function bandEstimate(
  value: number,
  distances: Float64Array,
  around: (distance: number) => Interval,
  range: Interval,
): IntervalEstimate {
  const count = distances.length
  return estimateByInversion(value, 'bootstrap-band', (alpha) => {
    // 1e-9 keeps a whole number that rounding moved from being rounded outwards by one.
    const rank = Math.max(1, Math.ceil((count + 1) * (1 - alpha) - 1e-9))
    const distance = rank > count ? Infinity : (distances[rank - 1] as number)
    if (distance === Infinity) return range
    const { low, high } = around(distance)
    return { low: Math.max(range.low, low), high: Math.min(range.high, high) }
  })
}
