import type { Term } from '../expr/must.ts'
import { isLossMetric } from './losses.ts'
import { CHOSEN, joined, MEAN_LOSSES, rowsOfShare, saidOfMean, saidOfUnknown } from './of-term.ts'
import { pairedAreasAtLeast, USUAL_AREA, USUAL_CORRELATION } from './paired-areas.ts'
import { pairedSharesAtLeast, USUAL_DISAGREEMENT } from './paired-shares.ts'
import type { Levels, RowsAtHand, Said } from './rows-at-hand.ts'

/** Metrics of a regression that are means over rows themselves, so that their difference is one. */
const MEANS: ReadonlySet<string> = new Set(['mae', 'mse', 'mape', 'smape', 'pinball'])

/** What rows can say of the difference of the same number of two models, left − right, against a bound. */
export function saidOfModels(
  left: Term,
  right: Term,
  bound: number,
  atLeast: boolean,
  at: RowsAtHand,
  levels: Levels,
): Said | undefined {
  const isPlain = (left.cluster ?? left.weights ?? left.where) === undefined
  if (!isPlain || left.args.some(({ kind }) => kind === 'class')) return undefined
  const { rows, positives } = at.count
  // left − right ≤ bound is right − left ≥ −bound.
  const least = atLeast ? bound : -bound
  const turned = (detectable: number | undefined): number | undefined =>
    detectable === undefined || atLeast ? detectable : -detectable
  if (left.fn === 'roc_auc' || left.fn === 'gini') {
    if (positives === undefined) return undefined
    const times = left.fn === 'gini' ? 2 : 1
    const ask = (level: number) => pairedAreasAtLeast(positives, rows - positives, least / times, level)
    const found = turned(ask(levels.strict).detectable)
    const given = `between areas about ${USUAL_AREA} whose errors correlate by ${USUAL_CORRELATION}`
    return { ...joined(rows, ask(levels.lenient), found === undefined ? undefined : found * times), given }
  }
  if (MEANS.has(left.fn) || Object.hasOwn(MEAN_LOSSES, left.fn)) {
    const spread = at.differences?.(left, right)
    if (spread !== undefined) return saidOfMean(spread, bound, atLeast, levels)
    return saidOfUnknown(rows, 'what the losses of the two models differ by', levels)
  }
  const own = rowsOfShare(left, at.count)
  if (own === undefined || isLossMetric(left.fn) || CHOSEN.has(left.fn)) return undefined
  const found = turned(pairedSharesAtLeast(own, least, levels.strict).detectable)
  const given = `where the two differ on ${USUAL_DISAGREEMENT * 100} % of these rows`
  return { ...joined(own, pairedSharesAtLeast(own, least, levels.lenient), found), given }
}
