import type { Verdict } from '@plumbline/core'
import { type Html, html, trusted } from '../html.ts'
import type { Bin } from '../production/bins.ts'
import { isRevised, isWaiting } from '../production/lanes.ts'
import { VERDICTS, verdictSign } from '../words/verdict.ts'
import { markAt } from './marks.ts'
import { percent, type TimeScale } from './time-scale.ts'

/** Pixels. */
export const CELL_HEIGHT = 20

/** A lane of verdicts: one cell a window (or several windows), in the color and with the sign of the gravest. */
export function verdictCells(bins: readonly Bin[], scale: TimeScale, words: (bin: Bin) => string): Html {
  const dense = bins.some(({ windows }) => windows.length > 1)
  // Instants may lie on each other: the gravest is drawn last, and seen.
  const drawn = bins.some(({ from, to }) => from === to) ? bins.toSorted((a, b) => rank(a) - rank(b)) : bins
  return html`${drawn.map((bin) => {
    const [left, right] = [scale.at(bin.from), scale.at(bin.to)]
    const width = right > left ? percent(right - left) : 6
    const replaced = bin.windows.some(({ answers }) => answers.some(isRevised))
    const waits = bin.windows.every(({ answers }) => answers.some(({ evidence }) => isWaiting(evidence)))
    // Beside cells without a sign those with one stand out; with hundreds of windows that is worth more than the tick.
    const told = bin.verdict !== 'satisfied' || !dense
    const sign =
      right > left &&
      told &&
      html`<text x="${percent((left + right) / 2)}" y="14.5">${waits ? WAITING : SIGNS[bin.verdict]}</text>`
    return html`<g class="cell ${trusted(bin.verdict)}${right <= left && ' instant'}${waits && ' waiting'}"><title>${words(bin)}</title><rect x="${percent(left)}" width="${width}" height="${CELL_HEIGHT}"/>${sign}${replaced && markAt('late', right, 1)}</g>`
  })}`
}

const rank = ({ verdict }: Bin): number => -VERDICTS.indexOf(verdict)

const WAITING = trusted('…')

const SIGNS: Readonly<Record<Verdict, Html>> = {
  satisfied: trusted(verdictSign('satisfied')),
  violated: trusted(verdictSign('violated')),
  inconclusive: trusted(verdictSign('inconclusive')),
  error: trusted(verdictSign('error')),
  skipped: trusted(verdictSign('skipped')),
}
