import { type Html, html } from '../html.ts'
import type { DatasetPicture } from '../picture.ts'
import { formatCount, formatShare } from '../words/number.ts'

/** Which cells are missing together: a row a pattern, a column a column, a bar for how often. */
export function gaps({ gaps: patterns, now }: DatasetPicture): Html | '' {
  if (patterns.length === 0) return ''
  const names = [...new Set(patterns.flatMap(({ columns }) => columns))]
  const most = Math.max(1, ...patterns.map(({ rows }) => rows))
  const rows = patterns.map(({ columns, rows: count }) => {
    const missing = new Set(columns)
    const cells = names.map((name) =>
      missing.has(name)
        ? html`<td class="gap"><span aria-hidden="true">●</span><span class="sr">missing</span></td>`
        : html`<td class="gap"><span class="none" aria-hidden="true">·</span></td>`,
    )
    const width = Math.max(1, Math.round((100 * count) / most))
    return html`<tr><td class="number">${formatShare(now.rows > 0 ? count / now.rows : 0)} <span class="muted">${formatCount(count)}</span></td><td class="amount"><svg class="amount" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="bar" width="${width}" height="8"/></svg></td>${cells}</tr>`
  })
  return html`<h4>Missing together</h4><div class="scroll" tabindex="0" role="region" aria-label="Which cells are missing together"><table class="gaps"><caption class="sr">Rows by the cells that they lack</caption><thead><tr><th scope="col">rows</th><th scope="col"><span class="sr">as a bar</span></th>${names.map((name) => html`<th scope="col" class="turned"><span>${name}</span></th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`
}

/** Correlations between amounts as a table whose cells are shaded by strength and sign. */
export function correlations({ correlations: found }: DatasetPicture): Html | '' {
  if (found === undefined) return ''
  const { columns, r } = found
  const rows = columns.map(
    (name, i) =>
      html`<tr><th scope="row"><code>${name}</code></th>${columns.map((_, j) => cell(i === j ? undefined : r[i]?.[j]))}</tr>`,
  )
  return html`<h4>Correlations</h4><div class="scroll" tabindex="0" role="region" aria-label="Correlations between columns"><table class="correlations"><caption class="sr">Pearson correlation of each two columns</caption><thead><tr><td></td>${columns.map((name) => html`<th scope="col" class="turned"><span>${name}</span></th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`
}

function cell(r: number | null | undefined): Html {
  if (r === undefined) return html`<td class="self"></td>`
  if (r === null) return html`<td><span class="none">–</span></td>`
  const strength = Math.min(4, Math.floor(Math.abs(r) * 5))
  return html`<td class="${r < 0 ? 'negative' : 'positive'} s${strength}">${hundredths(r)}</td>`
}

/** `.42`, `−.07`, `1`: two digits are enough, and narrow. */
function hundredths(r: number): string {
  const text = Math.abs(r).toFixed(2)
  const short = text === '1.00' ? '1' : text.slice(1)
  return `${r < 0 && text !== '0.00' ? '−' : ''}${short}`
}
