import { aggregates, type IntervalMethod } from '../expr/functions/aggregates.ts'
import type { Term } from '../expr/must.ts'
import { FEWEST_ROWS } from '../stats/bootstrap.ts'
import { FEWEST_CALIBRATED } from '../stats/metrics/calibration-interval.ts'
import { decisionsOf, knownErrorOf } from './known-error-of.ts'
import { aucAtLeast } from './numbers/auc.ts'
import { boundedMeanBeyond } from './numbers/bounded-mean.ts'
import { calibrationAtMost } from './numbers/calibration.ts'
import { decisionDecides, detectableDecision } from './numbers/decisions.ts'
import { isLossMetric, lossBeyond } from './numbers/losses.ts'
import { normalBeyond } from './numbers/normal-effect.ts'
import { shareAtLeast, shareAtMost } from './numbers/proportion.ts'
import { averagePrecisionCanHold, averagePrecisionRows } from './numbers/ranked.ts'
import { saidOfCorrelation, saidOfNumbers, saidOfQuantile, saidOfScale } from './of-data.ts'
import type { Levels, RowCount, RowsAtHand, Said } from './rows-at-hand.ts'
import { type Asked, joined, saidOfMean, saidOfUnknown, unknown } from './saying.ts'
import { wayOf } from './ways.ts'

/** What rows can say of one number against a bound, each of whose rows counts by itself; where nothing is known of what is detectable, why. */
export function saidOfTerm(asked: Asked, at: RowsAtHand, levels: Levels): Said {
  const { term, bound, atLeast } = asked
  const [of] = term.args
  if (of?.kind === 'class') return saidOfClass(asked, of.code, at, levels)
  const { count } = at
  const { rows } = count
  const way = wayOf(term.fn)
  if (way.kind === 'group-mean') return saidOfGroupMean(asked, count, levels)
  const unresampled = saidOfResampled(term, rows)
  if (unresampled !== undefined) return unresampled
  switch (way.kind) {
    case 'share':
      return saidOfShare(asked, count, levels)
    case 'area':
      return saidOfArea(asked, count, levels)
    case 'decision':
      return saidOfDecision(asked, at, levels)
    case 'loss':
      return saidOfLoss(asked, at, levels)
    case 'mean-loss': {
      const losses = at.losses?.(term)
      return losses === undefined ? saidOfUnknown(rows, way.of, levels) : saidOfMean(losses, bound, atLeast, levels)
    }
    case 'bounded-mean': {
      const [low, high] = way.range ?? rangeOfCost(term)
      return saidOfBounded(
        { units: rows, range: { low, high }, ...(way.isShare === true ? { isShare: true } : {}) },
        asked,
        levels,
      )
    }
    case 'mean':
    case 'sum':
      return saidOfNumbers(asked, way.kind, count, levels)
    case 'scale':
      return saidOfScale(asked, way.of, count, levels)
    case 'quantile':
      return saidOfQuantile(asked, count, levels)
    case 'correlation':
      return saidOfCorrelation(asked, count, levels)
    case 'calibration':
      return saidOfCalibration(asked, count, levels)
    case 'mean-area':
    case 'known-error':
      return saidOfKnownError(asked, count, levels)
    case 'none':
      return unknown(rows, way.why)
  }
}

/** Said of a metric of one class of several: its rows are the positive ones. `confusion` is a share of them, as recall is. */
function saidOfClass(asked: Asked, code: string | number | boolean, { count }: RowsAtHand, levels: Levels): Said {
  const positives = count.classes?.get(String(code))
  if (positives === undefined) return unknown(count.rows, `the rows of the class ${String(code)} are not known`)
  const args = asked.term.args.filter(({ kind }) => kind !== 'class')
  return saidOfTerm({ ...asked, term: { ...asked.term, args } }, { count: { rows: count.rows, positives } }, levels)
}

/** Of numbers that are resampled, or binned, it is known at least from how many rows on they have an interval at all. */
function saidOfResampled({ fn, estimates }: Term, rows: number): Said | undefined {
  const least = FEWEST[aggregates[fn].interval]
  if (estimates !== 'population' || least === undefined || rows >= least) return undefined
  return { rows, canHold: false, canFail: false, rowsToHold: least, onlyBy: 'rows' }
}

/** Fewest rows of intervals that need some, whatever the number is. */
const FEWEST: Readonly<Partial<Record<IntervalMethod, number>>> = {
  bca: FEWEST_ROWS,
  'bootstrap-t': FEWEST_ROWS,
  'folded-normal': FEWEST_CALIBRATED,
}

const WORSE = 'the bound asks for the worse side'

function saidOfShare({ term, bound, atLeast }: Asked, count: RowCount, levels: Levels): Said {
  const way = wayOf(term.fn)
  const own = rowsOfShare(term, count)
  if (way.kind !== 'share' || own === undefined) return unknown(count.rows, 'rows with a positive label are not known')
  const ask = atLeast ? shareAtLeast : shareAtMost
  const found = ask(own, bound, levels.lenient)
  const { detectable } = ask(own, bound, levels.strict)
  switch (way.of) {
    case 'chosen': {
      const { positives } = count
      const chosen = positives === undefined ? undefined : ask(positives, bound, levels.strict).detectable
      return { ...joined(own, found, chosen), given: 'were as many rows chosen as are positive' }
    }
    case 'union': {
      // All right is of the positive rows alone; all wrong may be of every row.
      const most = ask(count.rows, bound, levels.lenient)
      const [canHold, canFail] = atLeast ? [found.canHold, most.canFail] : [most.canHold, found.canFail]
      return { ...joined(own, { ...found, canHold, canFail }, detectable), atMost: true }
    }
    case 'runs':
      return {
        ...joined(own, found, undefined),
        ...(found.canHold ? { unknown: 'how many runs of rows there are is not counted' } : {}),
      }
    default:
      return joined(own, found, detectable)
  }
}

function saidOfArea({ term, bound, atLeast }: Asked, { rows, positives }: RowCount, levels: Levels): Said {
  if (positives === undefined) return unknown(rows, 'rows with a positive label are not known')
  const negatives = rows - positives
  // A score turned round has the area that is missing to 1.
  const turn = (area: number): number => (atLeast ? area : 1 - area)
  const own = turn(term.fn === 'gini' ? (bound + 1) / 2 : bound)
  const { detectable } = aucAtLeast(positives, negatives, own, levels.strict)
  const back = (area: number): number => (term.fn === 'gini' ? 2 * turn(area) - 1 : turn(area))
  return joined(
    rows,
    aucAtLeast(positives, negatives, own, levels.lenient),
    detectable === undefined ? undefined : back(detectable),
  )
}

function saidOfDecision({ term, bound, atLeast }: Asked, { count, resampled }: RowsAtHand, levels: Levels): Said {
  const { rows, positives } = count
  if (!atLeast) return unknown(rows, WORSE)
  const decisions = decisionsOf(term, count)
  if (typeof decisions === 'string')
    return positives === undefined ? unknown(rows, decisions) : { rows, canHold: false, canFail: false }
  const ways = { asksBoth: levels.effects !== false, known: resampled }
  const lenient = decisionDecides(decisions, bound, levels.lenient, ways)
  const detectable =
    lenient.canHold && levels.effects !== false
      ? detectableDecision(decisions.of(decisions.rows), bound, levels.strict, resampled)
      : undefined
  const said = joined(rows, lenient, detectable)
  return positives === undefined ? { ...said, given: 'of classes mistaken as often' } : said
}

function saidOfLoss({ term, bound, atLeast }: Asked, at: RowsAtHand, levels: Levels): Said {
  const { rows } = at.count
  const fn = LIKE[term.fn] ?? term.fn
  if (!isLossMetric(fn)) return unknown(rows, 'its losses are not known')
  if (atLeast !== (fn === 'r2' || fn === 'explained_variance')) return unknown(rows, WORSE)
  const losses = at.losses?.(term)
  const [q] = term.args.flatMap((arg) => (arg.kind === 'value' ? [arg.value] : []))
  const known = { ...(losses === undefined ? {} : { losses }), ...(q === undefined ? {} : { q }) }
  const { detectable } = lossBeyond(fn, rows, bound, levels.strict, known)
  const said = joined(rows, lossBeyond(fn, rows, bound, levels.lenient, known), detectable)
  return losses === undefined ? { ...said, given: 'of normal errors' } : said
}

/** Metrics that vary as another does: the divisor of `mase` is taken as given, and of a surrogate the answer is the label. */
const LIKE: Readonly<Record<string, string>> = { mase: 'mae', surrogate_r2: 'r2' }

/** What a mean over rows lies between: of costs nothing and the greatest, else what the table says. */
export function rangeOfCost({ fn, args }: Term): readonly [number, number] {
  const costs = args.flatMap((arg) => (arg.kind === 'value' ? [arg.value] : []))
  return fn === 'expected_cost' ? [0, Math.max(...costs)] : [0, 1]
}

function saidOfBounded(of: Parameters<typeof boundedMeanBeyond>[0], { bound, atLeast }: Asked, levels: Levels): Said {
  const { detectable, enough } = boundedMeanBeyond(of, bound, atLeast, levels.strict)
  const said = joined(of.units, boundedMeanBeyond(of, bound, atLeast, levels.lenient), detectable)
  if (!said.canHold) return of.units < FEWEST_ROWS ? { ...said, onlyBy: 'rows' } : said
  return { ...said, atMost: true, ...(enough === undefined ? {} : { enough }), ...orNothing(detectable) }
}

/** Why no value is detectable, where that is not for want of knowing. */
const orNothing = (detectable: number | undefined): Pick<Said, 'given'> =>
  detectable === undefined ? { given: 'however the numbers vary' } : {}

/** Said of a mean over groups: they are what is drawn, and those without a relevant row have no value. */
function saidOfGroupMean(asked: Asked, { rows, groups }: RowCount, levels: Levels): Said {
  const [by] = asked.term.args.flatMap((arg) => (arg.kind === 'column' ? [arg.name] : []))
  const counted = groups?.get(by ?? '')
  if (by === undefined || counted === undefined) return unknown(rows, 'its groups are not counted')
  const unit = `groups of ${by}`
  if (counted.groups < FEWEST_ROWS)
    return { rows: counted.groups, unit, canHold: false, canFail: false, rowsToHold: FEWEST_ROWS, onlyBy: 'rows' }
  const units = Math.max(FEWEST_ROWS, counted.relevant ?? counted.groups)
  return { ...saidOfBounded({ units, range: { low: 0, high: 1 } }, asked, levels), unit }
}

function saidOfCalibration({ bound, atLeast }: Asked, { rows, positives }: RowCount, levels: Levels): Said {
  if (atLeast) return unknown(rows, WORSE)
  if (positives === undefined) return unknown(rows, 'rows with a positive label are not known')
  if (positives < 1 || positives >= rows) return unknown(rows, 'all rows have one label')
  const { detectable, enough } = calibrationAtMost(rows, positives, bound, levels.strict)
  // A score that is sure and right has any error one likes, and one that is sure and wrong nearly 1.
  const said = joined(rows, { canHold: bound > 0, canFail: bound < 1 }, detectable)
  return {
    ...said,
    given: 'measured too great on so few rows',
    atMost: true,
    ...(enough === undefined ? {} : { enough }),
  }
}

function saidOfKnownError({ term, bound, atLeast }: Asked, count: RowCount, levels: Levels): Said {
  const { rows, positives } = count
  const known = knownErrorOf(term, count)
  if (typeof known === 'string') return unknown(rows, known)
  const detectable = normalBeyond(known, bound, atLeast, levels.strict)
  const isOrder = term.fn === 'average_precision' && atLeast && positives !== undefined
  const canHold = !isOrder || averagePrecisionCanHold(positives, rows - positives, bound, levels.lenient)
  const rowsToHold =
    canHold || !isOrder ? undefined : averagePrecisionRows(positives, rows - positives, bound, levels.lenient)
  const said = joined(rows, { canHold, canFail: true, ...(rowsToHold === undefined ? {} : { rowsToHold }) }, detectable)
  const given = known.given ?? 'as normal as its interval takes it for'
  return { ...said, given, ...(known.atMost ? { atMost: true } : {}) }
}

/** The rows that a share is a share of; where a decision chooses them, or they are runs of rows, no more than all. */
export function rowsOfShare({ fn }: Term, { rows, positives }: RowCount): number | undefined {
  const way = wayOf(fn)
  switch (way.kind === 'share' ? way.of : undefined) {
    case 'positives':
    case 'union':
      return positives
    case 'negatives':
      return positives === undefined ? undefined : rows - positives
    case 'rows':
    case 'chosen':
      return rows
    case 'runs':
      // Between two runs there is a row of neither.
      return Math.min(Math.ceil(rows / 2), fn === 'range_recall' ? (positives ?? rows) : rows)
    default:
      return undefined
  }
}
