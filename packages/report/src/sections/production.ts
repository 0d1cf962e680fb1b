import { type Html, type HtmlPart, html } from '../html.ts'
import type { ReportInput } from '../input.ts'
import type { Production } from '../production/production.ts'
import { windowsPerCell } from '../production/bins.ts'
import { windowSpan } from '../production/span.ts'
import { inlineMark, type Mark } from '../timeline/marks.ts'
import { timeline } from '../timeline/timeline.ts'
import { plural } from '../words/clause.ts'
import { instantText, spanText } from '../words/time.ts'
import { digestCode, section } from './parts.ts'
import { story, versionTag } from './story.ts'

/** Whether there is anything of production to show. */
export function hasProduction({ lanes, events }: Production): boolean {
  return lanes.length > 0 || events.length > 0
}

/** What happened in production: who serves now, the story, and everything on one axis of time. */
export function production(input: ReportInput, found: Production): Html | '' {
  if (!hasProduction(found) || found.span === undefined) return ''
  const { serving, simulated, span, lanes } = found
  const most = Math.max(0, ...lanes.map(({ windows }) => windows.length))
  const size = windowsPerCell(most)
  const now =
    serving.now === undefined
      ? html`No version was promoted yet.`
      : html`${versionTag(found, serving.now.digest)} ${digestCode(serving.now.digest)} is the version in production${since(found)}.`
  const ends = windowSpan(lanes) ?? span
  const lead = html`${spanText(ends.from, ends.to, true)}, ${most} ${plural(most, 'window')}.${size > 1 && html` A cell stands for up to ${size} windows and shows the gravest of them.`}`
  return section(
    'production',
    'In production',
    lead,
    html`${simulated && html`<p class="simulated"><b>Simulated clock.</b> These times come from <code>--clock</code>: what is recorded here happened, but not when it says.</p>`}<p class="now">${now}</p>${story(input, found)}<h3>Timeline</h3>${timeline(found)}${legend()}`,
  )
}

/** Since when, and whether that was read back. */
function since({ serving }: Production): HtmlPart {
  const last = serving.tenures.at(-1)
  if (last === undefined) return ''
  const from = last.from === undefined ? '' : ` since ${instantText(last.from)}`
  if (last.deployed !== undefined) return html`${from}, read back ${inlineMark('deployed')}`
  return last.mismatches.length > 0
    ? html`${from}; <b class="mark violated">what was read back is something else</b>`
    : html`${from}, not read back`
}

const MARKS: readonly (readonly [Mark, string])[] = [
  ['promoted', 'promoted'],
  ['rolled-back', 'rolled back'],
  ['mismatch', 'read back as something else'],
  ['sent', 'alert sent'],
  ['resolved', 'alert resolved'],
  ['failed', 'alert failed'],
  ['late', 'decided again with late rows'],
]

function legend(): Html {
  const verdicts = [
    ['satisfied', '✓'],
    ['violated', '✗'],
    ['inconclusive', '?'],
    ['error', '!'],
  ] as const
  return html`<p class="legend">${verdicts.map(([verdict, sign]) => html`<span><span class="swatch ${verdict}" aria-hidden="true">${sign}</span> ${verdict}</span> `)}${MARKS.map(([mark, text]) => html`<span>${inlineMark(mark)} ${text}</span> `)}<span><span class="swatch skipped" aria-hidden="true">…</span> waits for labels</span> <span><span class="swatch bound" aria-hidden="true"></span> bound, allowed side shaded</span></p>`
}
