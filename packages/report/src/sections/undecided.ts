import type { Statement } from '@plumbline/core'
import { type Html, html } from '../html.ts'
import { whyUndecided } from '../words/reason.ts'
import { badge, prose } from './parts.ts'

/** Why there is no decision, said as openly as a decision would be. */
export function undecided(statement: Statement): Html {
  if (!('reason' in statement)) return html``
  const cause = 'cause' in statement && statement.cause !== undefined ? statement.cause : undefined
  return html`<div class="answer"><p>${statement.slice === 'all' ? '' : html`<b>${statement.slice}</b> `}${badge(statement.verdict)} ${whyUndecided(statement)}.${cause === undefined ? '' : html` <span class="cause">${prose(cause)}</span>`}</p></div>`
}
