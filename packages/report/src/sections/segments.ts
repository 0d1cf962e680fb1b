import { segmentGaps } from '@plumbline/core'
import { type Html, html } from '../html.ts'
import type { ReportInput } from '../input.ts'
import { formatCount, formatNumber, formatShare } from '../words/number.ts'
import { section, table } from './parts.ts'

/** Where the model is weak: segments that one half of the rows showed and the other confirmed, as slices to paste. */
export function segments({ segments: found }: ReportInput): Html | '' {
  if (found === undefined) return ''
  const { relation, loss, tested, alpha } = found
  const lead = `Searched over the declared columns in half of the rows of ${relation}; ${formatCount(tested)} found there ${tested === 1 ? 'was' : 'were'} asked of the other half. That any of those shown is one by chance has a probability of at most ${formatShare(alpha)}.`
  if (found.segments.length === 0) return section('segments', 'Weak segments', lead, html`<p>None was confirmed.</p>`)
  const value = loss === 'wrong-answer' ? formatShare : formatNumber
  const rows = found.segments.map(
    ({ condition, inside, outside, p }) =>
      html`<tr><th scope="row"><code>${condition}</code></th><td class="num">${formatCount(inside.rows)}</td><td class="num"><b>${value(inside.loss)}</b></td><td class="num">${value(outside.loss)}</td><td class="num">${p < 1e-4 ? '< 0.0001' : formatNumber(p)}</td></tr>`,
  )
  const what = loss === 'wrong-answer' ? 'wrong answers' : 'mean absolute error'
  const slices = segmentGaps(found).flatMap(({ yaml }) =>
    yaml === undefined ? [] : [(yaml.split('\n')[1] ?? '').trim()],
  )
  return section(
    'segments',
    'Weak segments',
    lead,
    html`${table('Weak segments', ['rows where', 'rows', what, 'elsewhere', 'p'], rows, 'rows')}<h3>As slices</h3><p class="condition"><code>slices: { ${slices.join(', ')} }</code></p>`,
  )
}
