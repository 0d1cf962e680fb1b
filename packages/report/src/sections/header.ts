import type { ReportInput } from '../input.ts'
import { type Html, type HtmlPart, html } from '../html.ts'
import { facts } from './parts.ts'

/** What system this is, for what it is meant and for what it is not. */
export function header({ program, gate }: ReportInput): Html {
  const { spec, about } = program
  const owners = about.owners.map(({ name, contact }) => (contact === undefined ? name : `${name} (${contact})`))
  return html`<header class="head"><p class="kind">Evidence report</p><h1>${spec.name} <span class="version">${spec.version}</span>${
    gate === undefined
      ? ''
      : html`<a class="gate ${gate.open ? 'open' : 'closed'}" href="#decision"><span aria-hidden="true">${gate.open ? '✓' : '✗'}</span> gate ${gate.open ? 'open' : 'closed'}</a>`
  }</h1>${about.purpose === undefined ? html`<p class="purpose none">The spec states no purpose.</p>` : html`<p class="purpose">${about.purpose}</p>`}${facts(
    [
      ['intended use', list(about.intendedUse)],
      ['excluded use', list(about.excludedUse)],
      ['owners', owners.join(', ')],
      ['risk class', about.risk],
      ['frameworks', about.frameworks.join(', ')],
    ],
  )}</header>`
}

function list(items: readonly string[]): HtmlPart {
  return items.length === 0 ? html`<span class="none">not stated in the spec</span>` : items.join('; ')
}
