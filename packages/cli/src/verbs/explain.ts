import {
  type Clause,
  diagnosticCatalog,
  type Evidence,
  durationText,
  findDiagnosticKind,
  nearestName,
  speakText,
  type Override,
  type Program,
} from '@plumbline/core'
import { conditionText } from '@plumbline/report'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { readyProgram } from '../project/ready.ts'
import { openState, readEvidence } from '../project/state.ts'
import { evidenceLines } from '../reporters/terminal/evidence.ts'
import { reportFailure } from '../report-failure.ts'
import { overrideJson } from '../reporters/diagnostics.ts'
import { oneLine } from '../terminal/one-line.ts'

/** `plumb explain`: what a diagnostic code, a clause, or a piece of evidence means. */
export async function explain(context: CommandContext, args: readonly string[]): Promise<ExitCode> {
  const [subject = ''] = args
  const kind = findDiagnosticKind(subject)
  if (kind !== undefined) {
    const why = typeof kind.why === 'string' ? kind.why : undefined
    const fix = typeof kind.fix === 'string' ? kind.fix : undefined
    const { EXAMPLES } = await import('../explanations/examples.generated.ts')
    const example = EXAMPLES[kind.code]
    if (context.json)
      context.out(`${JSON.stringify({ code: kind.code, severity: kind.severity, why, fix, example }, null, 2)}\n`)
    else
      context.out(
        `${context.style.bold(kind.code)} (${kind.severity})\n${why === undefined ? '' : `  why: ${why}\n`}${fix === undefined ? '' : `  fix: ${fix}\n`}${suppressible(kind)}${example === undefined ? '' : `\n${context.style.dim('for example:')}\n${example}\n`}`,
      )
    return EXIT.ok
  }
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const evidence = await readEvidence(openState(context).ledger)
  if (!evidence.ok) return reportFailure(context, evidence.failure)
  const clause = ready.program.clauses.find((c) => c.id === subject)
  const found = evidence.value.filter((e) =>
    clause === undefined
      ? subject.length >= 8 && e.id.replace('sha256:', '').startsWith(subject.replace('sha256:', ''))
      : e.statement.clause === subject,
  )
  if (clause === undefined && found.length === 0) {
    return reportFailure(
      context,
      failure(
        'cli/unknown-subject',
        `There is no clause, diagnostic or evidence \`${subject}\`.`,
        'explain takes the id of a clause, the code of a diagnostic, or the (beginning of the) id of evidence.',
        nearestSubject(subject, ready.program),
      ).failure,
    )
  }
  const about = clause ?? ready.program.clauses.find((c) => c.id === found[0]?.statement.clause)
  const overrides = overridesOf(about, ready.overrides).map((override) => overrideJson(override, ready.sources))
  if (context.json)
    context.out(`${JSON.stringify({ clause: about ?? null, overrides, evidence: found.map(recordJson) }, null, 2)}\n`)
  else {
    if (about !== undefined) showClause(context, ready.program, about)
    for (const { replaced, file, line } of overrides)
      context.out(
        `  ${context.style.dim('overrides '.padEnd(10))} ${oneLine(`${replaced.file}:${replaced.line}, by ${file}:${line}`)}\n`,
      )
    showEvidence(context, about, found)
  }
  return EXIT.ok
}

/** What was meant, as far as the text tells. */
function nearestSubject(subject: string, { clauses }: Program): string {
  const codes = [...diagnosticCatalog().keys()]
  const near = nearestName(subject, [...clauses.map(({ id }) => id), ...codes])
  if (near !== undefined) return `Did you mean \`${near}\`?`
  // Failures are made where they happen, with their words; the catalog has what is found in a spec.
  if (/^(?:cli|engine|import|replay|models|init|draft)\/[a-z-]+$/.test(subject))
    return 'It is the code of a failure while something ran: why it failed and what to do stand where it was shown, and, of a clause that ended in `error`, in its evidence (`plumb explain CLAUSE`).'
  return 'See `plumb check --json` for the ids of clauses, and docs/diagnostics for the codes.'
}

/** What was overridden of what a clause asks: the clause itself, or the column whose contract it is. */
function overridesOf(clause: Clause | undefined, overrides: readonly Override[]): readonly Override[] {
  if (clause === undefined) return []
  const [dataset = '', ...rest] = clause.id.split('.')
  const column = `data.${dataset}.columns.${rest.slice(0, -1).join('.')}`
  const about = clause.origin === 'authored' || rest.length === 0 ? `clauses.${clause.id}` : column
  return overrides.filter(({ path }) => path === about)
}

/** How a finding that stops nothing is left out. */
const suppressible = ({ code, severity }: { readonly code: string; readonly severity: string }): string =>
  severity === 'error' ? '' : `  suppress: [{ code: ${code}, reason: … }] in the spec\n`

/** A record for machines; `window` and `models` tell the records of one clause apart. */
function recordJson({ id, statement, run }: Evidence) {
  const { verdict, relation, slice, window = null, digests, supersedes = null } = statement
  return { id, verdict, at: run.at, relation, slice, window, models: digests.models, supersedes }
}

function showClause(context: CommandContext, program: Program, clause: Clause): void {
  const { bold, dim } = context.style
  const line = (name: string, text: string | undefined): void => {
    if (text !== undefined && text !== '') context.out(`  ${dim(name.padEnd(10))} ${oneLine(text)}\n`)
  }
  context.out(`${bold(oneLine(clause.id))}  ${oneLine(clause.says)}\n`)
  line(clause.form, conditionText(clause))
  line('in words', inWords(clause))
  line('of', clause.of.map((o) => `${o.relation} (${o.stage})`).join(', '))
  line(
    'slices',
    clause.slices.length > 1 || clause.slices[0]?.name !== 'all'
      ? clause.slices.map((s) => s.name).join(', ')
      : undefined,
  )
  line('severity', clause.severity)
  if (clause.form === 'always') {
    line('window', durationText(clause.window))
    line('for', clause.for === 1 ? 'one window' : `${clause.for} decided windows in a row`)
  }
  if (clause.form === 'whenever' || clause.form === 'eventually') line('within', durationText(clause.within))
  if (clause.form === 'must' || clause.form === 'always')
    line('confidence', clause.confidence === 'none' ? 'none: it describes the rows' : `${clause.confidence * 100} %`)
  if (clause.form === 'every') line('mostly', clause.mostly === '1' ? 'every row' : clause.mostly)
  line('because', clause.rationale)
  line('owner', clause.owner)
  for (const id of clause.meets)
    line('meets', `${id}: ${program.about.requirements.find((r) => r.id === id)?.says ?? ''}`)
  line('written', `${clause.place.file}:${clause.place.line}:${clause.place.column}`)
  line('digest', clause.digest)
}

/** The condition read aloud; contracts that are no expression are in words already. */
function inWords(clause: Clause): string | undefined {
  if (clause.form !== 'every') return speakText(clause.text)
  return clause.condition.kind === 'expr' ? speakText(clause.condition.text) : undefined
}

/** Records shown one by one; `plumb report` has all of them. */
const MOST_RECORDS = 10

function showEvidence(context: CommandContext, clause: Clause | undefined, found: readonly Evidence[]): void {
  const { dim } = context.style
  if (found.length === 0) context.out(dim('  never tested\n'))
  const left = found.length - MOST_RECORDS
  if (left > 0) context.out(dim(`\n  ${left} earlier records; \`plumb report\` shows them over time\n`))
  const look = { style: context.style, width: process.stdout.columns ?? 100 }
  for (const evidence of found.slice(-MOST_RECORDS))
    context.out(`\n${evidenceLines(clause, evidence, look).join('\n')}\n`)
}
