import type { AgainstBound, Verdict } from '@plumbline/core'
import { type Html, html } from '../html.ts'
import { formatLevel, formatNumber, formatShare, formatWithin } from '../words/number.ts'
import { round, type Scale } from './scale.ts'

/** Pixels: one row of a forest plot, and the axis above it. */
export const ROW_HEIGHT = 30
const AXIS_HEIGHT = 20

/** A row of a forest plot in which nothing could be measured: only the allowed side and the bound. */
export function emptyPlot(row: AgainstBound, scale: Scale): Html {
  return html`<svg class="plot" width="${scale.width}" height="${ROW_HEIGHT}" viewBox="0 0 ${scale.width} ${ROW_HEIGHT}" role="img" aria-label="nothing measured; allowed: ${boundText(row)}">${ground(row, scale)}</svg>`
}

function ground(row: AgainstBound, scale: Scale): Html {
  const bound = scale.at(row.bound)
  const [from, to] = row.allowed === 'above' ? [bound, scale.width] : [0, bound]
  return html`<rect class="allowed" x="${from}" y="0" width="${round(to - from)}" height="${ROW_HEIGHT}"/><line class="bound" x1="${bound}" y1="0" x2="${bound}" y2="${ROW_HEIGHT}"/>`
}

/** One row of a forest plot: the allowed side shaded, the bound as a line, the interval as a bar, the value as a point. */
export function intervalPlot(row: AgainstBound, scale: Scale, verdict: Verdict): Html {
  const middle = ROW_HEIGHT / 2
  return html`<svg class="plot ${verdict}" width="${scale.width}" height="${ROW_HEIGHT}" viewBox="0 0 ${scale.width} ${ROW_HEIGHT}" role="img" aria-label="${describe(row)}">${ground(row, scale)}${bar(row, scale, middle)}${point(scale.at(row.value), middle, verdict)}</svg>`
}

function bar({ interval }: AgainstBound, scale: Scale, y: number): Html | undefined {
  if (interval === undefined) return undefined
  const [low, high] = [scale.at(interval.low), scale.at(interval.high)]
  const cap = (x: number, end: number): Html | false =>
    Number.isFinite(end) && html`<line class="whisker" x1="${x}" y1="${y - 5}" x2="${x}" y2="${y + 5}"/>`
  return html`<line class="whisker" x1="${low}" y1="${y}" x2="${high}" y2="${y}"/>${cap(low, interval.low)}${cap(high, interval.high)}`
}

/** A shape of its own for each verdict: disc, cross-like diamond, ring. */
function point(x: number, y: number, verdict: Verdict): Html {
  switch (verdict) {
    case 'satisfied':
      return html`<circle class="point" cx="${x}" cy="${y}" r="4.5"/>`
    case 'violated':
      return html`<path class="point" d="M${x} ${y - 6}L${round(x + 6)} ${y}L${x} ${y + 6}L${round(x - 6)} ${y}Z"/>`
    default:
      return html`<circle class="point hollow" cx="${x}" cy="${y}" r="4.5"/>`
  }
}

/** The axis above the rows: round numbers, and the bound itself. */
export function axis(row: AgainstBound, scale: Scale): Html {
  const bound = scale.at(row.bound)
  const text = axisText(row, row.bound)
  const half = text.length * 3.4 + 4
  // The bound is written where the eye looks for it; a tick that would touch it is left out, and so is its number.
  const ticks = scale.ticks.filter((tick) => Math.abs(scale.at(tick) - bound) > half + 18)
  const labelAt = Math.min(scale.width - half, Math.max(half, bound))
  return html`<svg class="axis" width="${scale.width}" height="${AXIS_HEIGHT}" viewBox="0 0 ${scale.width} ${AXIS_HEIGHT}" aria-hidden="true">${ticks.map(
    (tick) =>
      html`<text class="tick" x="${tickAt(scale, tick)}" y="11">${axisText(row, tick)}</text><line class="tick" x1="${scale.at(tick)}" y1="15" x2="${scale.at(tick)}" y2="${AXIS_HEIGHT}"/>`,
  )}<text class="bound-label" x="${round(labelAt)}" y="11">${text}</text><line class="bound" x1="${bound}" y1="14" x2="${bound}" y2="${AXIS_HEIGHT}"/></svg>`
}

function tickAt(scale: Scale, tick: number): number {
  return round(Math.min(scale.width - 14, Math.max(14, scale.at(tick))))
}

function axisText(row: AgainstBound, value: number): string {
  return row.unit === 'share' ? formatShare(value) : formatNumber(value)
}

/** The measured value with as many decimals as its interval makes meaningful. */
export function valueText(row: AgainstBound): string {
  if (row.unit === 'share') return formatShare(row.value)
  const text = row.interval === undefined ? formatNumber(row.value) : formatWithin(row.value, widthOf(row))
  return row.unit === 'margin' && row.value > 0 ? `+${text}` : text
}

/** `0.7571 to 0.7919`; empty where the value is exact. */
export function intervalText(row: AgainstBound): string {
  if (row.interval === undefined) return ''
  const width = widthOf(row)
  return `${formatWithin(row.interval.low, width)} to ${formatWithin(row.interval.high, width)}`
}

/** `≥ 0.74`, or `margin ≥ 0` where the bound was itself measured. */
export function boundText(row: AgainstBound): string {
  const sign = row.allowed === 'above' ? (row.isStrict ? '>' : '≥') : row.isStrict ? '<' : '≤'
  return `${row.unit === 'margin' ? 'margin ' : ''}${sign} ${axisText(row, row.bound)}`
}

function widthOf({ interval }: AgainstBound): number {
  return interval === undefined ? Number.NaN : interval.high - interval.low
}

/** A drawing in words, for who cannot see it. */
export function describe(row: AgainstBound): string {
  const level = row.interval?.level === undefined ? '' : `${formatLevel(row.interval.level)} `
  const interval = row.interval === undefined ? '' : `, ${level}interval ${intervalText(row)}`
  return `measured ${valueText(row)}${interval}; allowed: ${boundText(row)}`
}
