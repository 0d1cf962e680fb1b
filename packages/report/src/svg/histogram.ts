import { type Html, html } from '../html.ts'
import { formatCount } from '../words/number.ts'
import { round } from './scale.ts'

/** One bar of a histogram. */
export interface Bin {
  readonly label: string
  /** Rows in it, ≥ 0. */
  readonly count: number
}

const WIDTH = 200
const HEIGHT = 56
/** Bars beyond this many would be thinner than a pixel can show. */
const MOST_BINS = 60

/** A small histogram; every bar says its label and count when pointed at, and the whole says them to a screen reader. */
export function histogram(bins: readonly Bin[], name: string): Html {
  const shown = bins.slice(0, MOST_BINS)
  const most = Math.max(1, ...shown.map(({ count }) => (Number.isFinite(count) ? count : 0)))
  const step = WIDTH / Math.max(1, shown.length)
  const gap = step > 6 ? 2 : step > 3 ? 1 : 0
  const bars = shown.map(({ label, count }, i) => {
    const height = count > 0 ? Math.max(1, round((count / most) * HEIGHT)) : 0
    return html`<rect class="bar" x="${round(i * step)}" y="${round(HEIGHT - height)}" width="${round(step - gap)}" height="${height}"><title>${label}: ${formatCount(count)}</title></rect>`
  })
  const words = shown.slice(0, 12).map(({ label, count }) => `${label}: ${formatCount(count)}`)
  const more = shown.length > 12 ? `, and ${shown.length - 12} more` : ''
  return html`<svg class="histogram" width="${WIDTH}" height="${HEIGHT + 1}" viewBox="0 0 ${WIDTH} ${HEIGHT + 1}" role="img" aria-label="Distribution of ${name}: ${words.join(', ')}${more}">${bars}<line class="base" x1="0" y1="${HEIGHT + 0.5}" x2="${WIDTH}" y2="${HEIGHT + 0.5}"/></svg>`
}
