import type { Clause, Evidence, Program } from '@plumbline/core'
import { type Html, type HtmlPart, html } from '../html.ts'
import type { ClauseReading } from '../reading/instances.ts'
import { conditionText, forallParts, mostlyText } from '../words/clause.ts'
import { formatCount, formatLevel } from '../words/number.ts'
import { everyBody } from './every.ts'
import { forallBody } from './forall.ts'
import { mustBody } from './must.ts'
import { badge, digestCode, facts, moment, severityTag } from './parts.ts'
import { undecided } from './undecided.ts'

/** One clause and all that was found: what it says, asks and measured. A satisfied `every` clause without failing rows is folded. */
export function clauseCard(program: Program, reading: ClauseReading, anchor: string): Html {
  const { clause, id, verdict, answers, stale } = reading
  const [first] = answers
  const form = first?.statement.form ?? clause?.form
  const clean = answers.every(({ statement }) => !('failing' in statement) || (statement.failing ?? 0) === 0)
  const folded = verdict === 'satisfied' && form === 'every' && clean
  const says = clause === undefined ? 'This clause is no longer in the spec.' : clause.says
  return html`<details class="clause ${verdict}" id="${anchor}"${folded ? '' : html` open`}><summary><span class="title">${badge(verdict)} <code class="id">${id}</code>${clause === undefined ? '' : severityTag(clause.severity)}${stale ? html`<span class="tag warn">tested before the clause changed</span>` : ''}</span><span class="says">${says}</span></summary><div class="inside">${clause === undefined ? '' : condition(clause)}${body(clause, form, answers)}${notes(answers)}${clause === undefined ? '' : clauseAbout(program, clause, answers)}</div></details>`
}

function condition(clause: Clause): Html {
  const mostly =
    clause.form === 'every' && clause.mostly !== '1'
      ? html`<span class="muted">of ${mostlyText(clause.mostly)}</span>`
      : ''
  const parts = clause.form === 'forall' ? forallParts(clause) : ([[clause.form, conditionText(clause)]] as const)
  return html`<p class="condition">${parts.map(([word, text]) => html`<span class="form">${word}</span><code>${text}</code> `)}${mostly}</p>`
}

/** What has to be known of how it was decided, each sentence once. */
function notes(answers: readonly Evidence[]): HtmlPart {
  const told = [...new Set(answers.flatMap(({ statement }) => ('notes' in statement ? (statement.notes ?? []) : [])))]
  return told.length === 0 ? '' : html`<ul class="notes">${told.map((note) => html`<li>${note}</li>`)}</ul>`
}

function body(clause: Clause | undefined, form: string | undefined, answers: readonly Evidence[]): Html {
  switch (form) {
    case 'every':
      return everyBody(clause, answers)
    case 'must':
      return mustBody(clause, answers)
    case 'forall':
      return forallBody(clause, answers)
    default:
      return html`${answers.map(({ statement }) => undecided(statement))}`
  }
}

/** Where a clause is written, what it is for, and which evidence this is. */
export function clauseAbout(program: Program, clause: Clause, answers: readonly Evidence[]): Html {
  const [first] = answers
  const relations = [...new Set(answers.map(({ statement }) => statement.relation))]
  const looks = Math.max(0, ...answers.map(({ statement }) => statement.looks ?? 0))
  const exploratory = answers.some(({ statement }) => statement.exploratory === true)
  // A clause that only describes its rows has a confidence by default, and no use for it.
  const estimated =
    (clause.form === 'must' || clause.form === 'always') &&
    (clause.confidence === 'none' || clause.must.comparisons.some((comparison) => comparison.estimated))
  const confidence =
    (clause.form !== 'must' && clause.form !== 'always') || !estimated
      ? undefined
      : clause.confidence === 'none'
        ? 'none; it describes the rows'
        : formatLevel(clause.confidence)
  return facts(
    [
      ['asked of', relations.join(', ')],
      ['confidence', confidence],
      ['because', clause.rationale],
      ['meets', named(clause.meets, program.about.requirements)],
      ['controls', named(clause.hazards, program.about.hazards)],
      ['looked at', looks > 1 && `${formatCount(looks)} times on the same data`],
      ['exploratory', exploratory && 'run with --seed; it opens no gate'],
      ['written', `${clause.place.file}:${clause.place.line}:${clause.place.column}`],
      [
        'evidence',
        first === undefined
          ? undefined
          : html`${digestCode(first.id)}${answers.length > 1 ? ` and ${answers.length - 1} more` : ''}, ${moment(first.run.at)}`,
      ],
    ],
    'inline',
  )
}

function named(ids: readonly string[], all: readonly { readonly id: string; readonly says: string }[]): HtmlPart {
  if (ids.length === 0) return undefined
  return html`${ids.map((id, i) => html`${i === 0 ? '' : ' · '}<b>${id}</b> ${all.find((each) => each.id === id)?.says ?? ''}`)}`
}
