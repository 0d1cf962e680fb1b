import type { ReportInput } from '../input.ts'
import { type Html, html } from '../html.ts'
import type { Readings, Version } from '../reading/versions.ts'
import { worstVerdict } from '../words/verdict.ts'
import { clauseCard } from './clause.ts'
import { badge, digestCode, moment, section, table, verdictBar } from './parts.ts'

/** All versions that were tested, side by side. */
export function versionTable(readings: Readings): Html | '' {
  if (readings.versions.length === 0) return ''
  const rows = readings.versions.map((version) => {
    const verdicts = version.clauses.map(({ verdict }) => verdict)
    const worst = worstVerdict(blocking(version))
    return html`<tr><th scope="row">${version.clauses.length === 0 ? roleText(version) : html`<a href="#${version.anchor}">${roleText(version)}</a>`}</th><td>${digestCode(version.digest)}</td><td>${worst === undefined ? html`<span class="none">nothing blocking</span>` : badge(worst)}</td><td class="wide">${verdicts.length === 0 ? html`<span class="none">only compared with</span>` : verdictBar(verdicts)}</td><td>${version.lastTested === '' ? html`<span class="none">never</span>` : moment(version.lastTested)}</td></tr>`
  })
  return section(
    'models',
    'Model versions',
    'Evidence counts only for the version it was made on. The version in production comes first.',
    table('Model versions', ['version', 'digest', 'blocking clauses', 'all clauses', 'last tested'], rows, 'versions'),
  )
}

/** What was found of each version, clause by clause. */
export function versionSections({ program }: ReportInput, readings: Readings): readonly Html[] {
  return readings.versions.flatMap((version) => {
    if (version.clauses.length === 0) return []
    const cards = version.clauses.map((reading) => clauseCard(program, reading, `${version.anchor}-${reading.id}`))
    const open = version.clauses.filter(({ verdict }) => verdict !== 'satisfied')
    const jump =
      open.length === 0
        ? ''
        : html`<p class="jump">Not satisfied: ${open.map(({ id, verdict }, i) => html`${i === 0 ? '' : ', '}<a href="#${version.anchor}-${id}">${badge(verdict)} <code>${id}</code></a>`)}</p>`
    return [
      section(
        version.anchor,
        heading(version),
        html`${digestCode(version.digest)}${version.firstTested === '' ? '' : html`, tested ${moment(version.firstTested)}${version.lastTested === version.firstTested ? '' : html` to ${moment(version.lastTested)}`}`}`,
        html`${verdictBar(version.clauses.map(({ verdict }) => verdict))}${jump}${cards}`,
      ),
    ]
  })
}

/** Verdicts of the clauses that close a gate; `skipped: no-champion` alone does not. */
function blocking(version: Version): readonly Version['clauses'][number]['verdict'][] {
  return version.clauses.flatMap(({ answers, verdict }) => {
    const blocks = answers.some(({ statement }) => statement.severity === 'block')
    const excused = answers.every(
      ({ statement }) => statement.verdict === 'skipped' && statement.reason === 'no-champion',
    )
    return blocks && !excused ? [verdict] : []
  })
}

function roleText(version: Version): string {
  return version.role === 'other model' ? `model ${version.names.join(', ')}` : version.role
}

/** `Champion`, `Tested version 3`. */
export function heading(version: Version): string {
  const number = version.anchor.replace('model-', '')
  switch (version.role) {
    case 'champion':
      return 'Champion, in production'
    case 'candidate':
      return 'Candidate'
    case 'former champion':
      return `Former champion${version.name === undefined ? '' : `, ${version.name}`}`
    case 'other model':
      return `Model ${version.names.join(', ')}`
    case 'tested':
      return `Tested version ${number}`
  }
}
