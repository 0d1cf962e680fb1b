import { type Html, html, trusted } from '../html.ts'
import { type Bin, windowsPerCell } from '../production/bins.ts'
import type { LanePoint, LaneSeries } from '../production/measured.ts'
import { round } from '../svg/scale.ts'
import { boundText } from '../svg/interval.ts'
import { formatNumber, formatShare } from '../words/number.ts'
import { CELL_HEIGHT } from './verdict-cells.ts'
import { percent, type TimeScale } from './time-scale.ts'

/** Pixels, from the top of the lane. */
const TOP = CELL_HEIGHT + 8
const BOTTOM = TOP + 44
export const CHART_BOTTOM = BOTTOM + 6
const LABEL_HEIGHT = 12

/** A chart of what a lane measured, its bound, and the pixels of values. */
export interface SeriesChart {
  readonly drawing: Html
  /** Bound and worst value at their heights, for the end of the lane. */
  readonly labels: Html
}

/** Measured values with their intervals over time, the allowed side shaded and the bound a line. Of a cell of several windows: from the least to the greatest, with the worst as the point. */
export function seriesChart(series: LaneSeries, bins: readonly Bin[], scale: TimeScale): SeriesChart | undefined {
  const [first] = series.points
  if (first === undefined) return undefined
  const { bound, allowed } = first.drawn
  const heights = heightScale(series.points.map(({ drawn }) => drawn))
  const y = heights(bound)
  const shaded = allowed === 'above' ? [TOP - 4, y - TOP + 4] : [y, BOTTOM + 4 - y]
  const dense = windowsPerCell(bins.reduce((sum, { windows }) => sum + windows.length, 0)) > 1
  const byWindow = Map.groupBy(series.points, ({ window }) => window)
  const marks: Html[] = []
  let before: readonly [x: number, y: number] | undefined
  for (const bin of bins) {
    const found = bin.windows.flatMap((window) => byWindow.get(window) ?? [])
    const shown = dense ? found.toSorted((a, b) => farther(b) - farther(a)).slice(0, 1) : found
    for (const [i, point] of shown.entries()) {
      const [left, right] = [scale.at(bin.from), scale.at(bin.to)]
      const x = left + ((right - left) * (i + 1)) / (shown.length + 1)
      const at = heights(point.drawn.value)
      const ends = dense ? extremes(found) : point.drawn.interval
      marks.push(
        html`${!dense && before !== undefined && html`<line class="path" x1="${percent(before[0])}" y1="${before[1]}" x2="${percent(x)}" y2="${at}"/>`}${ends !== undefined && ends.high > ends.low && html`<line class="span" x1="${percent(x)}" y1="${heights(ends.low)}" x2="${percent(x)}" y2="${heights(ends.high)}"/>`}<circle class="${trusted(point.drawn.verdict)}" cx="${percent(x)}" cy="${at}" r="${dense ? 2 : 3}"/>`,
      )
      before = [x, at]
    }
    if (found.length === 0) before = undefined
  }
  return {
    drawing: html`<g class="series" aria-hidden="true"><rect class="allowed" x="0" width="100%" y="${round(shaded[0] ?? 0)}" height="${Math.max(0, round(shaded[1] ?? 0))}"/><line class="bound" x1="0" x2="100%" y1="${y}" y2="${y}"/>${marks}</g>`,
    labels: labels(series, y, heights),
  }
}

/** How far a point is on the wrong side. */
function farther({ drawn }: LanePoint): number {
  return drawn.allowed === 'above' ? drawn.bound - drawn.value : drawn.value - drawn.bound
}

function extremes(points: readonly LanePoint[]): { readonly low: number; readonly high: number } {
  const values = points.map(({ drawn }) => drawn.value)
  return { low: Math.min(...values), high: Math.max(...values) }
}

/** Pixels of values. Intervals far wider than what was measured end at the edge: they would press the rest flat. */
function heightScale(drawn: readonly LanePoint['drawn'][]): (value: number) => number {
  const core = drawn.flatMap(({ value, bound }) => [value, bound]).filter(Number.isFinite)
  const [least, most] = [Math.min(...core), Math.max(...core)]
  const size = most - least > 0 ? most - least : Math.max(Math.abs(most), 1) * 0.1
  const ends = drawn
    .flatMap(({ interval }) => (interval === undefined ? [] : [interval.low, interval.high]))
    .filter(Number.isFinite)
  const low = Math.max(least - size * 0.5, Math.min(least, ...ends)) - size * 0.06
  const high = Math.min(most + size * 0.5, Math.max(most, ...ends)) + size * 0.06
  return (value) => {
    const inside = Number.isNaN(value) ? low : Math.min(high, Math.max(low, value))
    return round(BOTTOM - ((inside - low) / (high - low)) * (BOTTOM - TOP))
  }
}

function labels({ points }: LaneSeries, y: number, heights: (value: number) => number): Html {
  const worst = points.toSorted((a, b) => farther(b) - farther(a))[0]
  const [first] = points
  if (worst === undefined || first === undefined) return html``
  const { drawn } = worst
  const text = drawn.unit === 'share' ? formatShare(drawn.value) : formatNumber(drawn.value)
  const at = heights(drawn.value)
  const apart = Math.abs(at - y) >= LABEL_HEIGHT
  return html`<svg class="series-labels" width="100%" height="${CHART_BOTTOM}" aria-hidden="true"><text class="bound-label" x="4" y="${y + 4}">${boundText(first.drawn).replace('margin ', '')}</text>${apart && html`<text x="4" y="${at + 4}">${text}</text>`}</svg>`
}
