import { type Html, html, trusted } from '../html.ts'
import { round, ticksBetween } from '../svg/scale.ts'
import { formatNumber } from '../words/number.ts'

/** Pixels of a chart, and of its frame within. */
const [WIDTH, HEIGHT] = [300, 236]
const [LEFT, RIGHT, TOP, BOTTOM] = [40, 290, 10, 196]

/** The numbers an axis reaches over, and what they are. */
export interface Axis {
  readonly low: number
  readonly high: number
  readonly label: string
}

/** Places of values in a chart. */
export interface Plane {
  readonly x: (value: number) => number
  readonly y: (value: number) => number
}

/** The look of a line; each differs in more than color. */
export type Stroke = 'first' | 'second' | 'third' | 'ground'

/** A chart with its axes, title and legend; `described` says in words what it shows. */
export function chart(
  title: string,
  described: string,
  [across, up]: readonly [Axis, Axis],
  draw: (plane: Plane) => Html,
  legend: readonly (readonly [Stroke, string])[],
): Html {
  const place =
    ({ low, high }: Axis, from: number, to: number) =>
    (value: number) =>
      round(from + ((Math.min(high, Math.max(low, value)) - low) / (high - low || 1)) * (to - from))
  const plane = { x: place(across, LEFT, RIGHT), y: place(up, BOTTOM, TOP) }
  const columns = ticksBetween(across.low, across.high, 5).map(
    (tick) =>
      html`<line class="grid" x1="${plane.x(tick)}" y1="${TOP}" x2="${plane.x(tick)}" y2="${BOTTOM}"/><text class="of-x" x="${plane.x(tick)}" y="${BOTTOM + 15}">${formatNumber(tick)}</text>`,
  )
  const rows = ticksBetween(up.low, up.high, 5).map(
    (tick) =>
      html`<line class="grid" x1="${LEFT}" y1="${plane.y(tick)}" x2="${RIGHT}" y2="${plane.y(tick)}"/><text class="of-y" x="${LEFT - 6}" y="${round(plane.y(tick) + 4)}">${formatNumber(tick)}</text>`,
  )
  return html`<figure class="chart"><figcaption>${title}</figcaption><svg width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${described}">${columns}${rows}${draw(plane)}<text class="of-x" x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 8}">${across.label}</text></svg><p class="chart-legend">${legend.map(([stroke, words]) => html`<span><svg width="22" height="10" viewBox="0 0 22 10" aria-hidden="true"><path class="line ${stroke}" d="M1 5L21 5"/></svg> ${words}</span>`)}</p></figure>`
}

/** A line through points, in their order. */
export function line({ x, y }: Plane, points: readonly (readonly [number, number])[], stroke: Stroke): Html {
  const path = points.map(([across, up], i) => `${i === 0 ? 'M' : 'L'}${x(across)} ${y(up)}`).join('')
  return html`<path class="line ${trusted(stroke)}" d="${path}"/>`
}
