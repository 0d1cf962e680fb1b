import type { Clause, Evidence, Measured, Statement, Witness } from '@plumbline/core'
import { type Html, html } from '../html.ts'
import { shareAgainstBound } from '../reading/bound.ts'
import { boundText, intervalPlot, axis } from '../svg/interval.ts'
import { scaleOf } from '../svg/scale.ts'
import { countedWords, plural } from '../words/clause.ts'
import { formatCount, formatLevel, formatShare, shareInterval } from '../words/number.ts'
import { intervalMethodText } from '../words/method.ts'
import { badge, cellText, table } from './parts.ts'
import { undecided } from './undecided.ts'

const MOST_WITNESSES = 20
const PLOT_WIDTH = 220

/** The answers of an `every` clause: how many rows fail, on which slice, and which rows. */
export function everyBody(clause: Clause | undefined, answers: readonly Evidence[]): Html {
  return html`${answers.map(({ statement }) => everyAnswer(clause, statement))}`
}

function everyAnswer(clause: Clause | undefined, statement: Statement): Html {
  if (statement.verdict === 'error' || statement.verdict === 'skipped') return undecided(statement)
  if (statement.verdict === 'inconclusive')
    return statement.failing_share === undefined
      ? undecided(statement)
      : html`${undecided(statement)}${drawnRows(statement)}`
  const { failing = 0, n, measured, missing, excluded, unassigned_rows: unassigned, witnesses = [] } = statement
  const share = typeof measured === 'number' ? ` (${formatShare(measured)} satisfy it)` : ''
  const notes = [
    excluded > 0 ? `${formatCount(excluded)} missing ${plural(excluded, 'cell')} left out` : '',
    missing > 0 ? `${formatCount(missing)} ${plural(missing, 'row')} with a missing cell` : '',
    unassigned > 0 ? `${formatCount(unassigned)} ${plural(unassigned, 'row')} in no slice or split` : '',
  ].filter((note) => note !== '')
  const plot = shareAgainstBound(clause, statement)
  return html`<div class="answer"><p>${statement.slice === 'all' ? '' : html`<b>${statement.slice}</b> `}${badge(statement.verdict)} <b>${formatCount(failing)}</b> of ${formatCount(n)} ${plural(n, ...countedWords(clause))} ${plural(failing, 'fails', 'fail')}${share}${notes.length === 0 ? '' : html`<span class="muted">; ${notes.join('; ')}</span>`}</p>${
    plot === undefined
      ? ''
      : html`<div class="single-plot">${axis(plot, scaleOf([plot], PLOT_WIDTH))}${intervalPlot(plot, scaleOf([plot], PLOT_WIDTH), statement.verdict)}<p class="muted">allowed ${boundText(plot)}</p></div>`
  }${drawnRows(statement)}${witnesses.length === 0 ? '' : witnessTable(witnesses, failing, clause?.id ?? statement.clause, countedWords(clause))}${keptRows(statement)}</div>`
}

/** Where more of the failing rows are than a page shows. */
function keptRows({ witness_file: file }: Exclude<Statement, { readonly verdict: 'error' | 'skipped' }>): Html | '' {
  if (file === undefined) return ''
  return html`<p class="muted">${formatCount(file.rows)} failing ${plural(file.rows, 'row')}, largest violation first, in <code>${file.path}</code>.</p>`
}

/** What was found on drawn rows, and what follows for all of them. */
function drawnRows(statement: Exclude<Statement, { readonly verdict: 'error' | 'skipped' }>): Html | '' {
  const { failing_share: share, failing = 0, n = 0 } = statement
  if (share === undefined) return ''
  return html`<p class="muted">${formatCount(failing)} of ${formatCount(n)} drawn rows fail; of all rows, ${shareInterval(share)} fail, at ${formatLevel(share.level)} confidence (${intervalMethodText(share.method)}).</p>`
}

/** Failing rows: place, key, the cells that the clause reads, and why. */
export function witnessTable(
  witnesses: readonly Witness[],
  failing: number,
  id: string,
  [one, several]: readonly [one: string, several: string] = ['row', 'rows'],
): Html {
  const shown = witnesses.slice(0, MOST_WITNESSES)
  const keys = columnsOf(shown.map(({ key }) => key))
  const cells = columnsOf(shown.map(({ cells }) => cells)).filter((name) => !keys.includes(name))
  const rows = shown.map(
    ({ row, key, cells: values, because }) =>
      html`<tr><td class="num">${formatCount(row)}</td>${keys.map((name) => cell(own(key, name)))}${cells.map((name) => cell(own(values, name)))}<td>${because === 'false' ? 'the condition is false' : because}</td></tr>`,
  )
  const more =
    failing > shown.length
      ? html`<p class="muted">The first ${shown.length} of ${formatCount(failing)} failing ${several}.</p>`
      : ''
  return html`${table(`Failing ${several} of ${id}`, [one, ...keys, ...cells, 'because'], rows, 'rows')}${more}`
}

function cell(value: Measured | undefined): Html {
  return html`<td class="${typeof value === 'number' || typeof value === 'bigint' ? 'num' : ''}">${cellText(value)}</td>`
}

function columnsOf(records: readonly Readonly<Record<string, Measured>>[]): readonly string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))]
}

function own(record: Readonly<Record<string, Measured>>, name: string): Measured | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
