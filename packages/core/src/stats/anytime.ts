import { estimateByInversion, type IntervalEstimate } from './estimate.ts'
import { logGamma } from './special/gamma.ts'
import { normalCdf, normalQuantile } from './special/normal.ts'

/** The level at which the interval of an estimate is read for its standard error. */
const READ_AT = 0.95
/**
 * ρ² of the normal mixture, fixed beforehand: intervals are narrowest around 1 000 rows at 95 % (equation 10 of the source of
 * {@link anytimeEstimate}: (−2 ln α + ln(1 − 2 ln α)) / n).
 */
const RHO_SQUARED = 0.008

/**
 * A proportion k of n by the mixture of Bernoulli likelihoods over Beta(1, 1): at all n together the interval misses the truth with
 * a probability of at most α, exactly. 1 ≤ n, 0 ≤ k ≤ n. Sources: H. Robbins, Annals of Mathematical Statistics 41 (1970); I.
 * Waudby-Smith, A. Ramdas, NeurIPS 2020 (the ratio of prior and posterior).
 */
export function betaSequence(k: number, n: number): IntervalEstimate {
  const scale = logGamma(n + 2) - logGamma(k + 1) - logGamma(n - k + 1)
  /** Log of the ratio of posterior and prior density at p; 0 · log 0 = 0. */
  const logRatio = (p: number): number =>
    scale + (k === 0 ? 0 : k * Math.log(p)) + (k === n ? 0 : (n - k) * Math.log1p(-p))
  const value = k / n
  /** Where the ratio falls to α between the value and an end. */
  const cross = (end: 0 | 1, alpha: number): number => {
    if (logRatio(end) > Math.log(alpha)) return end
    let [inside, outside] = [value, end as number]
    for (let step = 0; step < 200 && Math.abs(inside - outside) > 1e-15; step++) {
      const middle = (inside + outside) / 2
      if (logRatio(middle) > Math.log(alpha)) inside = middle
      else outside = middle
    }
    return outside
  }
  return {
    kind: 'estimate',
    value,
    method: 'beta-sequence',
    interval: (level) => ({ low: cross(0, 1 - level), high: cross(1, 1 - level) }),
    p: (at) => (at < 0 || at > 1 ? 0 : Math.min(1, Math.exp(logRatio(at)))),
  }
}

/**
 * An estimate on n rows that grow and may be looked at as often as one likes: a proportion by {@link betaSequence}; anything else by
 * the asymptotic confidence sequence of the normal mixture, √(2 (nρ² + 1) / (nρ²) · ln(√(nρ² + 1) / α)) standard errors, which are
 * those of the estimate's own interval, each side for itself. It takes a stable standard error for granted, so from some hundred
 * rows on. Source: I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, Annals of Statistics 52 (2024), theorem 2.2.
 */
export function anytimeEstimate(estimate: IntervalEstimate, n: number): IntervalEstimate {
  const own = estimate.atAnyTime?.()
  if (own !== undefined) return own
  const { value } = estimate
  const time = n * RHO_SQUARED
  const errorsAt = (alpha: number): number =>
    Math.sqrt(((2 * (time + 1)) / time) * Math.log(Math.sqrt(time + 1) / alpha))
  // A calibration error is found above the true one: it is not the middle of its interval, and has no errors on each side.
  if (estimate.method === 'folded-normal')
    return estimateByInversion(value, 'normal-sequence', (alpha) =>
      estimate.interval(1 - 2 * normalCdf(-errorsAt(alpha))),
    )
  const { low, high } = estimate.interval(READ_AT)
  const z = -normalQuantile((1 - READ_AT) / 2)
  const [below, above] = [(value - low) / z, (high - value) / z]
  return estimateByInversion(value, 'normal-sequence', (alpha) => {
    const errors = errorsAt(alpha)
    return { low: value - errors * below, high: value + errors * above }
  })
}
