import type { Distribution } from '../input.ts'
import { type Html, html } from '../html.ts'
import { histogram } from '../svg/histogram.ts'
import { formatCount } from '../words/number.ts'
import { section } from './parts.ts'

/** How the values of the columns lie: one small histogram a column, grouped by relation. */
export function distributions(all: readonly Distribution[]): Html | '' {
  const shown = all.filter(({ bins }) => bins.length > 0)
  if (shown.length === 0) return ''
  const groups = [...Map.groupBy(shown, ({ relation }) => relation)]
  return section(
    'distributions',
    'Distributions',
    '',
    groups.map(
      ([relation, columns]) =>
        html`<h3><code>${relation}</code></h3><div class="histograms">${columns.map(figure)}</div>`,
    ),
  )
}

function figure({ column, bins }: Distribution): Html {
  const total = bins.reduce((sum, { count }) => sum + count, 0)
  const [first, last] = [bins[0]?.label ?? '', bins.length > 1 ? (bins.at(-1)?.label ?? '') : '']
  return html`<figure><figcaption><code>${column}</code> <span class="muted">${formatCount(total)}</span></figcaption>${histogram(bins, column)}<p class="ends"><span>${first}</span><span>${last}</span></p></figure>`
}
