import { type Html, html } from '../html.ts'
import type { ReportInput } from '../input.ts'
import type { Readings } from '../reading/versions.ts'
import { clauseCard } from './clause.ts'
import { digestCode, section, verdictBar } from './parts.ts'
import { heading } from './versions.ts'

/** Versions whose release tests are shown in full. */
const MOST_VERSIONS = 2

/** What the staged candidate answered: the clauses of the release stage, version by version. */
export function release({ program }: ReportInput, readings: Readings): Html | '' {
  const tested = readings.versions.filter(({ release: found }) => found.length > 0)
  if (tested.length === 0) return ''
  const shown = tested.toSorted((a, b) => (a.lastTested < b.lastTested ? 1 : -1)).slice(0, MOST_VERSIONS)
  const parts = shown.map((version) => {
    const verdicts = version.release.map(({ verdict }) => verdict)
    const cards = version.release.map((reading) =>
      clauseCard(program, reading, `release-${version.anchor}-${reading.id}`),
    )
    return html`<h3>${heading(version)} ${digestCode(version.digest)}</h3>${verdictBar(verdicts)}${cards}`
  })
  const left = tested.length - shown.length
  return section(
    'release',
    'Release tests',
    html`Requests generated from the declared domain, sent to the staged candidate over HTTP, and its answers.${left > 0 && html` ${left} more versions were tested; those of the latest are shown.`}`,
    parts,
  )
}
