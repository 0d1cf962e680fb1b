import type { Clause, Evidence, GateDecision, Verdict } from '@plumbline/core'
import {
  codeSpan,
  countsText,
  countVerdicts,
  escapeMarkdown,
  escapeProse,
  markdownTable,
  plural,
  verdictSign,
} from '@plumbline/report'
import { clausesById } from './outcome.ts'
import type { Reporter, TestResult } from './reporter.ts'
import { askedText, changeText, measuredText, notesOf, undecidedText } from './words.ts'

/** GitHub refuses a comment above 65 536 characters; what does not fit is counted, never dropped silently. */
const MOST_CHARACTERS = 60_000

/** A comment for a pull request: what is not satisfied first, the rest folded, the gate, within what a forge accepts. */
export const markdownReporter: Reporter = { render: renderMarkdown }

function renderMarkdown(result: TestResult): string {
  const { program, evidence, gate, exitMeaning } = result
  const clauses = clausesById(program)
  const accepted = new Set(result.baseline?.accepted)
  const order: readonly Verdict[] = ['violated', 'error', 'inconclusive', 'skipped']
  const open = order.flatMap((verdict) => evidence.filter(({ statement }) => statement.verdict === verdict))
  const held = evidence.filter(({ statement }) => statement.verdict === 'satisfied')
  const counts = countsText(countVerdicts(evidence.map(({ statement }) => statement.verdict)))
  const head = [
    `### ${open.some(({ statement }) => statement.verdict === 'violated') ? '✗' : open.length > 0 ? '?' : '✓'} Plumbline: ${escapeMarkdown(program.spec.name)} ${escapeMarkdown(program.spec.version)}`,
    `${counts}. ${escapeMarkdown(exitMeaning)}`.trim(),
    gateText(gate),
  ].filter((part) => part !== '')
  const rows = open.map((each) => openRow(clauses.get(each.statement.clause), each, accepted.has(each.id)))
  const details = open.map((each) => detail(clauses.get(each.statement.clause), each)).filter((text) => text !== '')
  const satisfied = held.map((each) => satisfiedRow(clauses.get(each.statement.clause), each))
  const footer = `<sub>Spec ${codeSpan(program.spec.digest)}</sub>\n`
  return fit(
    head,
    [
      { lead: '', head: ['verdict', 'clause', 'on', 'measured'], rows },
      { lead: 'What would change it', items: details },
      { lead: `${held.length} satisfied`, head: ['clause', 'on', 'measured'], rows: satisfied },
    ],
    footer,
  )
}

function gateText(gate: GateDecision | undefined): string {
  if (gate === undefined) return ''
  if (gate.open) return '**✓ The gate is open.**'
  const reasons = gate.reasons.length
  return `**✗ The gate is closed** for ${reasons} ${plural(reasons, 'reason')}.`
}

function on({ statement }: Evidence): string {
  return statement.slice === 'all'
    ? codeSpan(statement.relation)
    : `${codeSpan(statement.relation)} ${codeSpan(statement.slice)}`
}

function openRow(clause: Clause | undefined, each: Evidence, accepted: boolean): readonly string[] {
  const { statement } = each
  const remarks = [...(statement.severity === 'block' ? [] : [statement.severity]), ...(accepted ? ['accepted'] : [])]
  const remark = remarks.length === 0 ? '' : ` (${remarks.join(', ')})`
  const found = measuredText(clause, statement)
  const why = undecidedText(statement)
  return [
    `${verdictSign(statement.verdict)} ${statement.verdict}${remark}`,
    codeSpan(statement.clause),
    on(each),
    escapeProse(why === undefined || why.startsWith(found) ? (why ?? found) : `${found}; ${why}`),
  ]
}

function satisfiedRow(clause: Clause | undefined, each: Evidence): readonly string[] {
  return [codeSpan(each.statement.clause), on(each), escapeMarkdown(measuredText(clause, each.statement))]
}

function detail(clause: Clause | undefined, { statement }: Evidence): string {
  if (clause === undefined) return ''
  const change = changeText(clause, statement)
  const notes = notesOf(statement).map(escapeMarkdown).join(' ')
  const place = `${clause.place.file}:${clause.place.line}:${clause.place.column}`
  const slice = statement.slice === 'all' ? '' : ` ${codeSpan(statement.slice)}`
  return `- ${codeSpan(clause.id)}${slice}: ${escapeMarkdown(clause.says)} Asked: ${codeSpan(askedText(clause))}, at ${codeSpan(place)}.${change === undefined ? '' : ` ${escapeProse(change)}`}${notes === '' ? '' : ` ${notes}`}\n`
}

interface Part {
  /** Title of a folded part; empty for one that is open. */
  readonly lead: string
  readonly head?: readonly string[]
  readonly rows?: readonly (readonly string[])[]
  readonly items?: readonly string[]
}

/** Adds the parts in their order while there is room; a part that does not fit whole says how much is missing. */
function fit(head: readonly string[], parts: readonly Part[], footer: string): string {
  let text = `${head.join('\n\n').slice(0, MOST_CHARACTERS / 4)}\n`
  for (const part of parts) {
    const all: readonly (readonly string[] | string)[] = part.rows ?? part.items ?? []
    if (all.length === 0) continue
    const room = MOST_CHARACTERS - text.length - footer.length - 200
    let count = all.length
    while (count > 0 && block(part, count).length > room) count = Math.floor(count * 0.8)
    const missing = all.length - count
    if (count > 0) text += `\n${block(part, count)}`
    if (missing > 0) text += `\n… and ${missing} more, left out because a comment has a limit.\n`
  }
  return `${text}\n${footer}`
}

function block(part: Part, count: number): string {
  const body =
    part.rows === undefined
      ? (part.items ?? []).slice(0, count).join('')
      : markdownTable(part.head ?? [], part.rows.slice(0, count))
  return part.lead === '' ? body : `<details><summary>${part.lead}</summary>\n\n${body}\n</details>\n`
}
