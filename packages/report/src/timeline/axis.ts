import { type Html, html, trusted } from '../html.ts'
import { laneRow } from './lane.ts'
import { percent, type TimeScale } from './time-scale.ts'

const HEIGHT = 24
/** Percent: nearer to an end a long label would leave the drawing. */
const NEAR_END = 4
/** Characters: half of such a label fits beside the drawing. */
const SHORT_LABEL = 6

/** The axis of time, above and below the lanes. */
export function axisRow(scale: TimeScale): Html {
  const marks = scale.ticks.map(({ at, label }, i) => {
    const place = scale.at(at)
    const long = label.length > SHORT_LABEL
    const anchor = long && place < NEAR_END ? 'start' : long && place > 100 - NEAR_END ? 'end' : 'middle'
    return html`<g class="${i % 2 === 1 ? 'odd' : ''}"><line class="tick" x1="${percent(place)}" x2="${percent(place)}" y1="17" y2="${HEIGHT}"/><text class="${anchor}" x="${percent(place)}" y="12">${label}</text></g>`
  })
  return laneRow({
    label: html`<span class="muted">UTC</span>`,
    drawing: html`<svg class="time-axis" width="100%" height="${HEIGHT}" aria-hidden="true">${marks}</svg>`,
    kind: 'axis-row',
  })
}

/** Lines through all lanes at the ticks, and stronger ones where another version came into production: once a page. */
export function guideLines(scale: TimeScale, changes: readonly number[]): Html {
  const line = (at: number, kind: string): Html =>
    html`<line class="${kind}" x1="${percent(scale.at(at))}" x2="${percent(scale.at(at))}" y1="0" y2="100%"/>`
  const inside = changes.filter((at) => at > scale.from && at < scale.to)
  return html`<g id="time-guides">${scale.ticks.map(({ at }) => line(at, 'guide'))}${inside.map((at) => line(at, 'change'))}</g>`
}

/** The lines behind one lane. */
export const guide: Html = trusted('<use href="#time-guides"/>')
