import { type Html, html, trusted } from '../html.ts'
import type { AlertEntry } from '../production/alerts.ts'
import type { Production } from '../production/production.ts'
import type { Attempt } from '../production/retraining.ts'
import { stepWord } from '../production/retraining.ts'
import { versionName } from '../production/versions.ts'
import { refusalText } from '../words/refusal.ts'
import { instantText, readInstant, spanText } from '../words/time.ts'
import { guide } from './axis.ts'
import { laneDrawing, laneRow } from './lane.ts'
import { type Mark, markAt } from './marks.ts'
import { percent, type TimeScale } from './time-scale.ts'

const ATTEMPT_HEIGHT = 26
const MARK_HEIGHT = 18
/** Percent of the axis: nearer than this to the next one, an attempt has no room for words. */
const ROOM_FOR_WORDS = 14
const ROOM_FOR_REASON = 24
/** Marks that fall into one of so many parts of the axis are one mark with a number. */
const PLACES = 48

/** The attempts to retrain: from the suspicion to the end, in the color of the outcome. */
export function retrainingRow({ attempts, serving }: Production, scale: TimeScale): Html | '' {
  if (attempts.length === 0) return ''
  const places = attempts.map(({ from, to }) => ({ left: scale.at(from), right: scale.at(to) }))
  const bars = attempts.map((attempt, i) => {
    const { left, right } = places[i] ?? { left: 0, right: 0 }
    const room = (places[i + 1]?.left ?? 100) - right
    const { reason: _, ...unsaid } = attempt
    const words = attemptWords(room < ROOM_FOR_REASON ? unsaid : attempt, (digest) => versionName(serving, digest))
    const text =
      room < ROOM_FOR_WORDS
        ? html``
        : html`<svg x="${percent(right)}" width="${percent(room)}" height="${ATTEMPT_HEIGHT}"><text x="9" y="17">${words}</text></svg>`
    return html`<g class="attempt ${trusted(attempt.state)}"><title>${attempt.subject}: ${attempt.steps.map((step) => `${stepWord(step)} ${instantText(readInstant(step.at) ?? 0)}`).join(', ')}${attempt.reason === undefined ? '' : ` (${refusalText(attempt.reason)})`}</title><line x1="${percent(left)}" x2="${percent(Math.max(right, left + 0.01))}" y1="13" y2="13"/>${text}</g>`
  })
  const counts = `${attempts.filter(({ state }) => state === 'promoted').length} promoted, ${attempts.filter(({ state }) => state === 'refused').length} refused`
  return laneRow({
    label: html`<a href="#retraining">retraining</a>`,
    drawing: laneDrawing(ATTEMPT_HEIGHT, `${attempts.length} attempts to retrain: ${counts}`, html`${guide}${bars}`),
    end: `${attempts.length}×`,
  })
}

/** What became of an attempt, in few words: `promoted v2`, `refused: the gate stayed closed`. */
export function attemptWords(
  { state, challenger, reason, steps }: Attempt,
  nameOf: (digest: string) => string,
): string {
  if (state === 'promoted') return `promoted${challenger === undefined ? '' : ` ${nameOf(challenger)}`}`
  if (state === 'refused') return `refused${reason === undefined ? '' : `: ${refusalText(reason)}`}`
  const last = steps.at(-1)
  return last === undefined ? 'running' : `${stepWord(last)}, and not at its end`
}

/** Alerts, a lane for each outcome that there was, and the labels that arrived. */
export function alertRows({ alerts, events }: Production, scale: TimeScale): readonly Html[] {
  const row = (outcome: AlertEntry['outcome'], label: string): Html | undefined => {
    const found = alerts.filter((alert) => alert.outcome === outcome)
    if (found.length === 0) return undefined
    const texts = found.map(({ at, event }) => ({ at, text: `${event.subject}, ${instantText(at)}` }))
    return markRow(outcome, html`<a href="#alerts">${label}</a>`, label, texts, scale)
  }
  const labels = events.flatMap(({ kind, at, subject }) => {
    const instant = readInstant(at)
    return kind === 'labels.arrived' && instant !== undefined
      ? [{ at: instant, text: `${subject}, ${instantText(instant)}` }]
      : []
  })
  return [
    row('sent', 'alerts sent'),
    row('resolved', 'alerts resolved'),
    row('failed', 'alerts failed'),
    labels.length === 0 ? undefined : markRow('labels', 'labels arrived', 'labels arrived', labels, scale),
  ].filter((each) => each !== undefined)
}

function markRow(
  mark: Mark,
  label: Html | string,
  name: string,
  entries: readonly { readonly at: number; readonly text: string }[],
  scale: TimeScale,
): Html {
  const places = Map.groupBy(entries, ({ at }) => Math.min(PLACES - 1, Math.floor((scale.at(at) / 100) * PLACES)))
  const marks = [...places.values()].map((found) => {
    const [first] = found
    const place = scale.at(first?.at ?? scale.from)
    const shown = found.slice(0, 12).map(({ text }) => text)
    const more = found.length > shown.length ? `, and ${found.length - shown.length} more` : ''
    const number =
      found.length > 1 &&
      html`<svg x="${percent(place)}" y="0" width="40" height="${MARK_HEIGHT}" class="over"><text x="7" y="13">${found.length}</text></svg>`
    return html`<g><title>${shown.join('; ')}${more}</title>${markAt(mark, place, MARK_HEIGHT / 2)}${number}</g>`
  })
  const times = entries.map(({ at }) => at)
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0]
  return laneRow({
    label,
    drawing: laneDrawing(
      MARK_HEIGHT,
      `${name}: ${entries.length}, ${spanText(first, last)}`,
      html`${guide}<g class="marks">${marks}</g>`,
    ),
    end: String(entries.length),
  })
}
