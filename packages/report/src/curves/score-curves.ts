import { stats } from '@plumbline/core'
import { type Html, html } from '../html.ts'
import { table } from '../sections/parts.ts'
import { formatCount, formatNumber, formatShare } from '../words/number.ts'
import { chart, line } from './chart.ts'

/** Calibration, thresholds and costs of a model's score on one relation, as drawings and as numbers. */
export function scoreCurves(relation: string, curves: stats.ScoreCurves): Html {
  const points = stats.thresholdPoints(curves)
  return html`<details class="curves"><summary>Calibration, thresholds and costs on ${relation}</summary><div class="charts">${calibration(curves)}${thresholds(points)}${costs(curves)}</div>${numbers(points)}</details>`
}

const SHARE = { low: 0, high: 1 }

function calibration(curves: stats.ScoreCurves): Html {
  const points = stats.calibrationPoints(curves).map((point) => ({
    ...point,
    observed: point.positives / point.rows,
    interval: stats.wilson(point.positives, point.rows, 0.95),
  }))
  const off = points.filter(({ predicted, interval }) => predicted < interval.low || predicted > interval.high)
  const described = `Share of positives at mean scores: ${points.map(({ predicted, observed }) => `${formatNumber(predicted)} gives ${formatShare(observed)}`).join('; ')}. ${off.length} of ${points.length} intervals miss the mean score.`
  return chart(
    'Calibration',
    described,
    [
      { ...SHARE, label: 'mean score of a tenth of the rows' },
      { ...SHARE, label: 'share of positives' },
    ],
    (plane) =>
      html`${line(
        plane,
        [
          [0, 0],
          [1, 1],
        ],
        'ground',
      )}${points.map(
        ({ predicted, interval }) =>
          html`<line class="whisker" x1="${plane.x(predicted)}" y1="${plane.y(interval.low)}" x2="${plane.x(predicted)}" y2="${plane.y(interval.high)}"/>`,
      )}${line(
        plane,
        points.map(({ predicted, observed }) => [predicted, observed]),
        'first',
      )}${points.map(({ predicted, observed, rows }) => html`<circle class="point" cx="${plane.x(predicted)}" cy="${plane.y(observed)}" r="3.5"><title>${formatCount(rows)} rows: mean score ${formatNumber(predicted)}, positive ${formatShare(observed)}</title></circle>`)}`,
    [
      ['first', 'share of positives, 95 % interval'],
      ['ground', 'a score that is the probability'],
    ],
  )
}

interface Given {
  readonly threshold: number
  readonly rate: number
  readonly recall: number
  /** Where something is decided positive. */
  readonly precision: number | undefined
}

function given(points: readonly stats.ThresholdPoint[]): readonly Given[] {
  return points
    .filter(({ threshold }) => Number.isFinite(threshold))
    .map((point) => ({
      threshold: point.threshold,
      rate: stats.positiveRate(point) ?? 0,
      recall: stats.recall(point) ?? 0,
      precision: stats.precision(point),
    }))
}

function thresholds(points: readonly stats.ThresholdPoint[]): Html {
  const all = given(points)
  const [least, most] = [all[0]?.threshold ?? 0, all.at(-1)?.threshold ?? 1]
  const axis = least >= 0 && most <= 1 ? SHARE : { low: least, high: most }
  const described = `What deciding positive from a score on gives: ${sampled(all, 6)
    .map((each) => `from ${formatNumber(each.threshold)}, ${sentence(each)}`)
    .join('; ')}.`
  return chart(
    'Thresholds',
    described,
    [
      { ...axis, label: 'decided positive from this score on' },
      { ...SHARE, label: 'share' },
    ],
    (plane) =>
      html`${line(
        plane,
        all.map(({ threshold, rate }) => [threshold, rate]),
        'third',
      )}${line(
        plane,
        all.flatMap(({ threshold, precision }) => (precision === undefined ? [] : [[threshold, precision] as const])),
        'second',
      )}${line(
        plane,
        all.map(({ threshold, recall }) => [threshold, recall]),
        'first',
      )}`,
    [
      ['first', 'recall'],
      ['second', 'precision'],
      ['third', 'decided positive'],
    ],
  )
}

const sentence = ({ recall, precision, rate }: Given): string =>
  `recall ${formatShare(recall)}, precision ${precision === undefined ? 'undefined' : formatShare(precision)}, decided positive ${formatShare(rate)}`

function costs(curves: stats.ScoreCurves): Html {
  const points = stats.costPoints(curves)
  const most = Math.max(0.01, ...points.map(({ without }) => without))
  const described = `Mean cost of a row at the best threshold: ${sampled(points, 6)
    .map(
      ({ missed, cost, without }) =>
        `${formatNumber(cost)} (${formatNumber(without)} without the model) where a missed positive is ${formatShare(missed)} of both costs`,
    )
    .join('; ')}.`
  return chart(
    'Costs',
    described,
    [
      { ...SHARE, label: 'cost of a missed positive, of both costs' },
      { low: 0, high: most, label: 'mean cost' },
    ],
    (plane) =>
      html`${line(
        plane,
        points.map(({ missed, without }) => [missed, without]),
        'ground',
      )}${line(
        plane,
        points.map(({ missed, cost }) => [missed, cost]),
        'first',
      )}`,
    [
      ['first', 'at the best threshold'],
      ['ground', 'the cheaper of all and none'],
    ],
  )
}

/** Evenly chosen ones, the first and last among them. */
function sampled<T>(all: readonly T[], most: number): readonly T[] {
  const last = all.length - 1
  const places = new Set(Array.from({ length: most }, (_, i) => Math.round((i * last) / Math.max(1, most - 1))))
  return all.filter((_, place) => places.has(place))
}

function numbers(points: readonly stats.ThresholdPoint[]): Html {
  const rows = sampled(given(points), 12).map(
    ({ threshold, rate, recall, precision }) =>
      html`<tr><th scope="row" class="num">${formatNumber(threshold)}</th><td class="num">${formatShare(rate)}</td><td class="num">${formatShare(recall)}</td><td class="num">${precision === undefined ? '–' : formatShare(precision)}</td></tr>`,
  )
  return html`<details class="terms"><summary>In numbers</summary>${table('What each threshold gives', ['from score', 'decided positive', 'recall', 'precision'], rows, 'rows')}</details>`
}
