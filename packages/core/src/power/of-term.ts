import { aggregates } from '../expr/functions/aggregates.ts'
import type { Term } from '../expr/must.ts'
import { FEWEST_ROWS } from '../stats/bootstrap.ts'
import { aucAtLeast } from './auc.ts'
import { isLossMetric, lossBeyond } from './losses.ts'
import { isMatrixMetric, matrixAtLeast } from './matrix.ts'
import { effectOfMean, meanBeyond, type Spread } from './mean.ts'
import { correlationBeyond, quantileBeyond } from './ordered.ts'
import { shareAtLeast, shareAtMost } from './proportion.ts'
import { type Levels, type RowCount, type RowsAtHand, type Said, spreadKey } from './rows-at-hand.ts'

/** What rows can say of one number against a bound; undefined for numbers of which nothing is known beforehand. */
export function saidOfTerm(
  term: Term,
  bound: number,
  atLeast: boolean,
  at: RowsAtHand,
  levels: Levels,
): Said | undefined {
  const [of] = term.args
  if (of?.kind === 'class') return saidOfClass(term, of.code, bound, atLeast, at, levels)
  // Rows that are drawn together, or count differently, vary otherwise.
  const isPlain = (term.cluster ?? term.weights) === undefined
  const { rows, positives } = at.count
  const unresampled = saidOfResampled(term, rows)
  if (unresampled !== undefined) return unresampled
  const negatives = positives === undefined ? undefined : rows - positives
  if (term.fn === 'roc_auc' || term.fn === 'gini') {
    if (positives === undefined || negatives === undefined || !atLeast) return undefined
    const [own, back] =
      term.fn === 'gini' ? [(bound + 1) / 2, (area: number) => 2 * area - 1] : [bound, (area: number) => area]
    const { detectable } = aucAtLeast(positives, negatives, own, levels.strict)
    return joined(rows, aucAtLeast(positives, negatives, own, levels.lenient), detectable && back(detectable))
  }
  if (isMatrixMetric(term.fn)) {
    if (positives === undefined || negatives === undefined || !atLeast) return undefined
    const { detectable } = matrixAtLeast(term.fn, positives, negatives, bound, levels.strict)
    return joined(rows, matrixAtLeast(term.fn, positives, negatives, bound, levels.lenient), detectable)
  }
  if (isLossMetric(term.fn)) {
    const isAsked = atLeast === (term.fn === 'r2' || term.fn === 'explained_variance')
    if (!isAsked || !isPlain) return undefined
    const losses = at.losses?.(term)
    const [q] = term.args.flatMap((arg) => (arg.kind === 'value' ? [arg.value] : []))
    const known = { ...(losses === undefined ? {} : { losses }), ...(q === undefined ? {} : { q }) }
    const { detectable } = lossBeyond(term.fn, rows, bound, levels.strict, known)
    const said = joined(rows, lossBeyond(term.fn, rows, bound, levels.lenient, known), detectable)
    return losses === undefined ? { ...said, given: 'of normal errors' } : said
  }
  if (Object.hasOwn(MEAN_LOSSES, term.fn)) {
    if (!isPlain) return undefined
    const losses = at.losses?.(term)
    if (losses !== undefined) return saidOfMean(losses, bound, atLeast, levels)
    const of = MEAN_LOSSES[term.fn] as string
    return saidOfUnknown(rows, of, levels)
  }
  if (term.fn === 'mean') {
    const spread = isPlain ? spreadOf(term, at.count) : undefined
    return spread && saidOfMean(spread, bound, atLeast, levels)
  }
  if (term.fn === 'median' || term.fn === 'quantile') {
    const [, level] = term.args
    const q = term.fn === 'median' ? 0.5 : level?.kind === 'value' ? level.value : Number.NaN
    if (!isPlain || term.estimates !== 'population' || !(q > 0 && q < 1)) return undefined
    return saidOfQuantile(spreadOf(term, at.count)?.rows ?? rows, q, atLeast, levels)
  }
  if (term.fn === 'correlation') {
    if (!isPlain || term.estimates !== 'population') return undefined
    const { detectable } = correlationBeyond(rows, bound, atLeast, levels.strict)
    return joined(rows, correlationBeyond(rows, bound, atLeast, levels.lenient), detectable)
  }
  const own = rowsOfShare(term, at.count)
  if (own === undefined) return undefined
  const ask = atLeast ? shareAtLeast : shareAtMost
  if (!CHOSEN.has(term.fn))
    return joined(own, ask(own, bound, levels.lenient), ask(own, bound, levels.strict).detectable)
  const chosen = positives === undefined ? undefined : ask(positives, bound, levels.strict).detectable
  const given = 'were as many rows chosen as are positive'
  return { ...joined(own, ask(own, bound, levels.lenient), chosen), given }
}

/** What is said of a metric of one class of several: its rows are the positive ones. `confusion` is a share of them, as recall is. */
function saidOfClass(
  term: Term,
  code: string | number | boolean,
  bound: number,
  atLeast: boolean,
  { count }: RowsAtHand,
  levels: Levels,
): Said | undefined {
  const positives = count.classes?.get(String(code))
  if (positives === undefined) return undefined
  const args = term.args.filter(({ kind }) => kind !== 'class')
  const alone: Term = { ...term, args, ...(term.fn === 'confusion' ? { fn: 'recall' } : {}) }
  return saidOfTerm(alone, bound, atLeast, { count: { rows: count.rows, positives } }, levels)
}

/** What is said of a quantile: how many rows have to lie on the allowed side of its bound. */
function saidOfQuantile(rows: number, q: number, atLeast: boolean, { lenient, strict }: Levels): Said {
  const { detectable: allowed } = quantileBeyond(rows, q, atLeast, strict)
  const said = joined(rows, quantileBeyond(rows, q, atLeast, lenient), undefined)
  if (!said.canHold) return { ...said, onlyBy: 'level' }
  return allowed === undefined ? said : { ...said, allowed: { share: allowed, atLeast } }
}

/** Of numbers that are resampled it is known at least from how many rows on they have an interval at all. */
function saidOfResampled({ fn, estimates }: Term, rows: number): Said | undefined {
  if (estimates !== 'population' || aggregates[fn].interval !== 'bca' || rows >= FEWEST_ROWS) return undefined
  return { rows, canHold: false, canFail: false, rowsToHold: FEWEST_ROWS, onlyBy: 'rows' }
}

/** What is said of a mean whose numbers spread in a known way. */
export function saidOfMean(spread: Spread, bound: number, atLeast: boolean, { lenient, strict }: Levels): Said {
  const { detectable } = meanBeyond(spread, bound, atLeast, strict)
  return joined(spread.rows, meanBeyond(spread, bound, atLeast, lenient), detectable)
}

/** What is said of a mean of so many numbers whose spread nobody knows. */
export function saidOfUnknown(rows: number, of: string, { strict }: Levels): Said {
  const deviations = effectOfMean(rows, strict)
  const can = deviations !== undefined
  return { rows, canHold: can, canFail: can, ...(can ? { effect: { deviations, of } } : { rowsToHold: 2 }) }
}

/** Joins what can be decided at the most lenient level with what is detectable at the strictest. */
export function joined(
  rows: number,
  lenient: { readonly canHold: boolean; readonly canFail: boolean; readonly rowsToHold?: number },
  detectable: number | undefined,
): Said {
  const { canHold, canFail, rowsToHold } = lenient
  return {
    rows,
    canHold,
    canFail,
    ...(rowsToHold === undefined ? {} : { rowsToHold }),
    ...(detectable === undefined ? {} : { detectable }),
  }
}

/** Means over rows whose spread follows from nothing but the rows, and what they are means of. */
export const MEAN_LOSSES: Readonly<Record<string, string>> = {
  mean_error: 'the errors of the rows',
  brier: 'the squared errors of the scores',
  log_loss: 'the losses of the rows',
  calibration_bias: 'the errors of the scores',
  expected_cost: 'the costs of the rows',
  hamming_loss: 'the errors of the rows',
  token_f1: 'the F1 of the texts',
  rouge_1: 'the overlaps of the texts',
  rouge_2: 'the overlaps of the texts',
  rouge_l: 'the overlaps of the texts',
}

/** How the numbers of a mean spread, where that was measured. */
function spreadOf({ args: [of] }: Term, { spreads }: RowCount): Spread | undefined {
  if (of?.kind === 'column') return spreads?.get(spreadKey(of.name))
  return of?.kind === 'expr' ? spreads?.get(spreadKey(of.expr)) : undefined
}

/** The rows that a share is a share of; where a decision chooses them no more than all. */
export function rowsOfShare({ fn }: Term, { rows, positives }: RowCount): number | undefined {
  switch (fn) {
    case 'recall':
    case 'false_negative_rate':
      return positives
    case 'specificity':
    case 'false_positive_rate':
      return positives === undefined ? undefined : rows - positives
    case 'accuracy':
    case 'positive_rate':
    case 'share':
    case 'top_k_accuracy':
    case 'exact_match':
    case 'subset_accuracy':
    case 'interval_coverage':
    case 'recall_micro':
      return rows
    default:
      return CHOSEN.has(fn) ? rows : undefined
  }
}

/** Shares of rows that a decision chooses: how many is not known before. */
export const CHOSEN: ReadonlySet<string> = new Set(['precision', 'negative_predictive_value', 'false_discovery_rate'])
