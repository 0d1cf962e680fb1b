import { boundText, type Program, type ProgramDataset } from '@plumbline/core'
import type { ReportInput } from '../input.ts'
import { type Html, type HtmlPart, html } from '../html.ts'
import type { ClauseReading } from '../reading/instances.ts'
import type { Readings } from '../reading/versions.ts'
import { formatCount } from '../words/number.ts'
import { clauseCard } from './clause.ts'
import { mark, section, table, verdictBar } from './parts.ts'

/** The contract kinds, in the order of a table of columns. */
const KINDS = ['required', 'type', 'range', 'values'] as const

/** Columns above which those that hold are folded away: of six hundred nobody reads a row each. */
const MOST_ROWS = 60

/** What holds of the data: the contracts of the columns as one table, then every clause that is not plain green. */
export function data({ program }: ReportInput, readings: Readings): Html | '' {
  if (readings.data.length === 0) return ''
  const contracts = readings.data.filter(isContract)
  const rest = readings.data.filter((reading) => !isContract(reading))
  const authored = rest.filter((reading) => isOfData(reading))
  // A question about a model that no model was there for: skipped, and shown all the same.
  const unbound = rest.filter((reading) => !isOfData(reading))
  const failed = contracts.filter(({ verdict }) => verdict !== 'satisfied')
  const matrices = program.datasets.map((dataset) => matrix(dataset, contracts))
  return section(
    'data',
    'Data',
    'Clauses over the rows of the data sets; they hold for whatever model is built on them.',
    html`${verdictBar(readings.data.map(({ verdict }) => verdict))}${matrices}${cards(program, 'Contracts that do not hold', failed)}${cards(program, 'Clauses', authored)}${cards(program, 'Asked of a model that was not there', unbound)}`,
  )
}

function isOfData({ answers }: ClauseReading): boolean {
  return answers.every(({ statement }) => statement.stage === 'data')
}

function isContract({ clause }: ClauseReading): boolean {
  return clause?.origin === 'contract' || (clause?.origin === 'profiled' && clause.id.split('.').length > 1)
}

function cards(program: Program, title: string, readings: readonly ClauseReading[]): HtmlPart {
  if (readings.length === 0) return ''
  return html`<h3>${title}</h3>${readings.map((reading) => clauseCard(program, reading, `data-${reading.id}`))}`
}

function matrix(dataset: ProgramDataset, contracts: readonly ClauseReading[]): HtmlPart {
  const byId = new Map(contracts.map((reading) => [reading.id, reading]))
  const whole = ['key', 'splits'].flatMap((part) => {
    const reading = byId.get(`${dataset.name}.${part}`)
    return reading === undefined ? [] : [html`${mark(reading.verdict, html` ${part}`)} `]
  })
  const rows = dataset.columns.flatMap((column) => {
    const cells = KINDS.map((kind) => byId.get(`${dataset.name}.${column.name}.${kind}`))
    if (cells.every((cell) => cell === undefined)) return []
    const domain = domainText(column)
    const holds = cells.every((cell) => cell === undefined || cell.verdict === 'satisfied')
    const row = html`<tr><th scope="row"><code>${column.name}</code>${column.says === undefined ? '' : html`<br><span class="muted">${column.says}</span>`}</th><td>${column.columnType}${column.unit === undefined ? '' : html` <span class="muted">${column.unit}</span>`}</td><td class="domain">${domain}</td>${cells.map(contractCell)}</tr>`
    return [{ row, holds }]
  })
  if (rows.length === 0 && whole.length === 0) return ''
  const title = html`<h3>Contracts of <code>${dataset.name}</code> ${whole}</h3>`
  const tableOf = (of: typeof rows): HtmlPart =>
    table(
      `Column contracts of ${dataset.name}`,
      ['column', 'type', 'domain', ...KINDS],
      of.map(({ row }) => row),
      'contracts',
    )
  if (rows.length <= MOST_ROWS) return html`${title}${tableOf(rows)}`
  const held = rows.filter(({ holds }) => holds)
  const open = rows.filter(({ holds }) => !holds)
  return html`${title}${open.length > 0 && tableOf(open)}${held.length > 0 && html`<details class="terms"><summary>${formatCount(held.length)} columns of which every contract holds</summary>${tableOf(held)}</details>`}`
}

function contractCell(reading: ClauseReading | undefined): Html {
  if (reading === undefined) return html`<td><span class="none" aria-label="not asked">·</span></td>`
  const statement = reading.answers[0]?.statement
  const failing =
    statement !== undefined && 'failing' in statement && statement.failing !== undefined && statement.failing > 0
      ? ` ${formatCount(statement.failing)}`
      : ''
  return html`<td>${reading.verdict === 'satisfied' ? mark(reading.verdict, failing) : html`<a href="#data-${reading.id}">${mark(reading.verdict, failing)}</a>`}</td>`
}

/** The declared domain in few words; long lists of values are counted. */
function domainText(column: ProgramDataset['columns'][number]): HtmlPart {
  if (column.values !== undefined && column.values.length > 0) {
    const names = column.values
      .slice(0, 8)
      .map(({ code, label }) => (label === undefined ? String(code) : `${code} ${label}`))
    return names.join(', ') + (column.values.length > 8 ? ` and ${column.values.length - 8} more` : '')
  }
  const [low, high] = [column.low, column.high].map((end) => grouped(boundText(column.type, end)))
  if (low === undefined && high === undefined) return html`<span class="none">any</span>`
  return `${low ?? '−∞'} to ${high ?? '∞'}`
}

function grouped(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  return (/^-?\d+$/.test(text) ? text.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ' ') : text).replace(/^-/, '−')
}
