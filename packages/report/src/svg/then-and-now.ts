import { type Html, html } from '../html.ts'
import type { Bin } from '../picture.ts'
import { formatCount, formatShare } from '../words/number.ts'
import { round } from './scale.ts'

const WIDTH = 240
const HEIGHT = 64
/** Bars beyond this many would be thinner than a pixel can show. */
const MOST_BINS = 60

/** Rows of both sides, so that bars are shares of the rows they come from. */
export interface Sides {
  readonly now: number
  readonly before?: number
}

/**
 * A histogram as wide as its place: bars of the rows now, and a stepped line over them of the rows before, both as shares.
 * Every bar says its label and numbers when pointed at, and the whole says them to a screen reader.
 */
export function thenAndNow(bins: readonly Bin[], name: string, { now, before }: Sides): Html {
  const shown = bins.slice(0, MOST_BINS)
  const share = (count: number | undefined, rows: number | undefined): number =>
    rows === undefined || !(rows > 0) || count === undefined || !Number.isFinite(count) ? 0 : count / rows
  const shares = shown.map((bin) => ({ now: share(bin.count, now), before: share(bin.before, before) }))
  const most = Math.max(1e-12, ...shares.flatMap((each) => [each.now, each.before]))
  const step = WIDTH / Math.max(1, shown.length)
  const gap = step > 6 ? 2 : step > 3 ? 1 : 0
  const heightOf = (value: number): number => (value > 0 ? Math.max(1, round((value / most) * (HEIGHT - 2))) : 0)
  const bars = shown.map((bin, i) => {
    const height = heightOf(shares[i]?.now ?? 0)
    const words =
      before === undefined
        ? formatCount(bin.count)
        : `${formatShare(shares[i]?.now ?? 0)} now, ${formatShare(shares[i]?.before ?? 0)} before`
    // As high as the drawing, so that an empty bar can be pointed at, too.
    return html`<g><title>${bin.label}: ${words}</title><rect class="hit" x="${round(i * step)}" y="0" width="${round(step)}" height="${HEIGHT}"/><rect class="bar" x="${round(i * step + gap / 2)}" y="${round(HEIGHT - height)}" width="${round(step - gap)}" height="${height}"/></g>`
  })
  return html`<svg class="histogram" viewBox="0 0 ${WIDTH} ${HEIGHT + 1}" preserveAspectRatio="none" role="img" aria-label="${described(shown, shares, name, before !== undefined)}">${bars}${before === undefined ? '' : outline(shares, step, heightOf)}<line class="base" x1="0" y1="${HEIGHT + 0.5}" x2="${WIDTH}" y2="${HEIGHT + 0.5}"/></svg>`
}

/** The outline of the bars before: a line that steps from one to the next. */
function outline(
  shares: readonly { readonly before: number }[],
  step: number,
  heightOf: (share: number) => number,
): Html {
  const path = shares.map(({ before }, i) => {
    const y = round(HEIGHT - heightOf(before))
    return `${i === 0 ? 'M0' : `L${round(i * step)}`} ${y}L${round((i + 1) * step)} ${y}`
  })
  return html`<path class="before" d="${path.join('')}"/>`
}

function described(
  bins: readonly Bin[],
  shares: readonly { readonly now: number; readonly before: number }[],
  name: string,
  compared: boolean,
): string {
  const words = bins.slice(0, 12).map(({ label, count }, i) => {
    const { now = 0, before = 0 } = shares[i] ?? {}
    return compared
      ? `${label}: ${formatShare(now)} now, ${formatShare(before)} before`
      : `${label}: ${formatCount(count)}`
  })
  const more = bins.length > 12 ? `, and ${bins.length - 12} more` : ''
  return `Distribution of ${name}: ${words.join('; ')}${more}`
}
