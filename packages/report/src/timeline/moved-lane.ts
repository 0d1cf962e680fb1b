import { type Html, html } from '../html.ts'
import { windowsPerCell } from '../production/bins.ts'
import type { LaneWindow } from '../production/lanes.ts'
import type { MovedTerm } from '../production/moved.ts'
import { round } from '../svg/scale.ts'
import { formatNumber } from '../words/number.ts'
import { spanText } from '../words/time.ts'
import { guide } from './axis.ts'
import { laneDrawing, laneRow } from './lane.ts'
import { percent, type TimeScale } from './time-scale.ts'

const HEIGHT = 18

/** One part of a measured extreme over time, as bars against the bound: which column moved, and when. */
export function movedRow(
  { name, expression, values, worst }: MovedTerm,
  against: { readonly bound: number; readonly greatest: number },
  scale: TimeScale,
): Html {
  const size = windowsPerCell(values.length)
  const highest = Math.max(against.greatest, against.bound, Number.MIN_VALUE)
  const line = round(HEIGHT - (HEIGHT * Math.max(0, against.bound)) / highest)
  const bars = chunks(values, size).map((chunk) => {
    const [from, to] = [chunk[0]?.window.from ?? 0, chunk.at(-1)?.window.to ?? 0]
    const value = Math.max(...chunk.map((each) => each.value))
    const height = round(Math.max(1, (HEIGHT * Math.max(0, value)) / highest))
    const [left, right] = [scale.at(from), scale.at(to)]
    return html`<rect class="${value > against.bound ? 'beyond' : 'within'}" x="${percent(left)}" width="${percent(Math.max(0, right - left))}" y="${round(HEIGHT - height)}" height="${height}"><title>${spanText(from, to)}: ${expression} ${formatNumber(value)}</title></rect>`
  })
  return laneRow({
    label: html`<span class="moved-name" title="${expression}">${name}</span>`,
    drawing: laneDrawing(
      HEIGHT,
      `${expression} over time, ${formatNumber(worst)} at worst against ${formatNumber(against.bound)}`,
      html`${guide}<g class="moved">${bars}</g><line class="bound" x1="0" x2="100%" y1="${line}" y2="${line}"/>`,
    ),
    end: formatNumber(worst),
    kind: 'sub',
  })
}

type Valued = { readonly window: LaneWindow; readonly value: number }

function chunks(values: readonly Valued[], size: number): readonly (readonly Valued[])[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size))
}
