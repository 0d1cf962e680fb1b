import { relative, sep } from 'node:path'
import type { Program } from '@plumbline/core'
import { type Promotion, registryFailureText } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import { completePromotion, type Completed, sayDeployment } from '../deploy/complete-promotion.ts'
import { eventBody } from '../deploy/deploy-records.ts'
import { inTurn } from '../deploy/in-turn.ts'
import { keepData } from '../deploy/kept-data.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { readySubject, recordDecision, type Subject } from '../project/decide.ts'
import { keepSpec } from '../project/kept-spec.ts'
import { toJson } from '../project/state.ts'
import { type ModelFile, notServed } from '../project/versions.ts'
import { imagesNotServed } from '../serving/planned-guard.ts'
import { reportFailure } from '../report-failure.ts'
import { oneLine } from '../terminal/one-line.ts'
import { showDecision } from './gate.ts'

/**
 * `plumb promote`: asks the gate again, makes the candidate the champion if it is open, has the guard in production load
 * it, and reads back what then answers. Run again it completes what an earlier run could not.
 */
export async function promote(
  context: CommandContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  if (options['rollback'] === true) return (await import('./rollback.ts')).rollback(context, args, options)
  if (options['reason'] !== undefined)
    return reportFailure(
      context,
      failure(
        'cli/bad-value',
        '`--reason` belongs to `--rollback`.',
        'A candidate is promoted because the gate is open.',
        'Leave --reason out, or write `plumb promote --rollback --reason EVIDENCE`.',
      ).failure,
    )
  const subject = await readySubject(context, () => options['candidate'] as string | undefined)
  if ('exit' in subject) return subject.exit
  const { decision, files } = subject
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
  if (candidate.identity !== undefined) return reportFailure(context, notServed('promoted').failure)
  const refused = imagesNotServed(subject.program)
  if (refused !== undefined) return reportFailure(context, refused.failure)
  const done = await inTurn(context, () => promoted(context, subject, candidate))
  if (!done.ok) return reportFailure(context, done.failure)
  if (done.value === undefined) {
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
  return show(context, done.value)
}

/** What a promotion came to; `was`: the version before, or the same where it was promoted already. */
interface Promoted extends Completed {
  readonly was: string | undefined
}

/** Undefined where the gate is closed. */
async function promoted(
  context: CommandContext,
  subject: Subject,
  candidate: ModelFile,
): Promise<Outcome<Promoted | undefined>> {
  const spec = subject.decision.open
    ? await keepSpec(context, subject.program, subject.state.artifacts)
    : success(undefined)
  if (!spec.ok) return spec
  const gate = await recordDecision(subject, spec.value)
  if (!gate.ok) return gate
  if (!subject.decision.open || gate.value === undefined) return success(undefined)
  const { program, state, files } = subject
  const promotion = await registered(context, subject, candidate, gate.value)
  if (!promotion.ok) return promotion
  const completed = await completePromotion(context, program, state, promotion.value)
  return completed.ok ? success({ ...completed.value, was: files.production?.digest }) : completed
}

/** The record of the registry: one that is there already, or a new one. */
async function registered(
  context: CommandContext,
  { program, state }: Subject,
  candidate: ModelFile,
  gateRecord: NonNullable<Extract<Awaited<ReturnType<typeof recordDecision>>, { readonly ok: true }>['value']>,
): Promise<Outcome<Promotion>> {
  const { name: model } = championOf(program)
  const now = await state.registry.champion(model)
  if (now.ok && now.value?.digest === candidate.digest) return success(now.value)
  const data = await keepData(context, program, state.artifacts)
  if (!data.ok) return data
  const made = await state.registry.promote({
    model,
    artifactPath: candidate.path,
    source: relative(context.root, candidate.path).split(sep).join('/'),
    digest: candidate.digest,
    gateRecord,
    data: data.value,
    also: [eventBody(context.host.clock, 'version.promoted', model, candidate.digest)],
  })
  if (made.ok) return success(made.value)
  return failure(
    'cli/not-promoted',
    registryFailureText(made.failure),
    'Nothing has changed in production.',
    'Remove the cause and promote again.',
    EXIT.environment,
  )
}

const championOf = ({ models }: Program): { readonly name: string } =>
  models.find(({ name }) => name === 'champion') ?? { name: 'champion' }

function show(context: CommandContext, { promotion, deployment, exit, was }: Promoted): ExitCode {
  const { digest, model, record } = promotion
  if (context.json) {
    const said = { promoted: true, model, digest, was: was ?? null, record, serving: deployment }
    context.out(`${JSON.stringify(said, null, 2)}\n`)
    return exit
  }
  const { green, bold } = context.style
  const before = was === undefined ? 'the first one' : was === digest ? 'it was already' : `was ${was}`
  context.out(
    `${green('✓')} ${bold('promoted')}: ${oneLine(model)} is now ${digest}\n  ${before}; record ${record.seq} of the ledger\n`,
  )
  sayDeployment(context, deployment)
  return exit
}
