import { relative, sep } from 'node:path'
import { registryFailureText } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { readySubject, recordDecision } from '../project/decide.ts'
import { toJson } from '../project/state.ts'
import { reportFailure } from '../report-failure.ts'
import { showDecision } from './gate.ts'

/** `plumb promote`: asks the gate again, and makes the candidate the champion if it is open. */
export async function promote(
  context: CommandContext,
  _args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const subject = await readySubject(context, () => options['candidate'] as string | undefined)
  if ('exit' in subject) return subject.exit
  const { decision, files, state } = subject
  const { candidate } = files
  if (candidate === undefined) {
    return reportFailure(
      context,
      failure(
        'cli/no-candidate',
        'There is no candidate to promote.',
        'Neither --candidate nor pipeline.candidate names a model that is there.',
        'Train one (`plumb run --trust`), or name it with --candidate.',
      ).failure,
    )
  }
  const gate = await recordDecision(subject)
  if (!gate.ok) return reportFailure(context, gate.failure)
  if (!decision.open || gate.value === undefined) {
    if (context.json)
      context.out(
        `${JSON.stringify({ promoted: false, ...toJson({ open: decision.open, reasons: decision.reasons }) }, null, 2)}\n`,
      )
    else {
      showDecision(context, decision)
      context.out('\nNothing was promoted.\n')
    }
    return EXIT.violated
  }
  const promoted = await state.registry.promote({
    model: 'champion',
    artifactPath: candidate.path,
    source: relative(context.root, candidate.path).split(sep).join('/'),
    digest: candidate.digest,
    gateRecord: gate.value,
  })
  if (!promoted.ok) {
    return reportFailure(
      context,
      failure(
        'cli/not-promoted',
        registryFailureText(promoted.failure),
        'Nothing has changed in production.',
        'Remove the cause and promote again.',
        EXIT.environment,
      ).failure,
    )
  }
  const was = files.production?.digest
  if (context.json)
    context.out(
      `${JSON.stringify({ promoted: true, model: 'champion', digest: candidate.digest, was: was ?? null, record: promoted.value.record }, null, 2)}\n`,
    )
  else {
    const { green, bold } = context.style
    context.out(
      `${green('✓')} ${bold('promoted')}: champion is now ${candidate.digest}\n  ${was === undefined ? 'the first one' : `was ${was}`}; record ${promoted.value.record.seq} of the ledger\n`,
    )
  }
  return EXIT.ok
}
