import type { Clause, Verdict } from '@plumbline/core'
import type { ReportInput } from '../input.ts'
import { type Html, type HtmlPart, html } from '../html.ts'
import type { ClauseReading } from '../reading/instances.ts'
import { askedBeforeRelease, type Readings, readingsFor, type Version } from '../reading/versions.ts'
import { latestAnswers } from '../production/latest.ts'
import type { Production } from '../production/production.ts'
import { shortDigest } from '../words/clause.ts'
import { spanText } from '../words/time.ts'
import { worstVerdict } from '../words/verdict.ts'
import { mark, section, severityTag, table } from './parts.ts'

/** More columns than this do not fit on paper. */
const MOST_VERSIONS = 4

/** Requirement → clauses → verdicts, one column a version: what is covered, what is not, and what failed. */
export function requirements({ program, trace }: ReportInput, readings: Readings, production: Production): Html | '' {
  const all = program.about.requirements
  if (all.length === 0) return ''
  const versions = readings.versions.filter(({ role }) => role !== 'other model').slice(0, MOST_VERSIONS)
  const columns: readonly (Version | undefined)[] = versions.length === 0 ? [undefined] : versions
  const byId = columns.map((version) => new Map(readingsFor(readings, version).map((reading) => [reading.id, reading])))
  const heads: HtmlPart[] = ['requirement', 'clause', ...columns.map(columnHead)]
  const uncovered = all.filter(({ id }) => !program.clauses.some(({ meets }) => meets.includes(id)))
  const rows = all.flatMap(({ id, says, source, owner }) => {
    const clauses = program.clauses.filter(({ meets }) => meets.includes(id))
    const state = trace?.requirements.find((each) => each.id === id)?.state
    const about = html`<th scope="rowgroup" rowspan="${Math.max(1, clauses.length)}"><b>${id}</b> ${says}${
      state === undefined
        ? ''
        : html` <span class="tag">${state === 'suspect' ? 'suspect: its text changed' : state}</span>`
    }${
      source === undefined && owner === undefined
        ? ''
        : html`<br><span class="muted">${[source, owner].filter((x) => x !== undefined).join(' · ')}</span>`
    }</th>`
    if (clauses.length === 0)
      return [
        html`<tr>${about}<td colspan="${1 + columns.length}"><span class="mark violated">✗ no clause meets it</span></td></tr>`,
      ]
    return clauses.map(
      (clause, i) =>
        html`<tr>${i === 0 ? about : ''}<td><code class="id">${clause.id}</code>${severityTag(clause.severity)}</td>${byId.map((found, column) => html`<td>${cell(program, clause, found.get(clause.id), inProduction(production, clause, columns[column]))}</td>`)}</tr>`,
    )
  })
  const lead =
    uncovered.length === 0
      ? 'Every requirement is met by at least one clause of the spec; here is what the clauses found.'
      : `No clause meets ${uncovered.map(({ id }) => id).join(', ')}.`
  const orphans = trace?.orphans.clauses ?? []
  return section(
    'requirements',
    'Requirements',
    lead,
    html`${table('Requirements, clauses and verdicts', heads, rows, 'coverage')}${
      orphans.length === 0
        ? ''
        : html`<p class="muted">Meets no requirement and controls no hazard: ${orphans.map((id, i) => html`${i === 0 ? '' : ', '}<code>${id}</code>`)}</p>`
    }`,
  )
}

function columnHead(version: Version | undefined): HtmlPart {
  if (version === undefined) return 'verdict'
  if (version.clauses.length === 0) return html`${version.role}<br><code>${shortDigest(version.digest)}</code>`
  return html`${version.role}<br><a class="muted" href="#${version.anchor}"><code>${shortDigest(version.digest)}</code></a>`
}

function cell(
  program: ReportInput['program'],
  clause: Clause,
  reading: ClauseReading | undefined,
  production: HtmlPart,
): Html {
  if (reading === undefined) {
    return askedBeforeRelease(program).has(clause.id)
      ? html`<span class="none">not tested</span>`
      : production === ''
        ? html`<span class="none">at runtime</span>`
        : html`${production}`
  }
  const failing = count(reading, reading.verdict)
  const more =
    reading.answers.length > 1 && reading.verdict !== 'satisfied'
      ? html` <span class="muted">${failing} of ${reading.answers.length}</span>`
      : ''
  return html`${mark(reading.verdict, html` ${reading.verdict}`)}${more}${production === '' ? '' : html`<br>${production}`}`
}

/** What production said last of a clause, where it is asked there. */
function inProduction({ lanes }: Production, clause: Clause, version: Version | undefined): HtmlPart {
  if (version === undefined) return ''
  const latest = latestAnswers(lanes, clause.id, version.digest)
  const verdict = worstVerdict(latest.map(({ answer }) => answer.evidence.statement.verdict))
  const [first] = latest.filter(({ answer }) => answer.evidence.statement.verdict === verdict)
  if (verdict === undefined || first === undefined) return ''
  const { from, to } = first.window
  return html`<a class="quiet-link" href="#${first.lane.anchor}">${mark(verdict, html` ${verdict}`)}</a> <span class="muted">in production, ${spanText(from, to)}</span>`
}

function count(reading: ClauseReading, verdict: Verdict): number {
  return reading.answers.filter(({ statement }) => statement.verdict === verdict).length
}
