import type { Clause, Counterexample, Evidence, ForallClause, Measured, Statement } from '@plumbline/core'
import { type Html, type HtmlPart, html } from '../html.ts'
import { fieldsOf, inputsOf, isRecord } from '../reading/counterexample.ts'
import { proofMethodText } from '../words/method.ts'
import { plural } from '../words/clause.ts'
import { formatCount, formatLevel, formatNumber } from '../words/number.ts'
import { badge, cellText, table } from './parts.ts'
import { undecided } from './undecided.ts'

/** The answers of a `forall` clause: the proof, the counterexample, or how far the search came. */
export function forallBody(clause: Clause | undefined, answers: readonly Evidence[]): Html {
  return html`${answers.map(({ statement }) => forallAnswer(clause, statement))}`
}

function forallAnswer(clause: Clause | undefined, statement: Statement): Html {
  if (statement.verdict === 'error' || statement.verdict === 'skipped') return undecided(statement)
  const { proof, counterexample } = statement
  if (proof !== undefined) {
    return html`<div class="answer"><p>${badge(statement.verdict)} <b>Proved</b> for every input of the domain: ${proofMethodText(proof.method)}.</p>${
      proof.notes.length === 0 ? '' : html`<ul class="notes">${proof.notes.map((note) => html`<li>${note}</li>`)}</ul>`
    }</div>`
  }
  if (counterexample !== undefined) return refuted(clause, statement, counterexample)
  if (statement.verdict !== 'inconclusive') {
    return html`<div class="answer"><p>${badge(statement.verdict)} Decided by ${statement.method}${tries(statement)}.</p></div>`
  }
  const { upper_bound: upper, cause } = statement
  return html`<div class="answer"><p>${badge('inconclusive')} Neither proved nor refuted${tries(statement)}.${
    upper === undefined
      ? ''
      : html` At ${formatLevel(upper.level)} confidence, inputs drawn in this way violate it with a probability of at most <b>${formatNumber(upper.value)}</b>; that is no proof for all inputs.`
  }</p>${cause === undefined ? '' : html`<p class="muted">No proof: ${cause.replace(/\.$/, '')}.</p>`}</div>`
}

function tries(statement: { readonly tried?: number; readonly discarded?: number }): string {
  const { tried = 0, discarded = 0 } = statement
  if (tried === 0) return ''
  const left = discarded === 0 ? '' : `, ${formatCount(discarded)} more discarded, outside the domain or the assumption`
  return ` after ${formatCount(tried)} ${plural(tried, 'input')}${left}`
}

function refuted(
  clause: Clause | undefined,
  statement: Statement & { readonly tried?: number },
  found: Counterexample,
): Html {
  const shrunk =
    found.shrinkSteps === 0 ? '' : `, made as simple as possible in ${formatCount(found.shrinkSteps)} steps`
  return html`<div class="answer"><p>${badge(statement.verdict)} <b>Refuted</b> by a counterexample${tries(statement)}${shrunk}, and replayed on the model’s own runtime.</p>${counterexampleTable(clause?.form === 'forall' ? clause : undefined, found)}</div>`
}

function counterexampleTable(clause: ForallClause | undefined, found: Counterexample): Html {
  const inputs = inputsOf(clause, found)
  const records = inputs.filter(({ value }) => isRecord(value))
  const singles = inputs.flatMap(({ name, value }) => (isRecord(value) ? [] : [{ name, value }]))
  const fields = fieldsOf(clause, inputs)
  // Of a pair, what it shares is told once; a single input is shown whole.
  const pair = records.length > 1 && fields.some(({ differs }) => differs)
  const rows = fields
    .filter(({ differs }) => differs || !pair)
    .map(({ name, differs }) => {
      const cells = records.map(({ value }) => html`<td class="num">${cellText(field(value, name))}</td>`)
      return html`<tr class="${differs ? 'differs' : ''}"><th scope="row">${name}${differs ? html`<span class="sr"> (differs)</span>` : ''}</th>${cells}</tr>`
    })
  const shared = pair ? fields.filter(({ differs }) => !differs) : []
  const heads = records.map(
    ({ name, derived }) => html`<var>${name}</var>${derived ? html` <span class="muted">derived</span>` : ''}`,
  )
  const inputTable = rows.length === 0 ? '' : table('Inputs of the counterexample', ['column', ...heads], rows, 'pair')
  const answers = found.answers.map(
    ({ expression, value }) => html`<tr><th scope="row"><code>${expression}</code></th><td>${answer(value)}</td></tr>`,
  )
  return html`<div class="counterexample"><div>${inputTable}${
    singles.length === 0
      ? ''
      : html`<p>${singles.map(({ name, value }) => html`<var>${name}</var> = ${cellText(value)} `)}</p>`
  }</div>${table('What the model answered', ['the model answered', ''], answers, 'answers')}</div>${
    shared.length === 0
      ? ''
      : html`<dl class="shared"><dt>in both</dt>${shared.map(({ name }) => html`<dd><span class="muted">${name}</span> ${cellText(field(records[0]?.value, name))}</dd>`)}</dl>`
  }`
}

function field(value: unknown, name: string): Measured | undefined {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** All digits of an answer: a violation may be in the last of them. */
function answer(value: Counterexample['answers'][number]['value']): HtmlPart {
  if (!isRecord(value)) return exact(value)
  return html`${Object.entries(value).map(([name, cell], i) => html`${i === 0 ? '' : html`<br>`}<span class="muted">${name}</span> <b>${exact(cell)}</b>`)}`
}

function exact(value: Measured): HtmlPart {
  return value === null ? cellText(value) : String(value)
}
