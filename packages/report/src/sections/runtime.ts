import type { Statement } from '@plumbline/core'
import { type Html, type HtmlPart, html } from '../html.ts'
import type { ReportInput } from '../input.ts'
import { lastSaid } from '../production/latest.ts'
import { rowBudget, rowsToShow } from '../production/listed.ts'
import { isRevised, isWaiting, type LaneWindow, type WindowAnswer } from '../production/lanes.ts'
import { drawnOf } from '../production/measured.ts'
import { orderLanes } from '../production/order.ts'
import type { Production, ReadLane } from '../production/production.ts'
import { versionColor, versionName } from '../production/versions.ts'
import { boundText, intervalText, valueText } from '../svg/interval.ts'
import { conditionText, plural } from '../words/clause.ts'
import { formatCount, formatNumber } from '../words/number.ts'
import { spanText } from '../words/time.ts'
import { countsText, countVerdicts } from '../words/verdict.ts'
import { answerWords } from '../timeline/lane-words.ts'
import { clauseAbout } from './clause.ts'
import { badge, section, severityTag, table } from './parts.ts'

/** Columns of the spec shown beside the measured value of a window. */
const MOST_TERMS = 4

/** Every clause asked in production, window by window: the timeline as tables. */
export function runtimeClauses({ program }: ReportInput, production: Production): Html | '' {
  const { lanes } = production
  if (lanes.length === 0) return ''
  const { shown, quiet } = orderLanes(lanes)
  const budget = rowBudget(shown.length)
  return section(
    'runtime',
    'Clauses in production',
    'What each window of traffic was found to be, and on how many rows; the latest window first. “Satisfied” means so far.',
    html`${shown.map((lane) => laneCard(program, production, lane, budget))}${quiet.length > 0 && contracts(quiet)}`,
  )
}

function laneCard(program: ReportInput['program'], production: Production, lane: ReadLane, budget: number): Html {
  const { anchor, id, slice, clause, windows, episodes } = lane
  const last = lastSaid(lane)
  const verdict = last?.verdict ?? 'skipped'
  const counts = countsText(countVerdicts(windows.map((window) => window.verdict)))
  const asked =
    clause === undefined
      ? ''
      : html`<p class="condition"><span class="form">${clause.form}</span><code>${conditionText(clause)}</code>${clause.form === 'always' && clause.for > 1 && html` <span class="muted">for ${clause.for} windows in a row</span>`}</p>`
  const says = clause === undefined ? 'This clause is no longer in the spec.' : clause.says
  const answers = windows.flatMap((window) => window.answers.map(({ evidence }) => evidence))
  return html`<details class="clause ${verdict}" id="${anchor}"${episodes.length > 0 && html` open`}><summary><span class="title">${badge(verdict)} <code class="id">${id}</code>${slice === 'all' ? '' : html` <span class="tag">${slice}</span>`}${clause === undefined ? '' : severityTag(clause.severity)}<span class="muted">${counts}</span></span><span class="says">${says}</span></summary><div class="inside">${asked}${windowTable(production, lane, budget)}${clause === undefined ? '' : clauseAbout(program, clause, answers.slice(-1))}</div></details>`
}

function windowTable(production: Production, lane: ReadLane, budget: number): Html {
  const { listed, left } = rowsToShow(lane.windows, budget)
  const drawn = lane.series?.points[0]?.drawn
  const terms = lane.moved.slice(0, MOST_TERMS)
  const versioned = lane.windows.some(({ answers }) => answers.some(({ version }) => version !== undefined))
  const labelled = lane.windows.some(({ answers }) =>
    answers.some(({ evidence }) => labelsOf(evidence.statement) !== ''),
  )
  const head: HtmlPart[] = [
    'window',
    ...(versioned ? ['version'] : []),
    'verdict',
    'rows',
    ...(labelled ? ['labels'] : []),
    html`measured${drawn === undefined ? '' : html` <span class="muted">${boundText(drawn)}</span>`}`,
    ...terms.map(({ name }) => html`<code>${name}</code>`),
    'evidence',
  ]
  const columns = head.length
  const rows = listed.flatMap((window) =>
    window.answers.map((answer) =>
      answerRow(production, lane, window, answer, { versioned, labelled, terms, columns }),
    ),
  )
  const more =
    left === 0
      ? ''
      : html`<p class="muted">${formatCount(left)} more ${plural(left, 'window is', 'windows are')} in the ledger and not listed here; those that are not satisfied were listed first.</p>`
  return html`${table(`Windows of ${lane.id}`, head, rows, 'windows')}${more}`
}

function answerRow(
  production: Production,
  lane: ReadLane,
  window: LaneWindow,
  answer: WindowAnswer,
  shows: {
    readonly versioned: boolean
    readonly labelled: boolean
    readonly terms: ReadLane['moved']
    readonly columns: number
  },
): Html {
  const { evidence, version, replaced } = answer
  const { statement } = evidence
  const n = 'n' in statement && statement.n !== undefined ? formatCount(statement.n) : '–'
  const values = shows.terms.map(({ expression }) => html`<td class="num">${termText(statement, expression)}</td>`)
  const row = html`<tr class="${statement.verdict}"><th scope="row">${spanText(window.from, window.to)}</th>${shows.versioned && html`<td>${version === undefined ? '–' : shortTag(production, version)}</td>`}<td>${badge(statement.verdict)}</td><td class="num">${n}${lateNote(statement)}</td>${shows.labelled && html`<td class="num">${labelsOf(statement)}</td>`}<td>${measured(lane, statement)}</td>${values}<td>${idCode(evidence.id)}</td></tr>`
  if (!isRevised(answer)) return row
  const before = replaced
    .filter((each) => !isWaiting(each))
    .map(
      (each) =>
        html`${each.statement.verdict}, ${answerWords(lane, each.statement, lane.series?.expression)} (${idCode(each.id)})`,
    )
  return html`${row}<tr class="replaced"><td colspan="${shows.columns}">↳ decided again with late rows; before: ${before.map((text, i) => html`${i === 0 ? '' : '; '}${text}`)}</td></tr>`
}

/** In a table of hundreds of rows whole digests would be most of the page; `plumb explain` takes the beginning. */
function idCode(id: string): Html {
  return html`<code class="digest">${id.replace('sha256:', '').slice(0, 12)}</code>`
}

function shortTag({ serving }: Production, digest: string): Html {
  return html`<span class="version-tag v${versionColor(serving, digest) ?? 0}">${versionName(serving, digest)}</span>`
}

function labelsOf(statement: Statement): string {
  const labels = 'labels' in statement ? statement.labels : undefined
  return labels === undefined ? '' : `${formatCount(labels.arrived)} of ${formatCount(labels.of)}`
}

function lateNote(statement: Statement): HtmlPart {
  const late = 'late' in statement ? (statement.late ?? 0) : 0
  return late > 0 && html`<br><span class="muted">${formatCount(late)} late</span>`
}

function measured(lane: ReadLane, statement: Statement): Html {
  const drawn = drawnOf(lane.clause, statement, lane.series?.expression)
  const notes = 'notes' in statement ? (statement.notes ?? []) : []
  const noted = notes.map((note) => html`<br><span class="muted note">${note}</span>`)
  if (statement.form === 'every' || drawn === undefined) return html`${answerWords(lane, statement)}${noted}`
  const interval = intervalText(drawn)
  const why =
    statement.verdict === 'inconclusive' && statement.reason !== 'interval-straddles-bound'
      ? answerWords(lane, statement, lane.series?.expression).split('; ').slice(2).join('; ')
      : ''
  return html`<b>${valueText(drawn)}</b>${interval === '' ? '' : html` <span class="muted">${interval}</span>`}${why === '' ? '' : html`<br><span class="muted note">${why}</span>`}${noted}`
}

function termText(statement: Statement, expression: string): string {
  if (!('terms' in statement)) return '–'
  const value = statement.terms?.find((term) => term.expression === expression)?.value
  return typeof value === 'number' ? formatNumber(value) : '–'
}

function contracts(lanes: readonly ReadLane[]): Html {
  const rows = lanes.map(({ anchor, id, slice, windows }) => {
    const last = windows.at(-1)
    const { satisfied, inconclusive } = countVerdicts(windows.map(({ verdict }) => verdict))
    return html`<tr id="${anchor}"><th scope="row"><code>${id}</code>${slice === 'all' ? '' : html` <span class="tag">${slice}</span>`}</th><td class="num">${satisfied}</td><td class="num">${inconclusive}</td><td>${last === undefined ? '' : spanText(last.from, last.to)}</td></tr>`
  })
  return html`<details class="clause satisfied" id="runtime-contracts"><summary><span class="title">${badge('satisfied')} <b>${lanes.length} contracts</b></span><span class="says">Violated in no window.</span></summary><div class="inside">${table('Contracts violated in no window', ['contract', 'satisfied', 'undecided', 'last window'], rows)}</div></details>`
}
