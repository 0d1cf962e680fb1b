/** A closed interval; an end is ±Infinity where the data say nothing on that side. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** How an interval was made; the text stands in evidence. */
export type IntervalMethod =
  | 'wilson'
  | 'wilson-weighted'
  | 'clopper-pearson'
  | 't'
  | 'fisher-z'
  | 'order-statistics'
  | 'delong-logit'
  | 'delong-paired'
  | 'zero-failures'
  | 'folded-normal'
  | 'bca'
  | 'bootstrap-t'
  | 'jackknife'
  | 'bootstrap-band'
  | 'beta-sequence'
  | 'normal-sequence'

/** A number measured on a sample, with its two-sided interval at any level. */
export interface IntervalEstimate {
  readonly kind: 'estimate'
  /** The measured value (point estimate). */
  readonly value: number
  readonly method: IntervalMethod
  /** Two-sided interval at confidence `level` in (0, 1); intervals are nested in the level. */
  interval(level: number): Interval
  /** The smallest α whose interval at level 1 − α excludes `at`: in [0, 1], 1 when none does. */
  p(at: number): number
  /** The same number for rows that grow and are looked at as often as one likes, where theory has an exact form. */
  atAnyTime?(): IntervalEstimate
}

/** Why a number has no estimate. */
export type UndefinedReason =
  /** No rows. */
  | 'empty'
  /** A ranking metric on rows of one class. */
  | 'one-class'
  /** The definition divides by zero, or an argument is outside the metric's domain. */
  | 'undefined-metric'
  /** Fewer rows than the interval method needs. */
  | 'too-few-rows'
  /** The rows, or all resamples, give the same value: nothing is known of its sampling error. */
  | 'no-variation'
  /** The value does not exist on too many resamples. */
  | 'undefined-replicates'
  /** What the estimate rests on does not hold for these rows. */
  | 'assumption-failed'

/** A value without an estimate: the clause that asked is inconclusive. */
export interface UndefinedEstimate {
  readonly kind: 'undefined'
  readonly reason: UndefinedReason
  /** The measured value, where it exists although its interval does not. */
  readonly value?: number
}

/** What every estimator returns. */
export type Estimation = IntervalEstimate | UndefinedEstimate

/** An estimation that does not exist, with its reason and the measured value if there is one. */
export function undefinedEstimate(reason: UndefinedReason, value?: number): UndefinedEstimate {
  return value === undefined ? { kind: 'undefined', reason } : { kind: 'undefined', reason, value }
}

/**
 * The estimate of scale · X + offset, `scale` not 0: exact, since intervals of these methods move with the scale.
 * The margin of `x >= 0.7` is affine(x, 1, −0.7); that of `x < 0.1` is affine(x, −1, 0.1).
 */
export function affine(estimate: IntervalEstimate, scale: number, offset: number): IntervalEstimate {
  const { atAnyTime } = estimate
  return {
    ...(atAnyTime === undefined ? {} : { atAnyTime: () => affine(atAnyTime(), scale, offset) }),
    kind: 'estimate',
    value: scale * estimate.value + offset,
    method: estimate.method,
    interval(level) {
      const { low, high } = estimate.interval(level)
      const ends = { low: scale * low + offset, high: scale * high + offset }
      return scale > 0 ? ends : { low: ends.high, high: ends.low }
    },
    p: (at) => estimate.p((at - offset) / scale),
  }
}

/**
 * An estimate from its intervals alone: `intervalAt(α)` must be nested (wider for smaller α); p-values are found by
 * bisection on ln α, to 1e-12 relative, down to 1e-300.
 */
export function estimateByInversion(
  value: number,
  method: IntervalMethod,
  intervalAt: (alpha: number) => Interval,
): IntervalEstimate {
  const excludes = (at: number, alpha: number): boolean => {
    const { low, high } = intervalAt(alpha)
    return at < low || at > high
  }
  return {
    kind: 'estimate',
    value,
    method,
    interval: (level) => intervalAt(1 - level),
    p(at) {
      let included = Math.log(1e-300)
      let excluded = 0
      if (excludes(at, Math.exp(included))) return 0
      if (!excludes(at, 1 - 1e-15)) return 1
      while (excluded - included > 1e-12) {
        const middle = (included + excluded) / 2
        if (excludes(at, Math.exp(middle))) excluded = middle
        else included = middle
      }
      return Math.exp(excluded)
    },
  }
}
