import type { Term } from '../expr/must.ts'
import { knownErrorOf } from './known-error-of.ts'
import { isLossMetric, shareOfVariance } from './numbers/losses.ts'
import { errorsAsked, type KnownError } from './numbers/normal-effect.ts'
import { rangeOfCost, rowsOfShare } from './of-term.ts'
import { joined, saidOfMean, saidOfUnknown, unknown } from './saying.ts'
import { pairedAreasAtLeast, USUAL_AREA, USUAL_CORRELATION } from './models/paired-areas.ts'
import { pairedMeans, pairedNumbers } from './models/paired-numbers.ts'
import { pairedSharesAtLeast, USUAL_DISAGREEMENT } from './models/paired-shares.ts'
import type { Levels, RowCount, RowsAtHand, Said } from './rows-at-hand.ts'
import { wayOf } from './ways.ts'

/** Metrics of a regression that are means over rows themselves, so that their difference is one. */
const MEANS: ReadonlySet<string> = new Set(['mae', 'mse', 'mape', 'smape', 'pinball', 'mase', 'wape'])
/** Roots of means, whose errors follow from their size. */
const ROOTS: ReadonlySet<string> = new Set(['rmse', 'rmsle'])

/** Two models against a bound: left − right. */
export interface AskedOfModels {
  readonly left: Term
  readonly right: Term
  readonly bound: number
  readonly atLeast: boolean
}

/** What rows can say of the difference of the same number of two models, left − right, against a bound. */
export function saidOfModels({ left, right, bound, atLeast }: AskedOfModels, at: RowsAtHand, levels: Levels): Said {
  const count = countOfClass(left, at.count)
  if (count === undefined) return unknown(at.count.rows, 'the rows of the class are not known')
  const { rows, positives } = count
  // left − right ≤ bound is right − left ≥ −bound.
  const least = atLeast ? bound : -bound
  const turned = (detectable: number | undefined): number | undefined =>
    detectable === undefined || atLeast ? detectable : -detectable
  const atMost = (units: number, detectable: number | undefined, given?: string): Said => ({
    ...joined(units, { canHold: true, canFail: true }, turned(detectable)),
    given: given ?? 'however the two go together',
    atMost: true,
  })
  const way = wayOf(left.fn)
  switch (way.kind) {
    case 'area': {
      if (positives === undefined) return unknown(rows, 'rows with a positive label are not known')
      const times = left.fn === 'gini' ? 2 : 1
      const ask = (level: number) => pairedAreasAtLeast(positives, rows - positives, least / times, level)
      const found = turned(ask(levels.strict).detectable)
      const given = `between areas about ${USUAL_AREA} whose errors correlate by ${USUAL_CORRELATION}`
      return { ...joined(rows, ask(levels.lenient), found === undefined ? undefined : found * times), given }
    }
    case 'share': {
      const own = rowsOfShare(left, count)
      if (own === undefined) return unknown(rows, 'rows with a positive label are not known')
      if (way.of === 'runs') return unknown(rows, 'how many runs of rows there are is not counted')
      if (way.of === 'chosen' || way.of === 'union') {
        if (positives === undefined) return unknown(rows, 'rows with a positive label are not known')
        const given = way.of === 'chosen' ? 'were as many rows chosen as are positive' : undefined
        return atMost(own, pairedMeans(positives, least, levels.strict), given)
      }
      const found = turned(pairedSharesAtLeast(own, least, levels.strict).detectable)
      const given = `where the two differ on ${USUAL_DISAGREEMENT * 100} % of these rows`
      return { ...joined(own, pairedSharesAtLeast(own, least, levels.lenient), found), given }
    }
    case 'bounded-mean': {
      const [low, high] = way.range ?? rangeOfCost(left)
      const found = pairedMeans(rows, least / (high - low), levels.strict)
      return atMost(rows, found === undefined ? undefined : found * (high - low))
    }
    case 'group-mean': {
      const [by] = left.args.flatMap((arg) => (arg.kind === 'column' ? [arg.name] : []))
      const counted = count.groups?.get(by ?? '')
      if (counted === undefined) return unknown(rows, 'its groups are not counted')
      const units = counted.relevant ?? counted.groups
      return { ...atMost(units, pairedMeans(units, least, levels.strict)), unit: `groups of ${by}` }
    }
    case 'mean-loss':
    case 'loss':
      return saidOfLosses({ left, right, bound, atLeast }, at, levels, (known) =>
        atMost(rows, pairedNumbers(known, least, levels.strict), known.given),
      )
    case 'decision':
    case 'mean-area':
    case 'known-error':
    case 'calibration': {
      const known = knownErrorOf(left, count)
      if (typeof known === 'string') return unknown(rows, known)
      return atMost(rows, pairedNumbers(known, least, levels.strict), known.given)
    }
    case 'none':
      return unknown(rows, way.why)
    default:
      return unknown(rows, 'it is no number of a model')
  }
}

/** The count of the class that a metric is asked of, as its positive rows; undefined where they are not known. */
function countOfClass({ args, fn }: Term, count: RowCount): RowCount | undefined {
  const of = args.find((arg) => arg.kind === 'class')
  if (of?.kind !== 'class') return count
  const positives = fn === 'confusion' || wayOf(fn).kind !== 'none' ? count.classes?.get(String(of.code)) : undefined
  return positives === undefined ? undefined : { ...count, positives }
}

function saidOfLosses(
  { left, right, bound, atLeast }: AskedOfModels,
  at: RowsAtHand,
  levels: Levels,
  of: (known: KnownError) => Said,
): Said {
  const { rows } = at.count
  if (wayOf(left.fn).kind === 'mean-loss' || MEANS.has(left.fn)) {
    const spread = at.differences?.(left, right)
    if (spread !== undefined) return saidOfMean(spread, bound, atLeast, levels)
    return saidOfUnknown(rows, 'what the losses of the two models differ by', levels)
  }
  if (left.fn === 'r2' || left.fn === 'surrogate_r2' || left.fn === 'explained_variance')
    return of(shareOfVariance(rows))
  if (!isLossMetric(left.fn) || !ROOTS.has(left.fn))
    return unknown(rows, 'how densely the errors lie at their median is not known')
  // Each root of a mean square is off by 1 / √(2n) of itself.
  const size = (2 * errorsAsked(levels.strict)) / Math.sqrt(2 * rows)
  const given = 'of normal errors, however the two go together'
  return {
    rows,
    canHold: true,
    canFail: true,
    effect: { size, of: 'times the greater of the two' },
    given,
    atMost: true,
  }
}
