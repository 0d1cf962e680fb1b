import { type Html, type HtmlPart, html } from '../html.ts'
import type { ReportInput } from '../input.ts'
import type { ClauseReading } from '../reading/instances.ts'
import type { Readings, Version } from '../reading/versions.ts'
import { plural } from '../words/clause.ts'
import { formatCount } from '../words/number.ts'
import { clauseCard } from './clause.ts'
import { badge, digestCode, section, table, verdictBar } from './parts.ts'
import { heading } from './versions.ts'

/** Versions whose release tests are shown in full. */
const MOST_VERSIONS = 2

/** What the staged candidate answered: the clauses of the release stage, version by version. */
export function release({ program }: ReportInput, readings: Readings): Html | '' {
  const tested = readings.versions.filter(({ release: found }) => found.length > 0)
  if (tested.length === 0) return ''
  const shown = tested.toSorted((a, b) => (lastStaged(a) < lastStaged(b) ? 1 : -1)).slice(0, MOST_VERSIONS)
  const left = tested.length - shown.length
  return section(
    'release',
    'Release tests',
    html`Requests generated from the declared domain, sent to the staged candidate over HTTP, and its answers.${left > 0 && html` ${left} more ${plural(left, 'version was', 'versions were')} tested; those of the latest are shown.`}`,
    shown.map((version) => versionTests(program, version)),
  )
}

function versionTests(program: ReportInput['program'], version: Version): Html {
  const found = version.release
  const held = found.filter((reading) => isContract(reading) && reading.verdict === 'satisfied')
  const rest = found.filter((reading) => !held.includes(reading)).toSorted((a, b) => rank(a) - rank(b))
  const card = (reading: ClauseReading): Html => clauseCard(program, reading, `release-${version.anchor}-${reading.id}`)
  return html`<h3>${heading(version)} ${digestCode(version.digest)}</h3>${verdictBar(found.map(({ verdict }) => verdict))}${rest.map(card)}${contracts(held)}`
}

function lastStaged({ release: found }: Version): string {
  return found.flatMap(({ answers }) => answers.map(({ run }) => run.at)).reduce((a, b) => (a > b ? a : b), '')
}

/** The checks of the stage first, then what was written by hand, then contracts. */
function rank({ clause, id }: ClauseReading): number {
  if (id.startsWith('release.')) return 0
  return clause?.origin === 'authored' ? 1 : 2
}

function isContract({ clause, id }: ClauseReading): boolean {
  return clause?.origin === 'contract' && !id.startsWith('release.')
}

function contracts(held: readonly ClauseReading[]): HtmlPart {
  if (held.length === 0) return ''
  const rows = held.map(({ id, answers }) => {
    const [statement] = answers.map((each) => each.statement)
    const n = statement !== undefined && 'n' in statement && statement.n !== undefined ? formatCount(statement.n) : '–'
    return html`<tr><th scope="row"><code>${id}</code></th><td class="num">${n}</td></tr>`
  })
  return html`<details class="clause satisfied"><summary><span class="title">${badge('satisfied')} <b>${held.length} contracts</b></span><span class="says">Satisfied by all that was asked and answered.</span></summary><div class="inside">${table('Contracts satisfied in staging', ['contract', 'rows'], rows)}</div></details>`
}
