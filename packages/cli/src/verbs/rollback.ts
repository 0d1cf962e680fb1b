import { registryFailureText } from '@plumbline/store'
import { chooseRollback } from '../deploy/choose-rollback.ts'
import { completePromotion, type Completed, sayDeployment } from '../deploy/complete-promotion.ts'
import { eventBody } from '../deploy/deploy-records.ts'
import { inTurn } from '../deploy/in-turn.ts'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { readyProgram } from '../project/ready.ts'
import { openState, type ProjectState, readEvidenceRecords } from '../project/state.ts'
import { reportFailure } from '../report-failure.ts'
import { oneLine } from '../terminal/one-line.ts'

/**
 * `plumb promote --rollback --reason EVIDENCE`: promotes the version before the one in production again, because
 * evidence speaks against that one; loads it and reads it back like any other.
 */
export async function rollback(
  context: CommandContext,
  _args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const reason = options['reason'] as string | undefined
  if (reason === undefined)
    return reportFailure(
      context,
      failure(
        'cli/no-reason',
        'A rollback has a reason.',
        'A version is taken back because evidence says that a clause is violated, and for nothing else.',
        'Name the evidence with --reason: `plumb explain CLAUSE` shows the ids of a clause.',
      ).failure,
    )
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const state = openState(context)
  const done = await inTurn(context, async () => {
    const promotion = await broughtBack(context, state, reason)
    return promotion.ok ? completePromotion(context, ready.program, state, promotion.value) : promotion
  })
  return done.ok ? show(context, done.value) : reportFailure(context, done.failure)
}

async function broughtBack(
  context: CommandContext,
  state: ProjectState,
  id: string,
): Promise<Outcome<Completed['promotion']>> {
  const model = 'champion'
  const history = await state.registry.history(model)
  if (!history.ok) return notRolledBack(registryFailureText(history.failure))
  const evidence = await readEvidenceRecords(state.ledger)
  if (!evidence.ok) return evidence
  const choice = chooseRollback(history.value, evidence.value, id)
  if (!choice.ok) return choice
  if (choice.value.kind === 'done') return success(choice.value.to)
  const { from, to, reason } = choice.value
  const made = await state.registry.rollback({
    model,
    from: from.digest,
    to: to.digest,
    reason,
    also: [
      eventBody(context.host.clock, 'version.promoted', model, to.digest, { rollback: reason, from: from.digest }),
    ],
  })
  return made.ok ? success(made.value) : notRolledBack(registryFailureText(made.failure))
}

function notRolledBack(why: string): Outcome<never> {
  return failure(
    'cli/not-rolled-back',
    why,
    'Nothing has changed in production.',
    'Run `plumb verify`, remove the cause and try again.',
    EXIT.environment,
  )
}

function show(context: CommandContext, { promotion, deployment, exit }: Completed): ExitCode {
  const { digest, model, record, rollback: because } = promotion
  if (context.json) {
    const said = {
      promoted: true,
      model,
      digest,
      was: because?.from ?? null,
      record,
      rollback: because,
      serving: deployment,
    }
    context.out(`${JSON.stringify(said, null, 2)}\n`)
    return exit
  }
  const { green, bold } = context.style
  context.out(
    `${green('✓')} ${bold('rolled back')}: ${oneLine(model)} is ${digest} again\n  was ${because?.from ?? ''}, taken back because of ${because?.reason ?? ''}; record ${record.seq} of the ledger\n`,
  )
  sayDeployment(context, deployment)
  return exit
}
