import { codeSpan, escapeMarkdown, markdownTable } from '../markdown.ts'
import { readingsFor } from '../reading/versions.ts'
import { type CardSubject, NOT_STATED } from './subject.ts'
import { verdictText } from './metrics.ts'

/** Hazards, the clauses that control them and whether those hold for this version. */
export function hazardControls({ input, readings, version }: CardSubject): string {
  const { program } = input
  const found = new Map(readingsFor(readings, version).map((reading) => [reading.id, reading.verdict]))
  const rows = program.about.hazards.map(({ id, says, severity, controls }) => {
    const named = [
      ...new Set([
        ...controls,
        ...program.clauses.filter(({ hazards }) => hazards.includes(id)).map((clause) => clause.id),
      ]),
    ]
    const held = named.map((control) => {
      const verdict = found.get(control)
      return `${codeSpan(control)} ${verdict === undefined ? 'not tested' : verdictText(verdict)}`
    })
    return [
      `**${escapeMarkdown(id)}** ${escapeMarkdown(says)}`,
      severity === undefined ? NOT_STATED : escapeMarkdown(severity),
      held.length === 0 ? '**nothing controls it**' : held.join('<br>'),
    ]
  })
  const body =
    rows.length === 0
      ? `Hazards: ${NOT_STATED}.`
      : markdownTable(['hazard', 'severity', 'controls and their verdicts'], rows).trimEnd()
  return `## Ethical considerations and hazards\n\n${body}`
}
