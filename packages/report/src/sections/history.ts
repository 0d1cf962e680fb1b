import { type Html, type HtmlPart, html, joined } from '../html.ts'
import type { ReportInput } from '../input.ts'
import type { Production } from '../production/production.ts'
import { gateOf, originOf } from '../production/runs.ts'
import { findEvidence } from '../production/story.ts'
import type { PromotedVersion, Tenure } from '../production/versions.ts'
import { plural } from '../words/clause.ts'
import { refusalText } from '../words/refusal.ts'
import { formatCount } from '../words/number.ts'
import { digestCode, facts, moment, section } from './parts.ts'
import { versionTag } from './story.ts'

/** Each version that was in production: what made it, what allowed it, when it was there, and why it was taken out. */
export function history(input: ReportInput, production: Production): Html | '' {
  const { versions } = production.serving
  if (versions.length === 0) return ''
  return section(
    'history',
    'Versions in production',
    'In the order of their first promotion. A version is read back by another process, which hashes what the server loaded.',
    html`${versions.map((version) => card(input, production, version))}${neverPromoted(input, production)}`,
  )
}

function card(input: ReportInput, production: Production, version: PromotedVersion): Html {
  const now = production.serving.now?.digest === version.digest
  const many = version.tenures.length > 1
  const [first] = version.tenures
  return html`<article class="life"><h3>${versionTag(production, version.digest)} <code class="digest whole">${version.digest}</code>${now && html` <span class="tag">now</span>`}</h3>${facts(
    [
      ['trained by', origin(input, version.digest)],
      ['allowed by', first === undefined ? undefined : gate(input, first)],
      ...version.tenures.flatMap((tenure, i) => tenureFacts(production, tenure, many ? ` (${i + 1})` : '')),
      ['drift is measured against', reference(first)],
    ],
  )}</article>`
}

function origin(input: ReportInput, digest: string): HtmlPart {
  const found = originOf(digest, input.runs ?? [])
  if (found === undefined) return html`<span class="none">no recorded run made these bytes</span>`
  const { run, stage, path } = found
  const data = stage.needs.filter(({ path: need }) => isData(input, need))
  const others = stage.needs.length - data.length
  const from = data.map((file) => html`<code>${file.path}</code> ${digestCode(file.digest)}`)
  return html`stage <code>${stage.name}</code> of the run of ${moment(run.startedAt)} (record ${formatCount(run.record)}), as <code>${path}</code>${data.length === 0 ? '' : html`, from ${joined(from, ', ')}`}${others > 0 && html` <span class="muted">and ${others} other ${plural(others, 'file')}</span>`}`
}

/** Whether a file a stage needs is the source of a dataset, or looks like data: programs are not what a version was trained on. */
function isData({ program }: ReportInput, path: string): boolean {
  return (
    program.datasets.some(({ source }) => 'path' in source && source.path === path) ||
    /\.(parquet|csv|tsv|jsonl?|arrow)$/.test(path)
  )
}

function gate(input: ReportInput, { promotion }: Tenure): HtmlPart {
  const found = gateOf(promotion, input)
  if (found === undefined)
    return promotion.gate === undefined
      ? html`<span class="none">not recorded</span>`
      : `record ${formatCount(promotion.gate.seq)}`
  return html`gate of record ${formatCount(found.record)}${found.at === undefined ? '' : html`, ${moment(found.at)}`}: ${found.open ? 'open' : 'closed'}, ${formatCount(found.supporting)} blocking ${plural(found.supporting, 'question')} answered`
}

function tenureFacts(
  production: Production,
  tenure: Tenure,
  number: string,
): readonly (readonly [name: string, value: HtmlPart])[] {
  const { promotion, deployed, mismatches, started, endedBy } = tenure
  const back = promotion.rollback
  const record = promotion.record === undefined ? '' : ` (record ${formatCount(promotion.record.seq)})`
  const read =
    deployed === undefined
      ? mismatches.length > 0
        ? html`<span class="mark violated">something else was read back</span>`
        : html`<span class="none">not read back</span>${started !== undefined && html`; the guard that started ${moment(started.at)} loaded it`}`
      : html`${moment(deployed.at)}: the bytes loaded have this digest${mismatches.length > 0 && html`, after ${mismatches.length} ${plural(mismatches.length, 'mismatch', 'mismatches')}`}`
  return [
    [
      `${back === undefined ? 'promoted' : 'brought back'}${number}`,
      html`${moment(promotion.promotedAt)}${record}${back !== undefined && html`, in place of ${versionTag(production, back.from)}`}`,
    ],
    [`read back${number}`, read],
    [
      `rolled back${number}`,
      endedBy?.rollback === undefined ? undefined : takenOut(production, endedBy.promotedAt, endedBy.rollback.reason),
    ],
  ]
}

function takenOut(production: Production, at: string, reason: string): Html {
  const because = findEvidence(production.lanes, reason)
  return html`${moment(at)}, because of evidence ${digestCode(reason)}${because !== undefined && html`: <a href="#${because.lane.anchor}"><code class="id">${because.lane.id}</code></a>`}`
}

function reference(tenure: Tenure | undefined): HtmlPart {
  const data = Object.entries(tenure?.promotion.data ?? {})
  if (data.length === 0) return undefined
  return joined(
    data.map(([name, { digest }]) => html`<code>${name}</code> ${digestCode(digest)}`),
    ', ',
  )
}

/** Challengers that a retraining made and nobody promoted. */
function neverPromoted(input: ReportInput, production: Production): HtmlPart {
  const known = new Set(production.serving.versions.map(({ digest }) => digest))
  const refused = production.attempts.filter(
    ({ challenger, state }) => state === 'refused' && challenger !== undefined && !known.has(challenger),
  )
  if (refused.length === 0) return ''
  const items = refused.map(
    ({ challenger = '', reason, subject }) =>
      html`<li>${digestCode(challenger)}, asked for by <code>${subject}</code>, refused${reason === undefined ? '' : html`: <b>${refusalText(reason)}</b>`}; ${origin(input, challenger)}</li>`,
  )
  return html`<h3>Challengers that were refused</h3><ul class="plain">${items}</ul>`
}
