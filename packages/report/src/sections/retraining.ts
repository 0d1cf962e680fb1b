import { type Html, html } from '../html.ts'
import type { AlertEntry } from '../production/alerts.ts'
import type { Production } from '../production/production.ts'
import { stepWord } from '../production/retraining.ts'
import { attemptWords } from '../timeline/event-lanes.ts'
import { versionColor, versionName } from '../production/versions.ts'
import { plural } from '../words/clause.ts'
import { instantText, readInstant, spanOfWindow } from '../words/time.ts'
import { digestCode, section, table } from './parts.ts'
import { versionTag } from './story.ts'

/** Alerts listed one by one. */
const MOST_ALERTS = 60

/** Each attempt to retrain, step by step with its time. */
export function retraining(production: Production): Html | '' {
  const { attempts, serving } = production
  if (attempts.length === 0) return ''
  const rows = attempts.map((attempt) => {
    const steps = attempt.steps.map(
      (step) => html`<li>${stepWord(step)} <span class="muted">${instantText(readInstant(step.at) ?? 0)}</span></li>`,
    )
    return html`<tr><th scope="row"><code>${attempt.subject}</code></th><td><ol class="plain steps-list">${steps}</ol></td><td>${attempt.challenger === undefined ? '–' : challenger(production, attempt.challenger)}</td><td class="attempt-${attempt.state}">${attemptWords(attempt, (digest) => versionName(serving, digest))}</td></tr>`
  })
  return section(
    'retraining',
    'Retraining',
    `${attempts.length} ${plural(attempts.length, 'attempt')}; each step is a record of the ledger.`,
    table('Attempts to retrain', ['asked for by', 'steps', 'challenger', 'outcome'], rows),
  )
}

function challenger(production: Production, digest: string): Html {
  const promoted = versionColor(production.serving, digest) !== undefined
  return html`${promoted && versionTag(production, digest)} ${digestCode(digest)}`
}

/** Every alert that was sent, resolved or not taken. */
export function alerts({ alerts: all }: Production): Html | '' {
  if (all.length === 0) return ''
  const shown = all.slice(-MOST_ALERTS).toReversed()
  const rows = shown.map(({ at, event, outcome, receiver }) => {
    const { slice, window, reason } = event.detail ?? {}
    return html`<tr><td>${instantText(at)}</td><td>${OUTCOMES[outcome]}</td><th scope="row"><code>${event.subject}</code>${typeof slice === 'string' && slice !== 'all' ? html` <span class="tag">${slice}</span>` : ''}</th><td>${typeof window === 'string' ? spanOfWindow(window) : '–'}</td><td>${receiver === '' ? '–' : receiver}${typeof reason === 'string' && html`<br><span class="muted">${reason}</span>`}</td></tr>`
  })
  const left = all.length - shown.length
  return section(
    'alerts',
    'Alerts',
    `${all.length} ${plural(all.length, 'message')}, the latest first.`,
    html`${table('Alerts', ['when', 'outcome', 'clause', 'window', 'receiver'], rows)}${left > 0 && html`<p class="muted">${left} earlier ones are in the ledger.</p>`}`,
  )
}

const OUTCOMES: Readonly<Record<AlertEntry['outcome'], string>> = {
  sent: 'sent',
  resolved: 'resolved',
  failed: 'not taken',
}
