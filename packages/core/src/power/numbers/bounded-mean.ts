import { DEFAULT_REPLICATES, FEWEST_ROWS } from '../../stats/bootstrap.ts'
import type { Interval } from '../../stats/estimate.ts'
import { binomialCdf } from '../../stats/special/binomial.ts'
import { normalCdf, normalQuantile } from '../../stats/special/normal.ts'
import { leastRows } from './least-rows.ts'
import { POWER } from './proportion.ts'

/** What the mean of so many numbers between two ends can show. */
export interface BoundedMeanDecidability {
  readonly canHold: boolean
  readonly canFail: boolean
  readonly rowsToHold?: number
  /** The mean nearest to the bound that is shown to hold four times in five, at most, however the numbers lie. */
  readonly detectable?: number
  /** Where none is: how many numbers do, at most, for the mean halfway between the bound and the best. */
  readonly enough?: { readonly rows: number; readonly value: number }
}

/** How the numbers of a mean may lie. */
export interface Bounded {
  /** Numbers that are drawn alike: rows, queries, clusters. */
  readonly units: number
  readonly range: Interval
  /** Whether each is one end or the other, so that the best outcome but one is known. */
  readonly isShare?: boolean
}

const MOST_ROWS = 1_000_000
const STEPS = 400
const HALVINGS = 40
/** By how many of its errors the place of the end among the resamples is taken to lie off: so that nothing is said to be shown, or not to be, by their chance. */
const [STRICT, LENIENT] = [-2, 3]

/**
 * Decidability of `mean >= bound` (or `<=`) of numbers between two ends, by the BCa interval that decides it. Of all numbers between 0 and 1
 * with a mean μ those at the ends vary most, by μ (1 − μ) (R. Bhatia, C. Davis, American Mathematical Monthly 107 (2000)), so `detectable` is what is shown of
 * them, exactly by the binomial: of any other numbers it is shown as often or more. Equal numbers alone have no interval at all.
 */
export function boundedMeanBeyond(
  { units, range, isShare = false }: Bounded,
  bound: number,
  atLeast: boolean,
  level: number,
): BoundedMeanDecidability {
  const width = range.high - range.low
  const [own, back] = atLeast
    ? [(bound - range.low) / width, (value: number): number => range.low + width * value]
    : [(range.high - bound) / width, (value: number): number => range.high - width * value]
  const shown = (n: number): boolean =>
    n >= FEWEST_ROWS && (isShare ? lowEnd(n - 1, n, level, LENIENT) >= own : own < 1)
  if (!shown(units)) {
    const rowsToHold = own < 1 ? leastRows(shown, MOST_ROWS) : undefined
    return {
      canHold: false,
      canFail: units >= FEWEST_ROWS && own > 0,
      ...(rowsToHold === undefined ? {} : { rowsToHold }),
    }
  }
  const detectable = detectableMean(units, own, level)
  const base = { canHold: true, canFail: own > 0 }
  if (detectable !== undefined) return { ...base, detectable: back(detectable) }
  const halfway = (Math.max(0, own) + 1) / 2
  const rows = leastRows((n) => (detectableMean(n, own, level) ?? 2) <= halfway, MOST_ROWS, units)
  return { ...base, ...(rows === undefined ? {} : { enough: { rows, value: back(halfway) } }) }
}

/** The least mean of numbers at the ends that is shown with the power asked for. */
function detectableMean(n: number, bound: number, level: number): number | undefined {
  if (bound < 0) return 0
  let [few, enough] = [0, n]
  while (few + 1 < enough) {
    const middle = Math.floor((few + enough) / 2)
    if (lowEnd(middle, n, level, STRICT) >= bound) enough = middle
    else few = middle
  }
  if (enough >= n) return undefined
  // All at the better end do not vary, and show nothing.
  const isShown = (mean: number): boolean => 1 - binomialCdf(enough - 1, n, mean) - mean ** n >= POWER
  for (let step = 1; step < STEPS; step++) {
    const at = (of: number): number => bound + ((1 - bound) * of) / STEPS
    if (!isShown(at(step))) continue
    let [open, shown] = [at(step - 1), at(step)]
    for (let i = 0; i < HALVINGS; i++) {
      const middle = (open + shown) / 2
      if (isShown(middle)) shown = middle
      else open = middle
    }
    return shown
  }
  return undefined
}

/**
 * The lower end of the BCa interval of k ones of n, whose resamples are binomial. Source: B. Efron, JASA 82 (1987), with the
 * acceleration of a binomial, (1 − 2p) / (6 √(n p (1 − p))).
 */
function lowEnd(k: number, n: number, level: number, errors: number): number {
  if (k <= 0 || k >= n) return 0
  const p = k / n
  const rank = (binomialCdf(k - 1, n, p) + binomialCdf(k, n, p)) / 2
  const bias = normalQuantile(rank)
  // Of the jackknife: the skewness of the influence is that of the numbers.
  const acceleration = (1 - 2 * p) / (6 * Math.sqrt(n * p * (1 - p)))
  const shifted = bias + normalQuantile((1 - level) / 2)
  const scale = 1 - acceleration * shifted
  const place = scale <= 0 ? 0 : normalCdf(bias + shifted / scale)
  const quantile = place + errors * Math.sqrt((place * (1 - place)) / DEFAULT_REPLICATES)
  if (quantile <= 0) return 0
  let [below, least] = [-1, k]
  while (below + 1 < least) {
    const middle = Math.floor((below + least) / 2)
    if (binomialCdf(middle, n, p) >= quantile) least = middle
    else below = middle
  }
  return least / n
}
