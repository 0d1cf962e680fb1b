import { isAbsolute, join } from 'node:path'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { standaloneGuard } from '../guard-file/standalone.ts'
import { readyProgram } from '../project/ready.ts'
import { reportFailure } from '../report-failure.ts'
import { plannedGuard } from '../serving/planned-guard.ts'
import { oneLine } from '../terminal/one-line.ts'

/** `plumb guard`: the champion behind the clauses on `requests`; with `--out FILE` those clauses as a module of their own. */
export async function guard(
  context: CommandContext,
  _args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  return options['out'] === undefined
    ? (await import('../serving/serve-champion.ts')).serveChampion(context, options)
    : writeGuard(context, options)
}

/** The clauses on `requests` as one ES module that needs nothing else. */
async function writeGuard(context: CommandContext, options: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const planning = plannedGuard(ready.program)
  if (!planning.ok) return reportFailure(context, planning.failure)
  const planned = planning.value
  const out = options['out'] as string
  const path = isAbsolute(out) ? out : join(context.root, out)
  const made = await context.host.files.mkdir(join(path, '..'))
  const written = made.ok ? await context.host.files.writeAtomic(path, standaloneGuard(planned)) : made
  if (!written.ok)
    return reportFailure(
      context,
      failure(
        'cli/not-written',
        `${out} could not be written: ${written.error.message}.`,
        'No guard was written.',
        'Check the path and permissions.',
        EXIT.environment,
      ).failure,
    )
  const { clauses, notEnforced, policy } = planned.plan
  const inPhase = (phase: 'input' | 'output'): number => clauses.filter((clause) => clause.phase === phase).length
  const flagging = clauses.filter(({ effect }) => effect === 'flag').length
  if (context.json) {
    const summary = { guard: path, input: inPhase('input'), output: inPhase('output'), flagging, policy, notEnforced }
    context.out(`${JSON.stringify(summary, null, 2)}\n`)
    return EXIT.ok
  }
  context.out(
    `${context.style.green('✓')} ${oneLine(path)}: ${inPhase('input')} clauses on the input, ${inPhase('output')} on the answer, ${flagging} of them only flag\n`,
  )
  for (const { id, reason } of notEnforced) context.out(`  ${oneLine(id)} is left to the monitor: ${oneLine(reason)}\n`)
  return EXIT.ok
}
