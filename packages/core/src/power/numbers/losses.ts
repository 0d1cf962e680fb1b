import type { Term } from '../../expr/must.ts'
import { FEWEST_ROWS } from '../../stats/bootstrap.ts'
import { orderStatisticInterval } from '../../stats/quantile.ts'
import { binomialUpperTail } from '../../stats/special/binomial.ts'
import { normalCdf, normalDensity, normalQuantile } from '../../stats/special/normal.ts'
import { leastRows } from './least-rows.ts'
import type { Spread } from './mean.ts'
import type { KnownError } from './normal-effect.ts'
import { POWER } from './proportion.ts'

/** What so many rows can say of a metric of a regression. */
export interface LossDecidability {
  readonly canHold: boolean
  readonly canFail: boolean
  readonly rowsToHold?: number
  /** The value nearest to the bound that is shown to hold four times in five. */
  readonly detectable?: number
}

/** Metrics of a regression of which it is known how their intervals vary, with errors from a normal distribution. */
export type LossMetric = (typeof NAMES)[number]
const NAMES = [
  'mae',
  'mse',
  'rmse',
  'mape',
  'smape',
  'rmsle',
  'pinball',
  'median_absolute_error',
  'r2',
  'explained_variance',
] as const

/** Whether it is one of them. */
export const isLossMetric = (fn: string): fn is LossMetric => NAMES.some((name) => name === fn)

/** Metrics that are roots of a mean. */
const ROOTS: ReadonlySet<LossMetric> = new Set(['rmse', 'rmsle'])
/** Metrics that the labels' own spread is part of: higher is better. */
const EXPLAINED: ReadonlySet<LossMetric> = new Set(['r2', 'explained_variance'])
const MOST_ROWS = 1_000
/** By how much bootstrap-t intervals of losses as skewed as the pinball loss are wider than to the second order, in simulations of normal errors. */
const WIDER = 1.2
const HALVINGS = 60

/**
 * Decidability of a metric of a regression on so many rows: at most a bound, or of the shares of variance at least one. `losses`: how the
 * losses of the rows at hand (squares, for roots) spread; else the errors are taken to be normal, which fixes how their losses
 * vary beside their mean, so that only rows and bound matter. q: the quantile of `pinball`.
 *
 * A mean of losses is shown at b / (1 + c e), with c their deviation over their mean and e the standard errors that level and power ask for; a
 * median exactly, by the binomial (H. A. David, H. N. Nagaraja, Order Statistics (2003), 7.1); a share of variance v by the deviation 2 √v (1 − v) / √n (I. Olkin, J. D.
 * Finn, Psychological Bulletin 118 (1995), of normal labels and predictions).
 */
export function lossBeyond(
  metric: LossMetric,
  rows: number,
  bound: number,
  level: number,
  { losses, q }: { readonly losses?: Spread; readonly q?: number } = {},
): LossDecidability {
  const least = leastFor(metric, level)
  if (rows < least) return { canHold: false, canFail: false, rowsToHold: least }
  const detectable = detectableLoss(metric, rows, bound, level, losses, q)
  return { canHold: true, canFail: true, ...(detectable === undefined ? {} : { detectable }) }
}

/** Standard error of a share of variance (Olkin and Finn 1995). */
export const shareOfVariance = (rows: number): KnownError => ({
  error: (value) => (2 * Math.sqrt(Math.max(0, value)) * (1 - value)) / Math.sqrt(rows),
  range: { low: 0, high: 1 },
  usual: 0.5,
  given: 'of normal labels and predictions',
  atMost: false,
})

/** Standard error of a mean of losses, or of its root, as a share of itself; undefined for a median, which the density of the errors decides. */
export function relativeError({ fn, args }: Term, rows: number): number | undefined {
  const metric = fn === 'mase' ? 'mae' : fn
  const [q] = args.flatMap((arg) => (arg.kind === 'value' ? [arg.value] : []))
  if (!isLossMetric(metric) || EXPLAINED.has(metric) || metric === 'median_absolute_error') return undefined
  const shape = normalShape(metric, q)
  return shape && (shape.varies * (ROOTS.has(metric) ? 0.5 : 1)) / Math.sqrt(rows)
}

/** Fewest rows whose interval ends on both sides. */
function leastFor(metric: LossMetric, level: number): number {
  if (metric !== 'median_absolute_error') return FEWEST_ROWS
  const ends = (rows: number): boolean => {
    const { low, high } = orderStatisticInterval(
      Array.from({ length: rows }, (_, i) => i),
      0.5,
      level,
    )
    return Number.isFinite(low) && Number.isFinite(high)
  }
  return leastRows(ends, MOST_ROWS) ?? MOST_ROWS
}

function detectableLoss(
  metric: LossMetric,
  rows: number,
  bound: number,
  level: number,
  losses: Spread | undefined,
  q: number | undefined,
): number | undefined {
  if (EXPLAINED.has(metric)) return detectableVariance(rows, bound, level)
  if (bound <= 0) return undefined
  if (metric === 'median_absolute_error') return bound * detectableMedian(rows, level)
  const shape = measuredShape(losses) ?? normalShape(metric, q)
  if (shape === undefined) return undefined
  const wider = metric === 'pinball' ? WIDER : 1
  const shown = 1 / (1 + wider * shape.varies * standardErrors(rows, level, shape.skew))
  return bound * (ROOTS.has(metric) ? Math.sqrt(shown) : shown)
}

/**
 * How many standard deviations of one row a mean has to lie from its bound for the upper end of BCa to lie below it four times in five, to the second order: the end
 * is k = z + γ (2 z² + 1) / 6√n deviations away, whose estimate goes with the mean. Source: P. Hall, The Bootstrap and Edgeworth Expansion
 * (1992), 2.4 and 3.10.
 */
function standardErrors(rows: number, level: number, skew: number): number {
  const [z, power] = [normalQuantile((1 + level) / 2), normalQuantile(POWER)]
  const root = Math.sqrt(rows)
  const end = z + (skew * (2 * z * z + 1)) / (6 * root)
  const mean = power + (skew * (power * power - 1)) / (6 * root)
  return (end + mean * (1 + (skew * end) / (2 * root))) / root
}

/** Of losses of a row, all that matters: deviation over mean, and skewness. */
interface Shape {
  readonly varies: number
  readonly skew: number
}

/** Skewness is taken to be that of a gamma distribution, twice the variation. */
function measuredShape(losses: Spread | undefined): Shape | undefined {
  const { mean, deviation } = losses ?? {}
  if (mean === undefined || deviation === undefined || mean <= 0) return undefined
  return { varies: deviation / mean, skew: (2 * deviation) / mean }
}

/** Of normal errors around 0. */
function normalShape(metric: LossMetric, q = Number.NaN): Shape | undefined {
  if (metric === 'mse' || ROOTS.has(metric)) return { varies: Math.SQRT2, skew: Math.SQRT2 * 2 }
  if (metric === 'pinball') return q > 0 && q < 1 ? pinballShape(q) : undefined
  // E |e| = √(2 / π), E e² = 1, E |e|³ = 2 √(2 / π). Relative errors, too, where errors grow with the label.
  return shapeOfMoments(Math.sqrt(2 / Math.PI), 1, 2 * Math.sqrt(2 / Math.PI))
}

function shapeOfMoments(first: number, second: number, third: number): Shape {
  const variance = second - first * first
  return {
    varies: Math.sqrt(variance) / first,
    skew: (third - 3 * first * second + 2 * first ** 3) / variance ** 1.5,
  }
}

/** Of a normal label whose quantile q is predicted: q (e − k) above k and (1 − q) (k − e) below, by the moments of e − k on either side. */
function pinballShape(q: number): Shape {
  const k = normalQuantile(q)
  const density = normalDensity(k)
  const beyond = (of: number): readonly [number, number, number] => {
    const tail = 1 - normalCdf(of)
    return [
      density - of * tail,
      (1 + of * of) * tail - of * density,
      (2 + of * of) * density - (3 * of + of ** 3) * tail,
    ]
  }
  const [above, below] = [beyond(k), beyond(-k)]
  const moment = (i: 0 | 1 | 2): number => q ** (i + 1) * above[i] + (1 - q) ** (i + 1) * below[i]
  return shapeOfMoments(moment(0), moment(1), moment(2))
}

/** A median over its bound: the bound lies above the order statistic that ends the interval as often as the binomial says. */
function detectableMedian(rows: number, level: number): number {
  const ranks = Array.from({ length: rows }, (_, i) => i + 1)
  const { high } = orderStatisticInterval(ranks, 0.5, level)
  let [open, shown] = [0, 1]
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (open + shown) / 2
    if (binomialUpperTail(high, rows, middle) >= POWER) shown = middle
    else open = middle
  }
  return normalQuantile(0.75) / normalQuantile((1 + shown) / 2)
}

/** On the scale of ln(1 − v), whose deviation is 2 √(v / n). */
function detectableVariance(rows: number, bound: number, level: number): number | undefined {
  if (bound >= 1) return undefined
  const away = (2 * (normalQuantile((1 + level) / 2) + normalQuantile(POWER))) / Math.sqrt(rows)
  let [open, shown] = [Math.max(0, bound), 1]
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (open + shown) / 2
    if (Math.log1p(-middle) + away * Math.sqrt(middle) <= Math.log1p(-bound)) shown = middle
    else open = middle
  }
  return shown
}
