import type { ClauseSeverity, Measured, Verdict } from '@plumbline/core'
import { type Html, type HtmlPart, html } from '../html.ts'
import { shortDigest } from '../words/clause.ts'
import { formatCell } from '../words/number.ts'
import { countVerdicts, verdictSign } from '../words/verdict.ts'

/** A verdict: sign and word, in the color of the verdict. */
export function badge(verdict: Verdict): Html {
  return html`<span class="badge ${verdict}"><span class="sign" aria-hidden="true">${verdictSign(verdict)}</span>${verdict}</span>`
}

/** A verdict in few pixels, its word for screen readers and when pointed at. */
export function mark(verdict: Verdict, more: HtmlPart = ''): Html {
  return html`<span class="mark ${verdict}" title="${verdict}"><span class="sign" aria-hidden="true">${verdictSign(verdict)}</span><span class="sr">${verdict}</span>${more}</span>`
}

/** What a clause that is not satisfied does, where that is not to close the gate. */
export function severityTag(severity: ClauseSeverity): Html | undefined {
  return severity === 'block' ? undefined : html`<span class="tag">${severity}</span>`
}

/** A digest, shortened, whole when pointed at. */
export function digestCode(digest: string): Html {
  return html`<code class="digest" title="${digest}">${shortDigest(digest)}</code>`
}

/** A cell of data as people read it. */
export function cellText(value: Measured | undefined): Html {
  if (value === undefined) return html`<span class="none">–</span>`
  if (value === null) return html`<span class="none">missing</span>`
  return typeof value === 'string' ? html`<span class="text">${value}</span>` : html`${formatCell(value)}`
}

/** A definition list of what is stated; what is not stated is left out. */
export function facts(entries: readonly (readonly [name: string, value: HtmlPart])[], kind = ''): Html {
  const stated = entries.filter(([, value]) => value !== undefined && value !== false && value !== '')
  if (stated.length === 0) return html``
  return html`<dl class="facts ${kind}">${stated.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

/** A section with its heading. */
export function section(id: string, title: string, lead: HtmlPart, body: HtmlPart): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${lead === '' ? '' : html`<p class="lead">${lead}</p>`}${body}</section>`
}

/** A table that scrolls by itself when the page is narrow. `caption` is read out and not shown. */
export function table(caption: string, head: readonly HtmlPart[], rows: readonly HtmlPart[], kind = ''): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="${kind}"><caption class="sr">${caption}</caption><thead><tr>${head.map(
    (cell) => html`<th scope="col">${cell}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table></div>`
}

/** Counts of verdicts as a bar of proportional parts with the words under it. */
export function verdictBar(verdicts: readonly Verdict[]): Html {
  const counts = countVerdicts(verdicts)
  const order: readonly Verdict[] = ['satisfied', 'inconclusive', 'violated', 'error', 'skipped']
  const present = order.filter((verdict) => counts[verdict] > 0)
  return html`<div class="verdict-bar"><div class="bar" aria-hidden="true">${present.map(
    (verdict) => html`<span class="${verdict}" style="flex:${counts[verdict]}"></span>`,
  )}</div><p>${present.map(
    (verdict) =>
      html`<span class="count ${verdict}"><span class="sign" aria-hidden="true">${verdictSign(verdict)}</span>${counts[verdict]} ${verdict}</span> `,
  )}</p></div>`
}

/** A moment in UTC, to the minute; the exact text for machines. */
export function moment(at: string): Html {
  const shown = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(at) ? `${at.slice(0, 10)} ${at.slice(11, 16)} UTC` : at
  return html`<time datetime="${at}">${shown}</time>`
}

/** A sentence of ours in which `code` is marked by backticks. */
export function prose(sentence: string): Html {
  const parts = sentence.split('`')
  // An odd number of backticks is a text of the spec with one in it: then none of them marks anything.
  if (parts.length % 2 === 0) return html`${sentence}`
  return html`${parts.map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}`
}
