import { type EnvironmentName, type GateDecision, type GateReason, instanceName } from '@plumbline/core'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { readySubject, recordDecision } from '../project/decide.ts'
import { readyProgram } from '../project/ready.ts'
import { openState, toJson } from '../project/state.ts'
import { reportFailure } from '../report-failure.ts'
import { oneLine } from '../terminal/one-line.ts'

/** `plumb gate`: opens or blocks by evidence, and records the decision. */
export async function gate(
  context: CommandContext,
  _args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const base = options['base'] as string | undefined
  const named = options['waiverText'] as string | undefined
  if (named !== undefined) return showTextToSign(context, named, base)
  const environment = (options['environment'] as EnvironmentName | undefined) ?? 'production'
  const subject = await readySubject(context, () => options['candidate'] as string | undefined, environment, base)
  if ('exit' in subject) return subject.exit
  const { decision, program } = subject
  const written = await recordDecision(subject)
  if (!written.ok) return reportFailure(context, written.failure)
  if (context.json) {
    const { open } = decision
    const { requires } = program.release[environment]
    const { reasons } = toJson({ reasons: decision.reasons })
    const { waived = [], foreign = [], named: byName = [] } = decision
    context.out(
      `${JSON.stringify({ open, environment, requires, reasons, ...(waived.length === 0 ? {} : { waived }), ...(foreign.length === 0 ? {} : { foreign }), ...(byName.length === 0 ? {} : { named: byName }) }, null, 2)}\n`,
    )
  } else showDecision(context, decision)
  return decision.open || options['warn'] === true ? EXIT.ok : EXIT.violated
}

/** Prints what a person signs, and nothing else: it is read by `ssh-keygen`. */
async function showTextToSign(context: CommandContext, id: string, base: string | undefined): Promise<ExitCode> {
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const { textToSign } = await import('../project/weakening.ts')
  const text = await textToSign(
    context,
    openState(context),
    { program: ready.program, ...(base === undefined ? {} : { base }) },
    id,
  )
  if (!text.ok) return reportFailure(context, text.failure)
  context.out(text.value)
  return EXIT.ok
}

/** Names said in full where many questions are open for one reason; the rest are counted. */
const NAMES = 6

const nameOf = ({ clause = '', slice = 'all' }: GateReason): string =>
  `${clause}${slice === 'all' ? '' : ` [${slice}]`}`

/** What a reason says apart from the name of its clause. */
function withoutName(reason: GateReason): string {
  const name = nameOf(reason)
  return name !== '' && reason.message.startsWith(name) ? reason.message.slice(name.length) : reason.message
}

const sameWords = (reason: GateReason): string => JSON.stringify([reason.code, withoutName(reason), reason.change])

/** What was found wrong comes before what was not asked yet: no new test would change it. */
const GRAVEST: readonly GateReason['code'][] = ['violated', 'contradictory-evidence', 'error', 'inconclusive']
const gravity = ({ code }: GateReason): number => (GRAVEST.includes(code) ? GRAVEST.indexOf(code) : GRAVEST.length)

function messageOf(group: readonly GateReason[], first: GateReason): string {
  if (group.length === 1) return first.message
  const more = group.length > NAMES ? `, and ${group.length - NAMES} more` : ''
  return `${group.length} questions: ${group.slice(0, NAMES).map(nameOf).join(', ')}${more}; each${withoutName(first)}`
}

/** Prints a decision: for each reason the clause, the bound, what was measured, and what would change the answer. */
export function showDecision(context: CommandContext, decision: GateDecision): void {
  const { green, red, yellow, bold, dim } = context.style
  if (decision.open)
    context.out(
      `${green('✓')} ${bold('gate open')}: ${decision.supporting.length} blocking questions are answered by evidence\n`,
    )
  else
    context.out(
      `${red('✗')} ${bold('gate closed')}: ${decision.reasons.length} ${decision.reasons.length === 1 ? 'reason' : 'reasons'}\n`,
    )
  const reasons = decision.reasons.toSorted((a, b) => gravity(a) - gravity(b))
  for (const group of Map.groupBy(reasons, sameWords).values()) {
    const [reason] = group
    if (reason === undefined) continue
    context.out(
      `\n  ${red(reason.code)} ${oneLine(messageOf(group, reason))}\n  ${dim(`what would change it: ${oneLine(reason.change)}`)}\n`,
    )
  }
  for (const { clause, waiver, person, reason, expires, by } of decision.waived ?? [])
    context.out(
      `\n${yellow('!')} ${oneLine(clause)} is weaker than in production: waived by ${oneLine(person)} until ${expires} (${oneLine(waiver)}, by ${by}): ${oneLine(reason)}\n`,
    )
  for (const { clause, tool, name, file } of decision.foreign ?? [])
    context.out(
      `\n${yellow('!')} ${oneLine(clause)} has no evidence of its own: foreign, ${tool}: ${oneLine(name)} (${oneLine(file)}), which the clause accepts\n`,
    )
  for (const { model, version } of decision.named ?? [])
    context.out(
      `\n${yellow('!')} ${oneLine(model)} is known by the name that its server gives (${oneLine(version)}), and by no digest: whoever runs the server could change what answers under it\n`,
    )
  if (decision.notes.length > 0) {
    const names = decision.notes.map(({ statement }) => `${instanceName(statement)} (${statement.verdict})`)
    context.out(`\n${yellow('!')} not blocking, not satisfied: ${oneLine(names.join(', '))}\n`)
  }
}
