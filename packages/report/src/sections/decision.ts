import { againstBound, type GateDecision, type GateReason, type Statement } from '@plumbline/core'
import type { ReportInput } from '../input.ts'
import { type Html, type HtmlPart, html } from '../html.ts'
import type { Readings } from '../reading/versions.ts'
import { axis, intervalPlot } from '../svg/interval.ts'
import { scaleOf } from '../svg/scale.ts'
import { plural } from '../words/clause.ts'
import { formatLevel, formatValue } from '../words/number.ts'
import { badge, digestCode, facts, prose, section, verdictBar } from './parts.ts'

const PLOT_WIDTH = 260

/** Whether it may be released and why: clause, bound, measured value and interval, and what would change the answer. */
export function decision(input: ReportInput, readings: Readings): Html {
  const { gate } = input
  if (gate === undefined) {
    const verdicts = [...readings.data, ...(readings.versions[0]?.clauses ?? [])].map(({ verdict }) => verdict)
    return section(
      'decision',
      'Decision',
      'No gate has decided on this evidence yet.',
      verdicts.length === 0 ? '' : verdictBar(verdicts),
    )
  }
  const about =
    readings.candidate === undefined ? '' : html` It is about the version ${digestCode(readings.candidate)}.`
  const lead = gate.open
    ? html`The gate is open: ${gate.supporting.length} blocking ${plural(gate.supporting.length, 'question is', 'questions are')} answered by evidence for exactly these digests.${about}`
    : html`The gate is closed for ${gate.reasons.length} ${plural(gate.reasons.length, 'reason')}. Without satisfied evidence it stays closed.${about}`
  return section(
    'decision',
    'Decision',
    lead,
    html`${gate.reasons.map((reason) => reasonCard(input, reason))}${notes(gate)}`,
  )
}

function reasonCard(input: ReportInput, reason: GateReason): Html {
  const evidence = input.evidence.findLast(({ id }) => id === reason.evidence)
  const level = reason.interval?.level
  const interval =
    reason.interval === undefined
      ? undefined
      : `${formatValue(reason.interval.low)} to ${formatValue(reason.interval.high)}${level === undefined ? '' : ` (${formatLevel(level)})`}`
  return html`<article class="reason ${reason.verdict ?? 'closed'}"><h3>${reason.verdict === undefined ? html`<span class="tag">${reason.code}</span>` : badge(reason.verdict)} ${
    reason.clause === undefined ? '' : html`<code class="id">${reason.clause}</code>`
  }${reason.slice === undefined || reason.slice === 'all' ? '' : html` <span class="tag">${reason.slice}</span>`}</h3><p>${prose(reason.message)}</p>${drawing(input, evidence?.statement)}${facts(
    [
      ['bound', reason.bound === undefined || reason.bound === '' ? undefined : html`<code>${reason.bound}</code>`],
      [
        'measured',
        reason.measured === undefined || reason.measured === null
          ? undefined
          : html`<b>${formatValue(reason.measured)}</b>${interval === undefined ? '' : `, interval ${interval}`}`,
      ],
      ['what would change it', prose(reason.change)],
    ],
  )}</article>`
}

function drawing(input: ReportInput, statement: Statement | undefined): HtmlPart {
  if (statement === undefined || !('comparisons' in statement)) return ''
  const clause = input.program.clauses.find(({ id }) => id === statement.clause)
  const decisive = statement.comparisons?.find(({ verdict }) => verdict === statement.verdict)
  const drawn = decisive === undefined ? undefined : againstBound(clause, decisive)
  if (drawn === undefined) return ''
  const scale = scaleOf([drawn], PLOT_WIDTH)
  return html`<div class="single-plot">${axis(drawn, scale)}${intervalPlot(drawn, scale, statement.verdict)}</div>`
}

function notes({ notes: found }: GateDecision): HtmlPart {
  if (found.length === 0) return ''
  const items = found.map(
    ({ statement }) =>
      html`<li>${badge(statement.verdict)} <code class="id">${statement.clause}</code>${statement.slice === 'all' ? '' : html` <span class="tag">${statement.slice}</span>`} <span class="muted">${statement.severity}</span></li>`,
  )
  return html`<h3>Not satisfied, and not blocking</h3><ul class="plain">${items}</ul>`
}
