import type { ReportInput } from '../input.ts'
import { type Html, html } from '../html.ts'
import { type Readings, readingsFor } from '../reading/versions.ts'
import { badge, section, table } from './parts.ts'

/** Each hazard with what controls it, and whether those controls held for the version shown first. */
export function hazards({ program }: ReportInput, readings: Readings): Html | '' {
  const all = program.about.hazards
  if (all.length === 0) return ''
  const found = new Map(readingsFor(readings, readings.versions[0]).map((reading) => [reading.id, reading]))
  const rows = all.map(({ id, says, severity, controls }) => {
    const named = [
      ...new Set([
        ...controls,
        ...program.clauses.filter((clause) => clause.hazards.includes(id)).map((clause) => clause.id),
      ]),
    ]
    const items = named.map((control) => {
      const reading = found.get(control)
      return html`<li>${reading === undefined ? html`<span class="tag">not tested</span>` : badge(reading.verdict)} <code class="id">${control}</code></li>`
    })
    return html`<tr><th scope="row"><b>${id}</b> ${says}</th><td>${severity ?? html`<span class="none">not stated</span>`}</td><td>${items.length === 0 ? html`<span class="mark violated">✗ nothing controls it</span>` : html`<ul class="plain">${items}</ul>`}</td></tr>`
  })
  const [shown] = readings.versions
  return section(
    'hazards',
    'Hazards',
    shown === undefined
      ? 'What could go wrong, and the clauses that control it.'
      : `What could go wrong, and whether the clauses that control it hold for the ${shown.role}.`,
    table('Hazards and their controls', ['hazard', 'severity', 'controls'], rows, 'hazards'),
  )
}
