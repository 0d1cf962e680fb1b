import type { Program } from '@plumbline/core'
import { failureText, type Promotion } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { appendRecords, type ProjectState } from '../project/state.ts'
import { oneLine } from '../terminal/one-line.ts'
import { deploymentBodies, isRecorded } from './deploy-records.ts'
import { type Deployment, deployVersion } from './deploy-version.ts'

/** A promotion, and what became of it where requests are answered. */
export interface Completed {
  readonly promotion: Promotion
  readonly deployment: Deployment
  readonly exit: ExitCode
}

/** Takes a promotion of the registry to the guard in production, reads back, and records what it found. */
export async function completePromotion(
  context: CommandContext,
  program: Program,
  state: ProjectState,
  promotion: Promotion,
): Promise<Outcome<Completed>> {
  const { path, digest } = promotion
  const deployment = await deployVersion(context, program, { path, digest })
  const records = await state.ledger.select()
  if (!records.ok)
    return failure(
      'cli/ledger',
      `The ledger cannot be read: ${failureText(records.failure).replace(/\.$/, '')}.`,
      'What was recorded of this promotion is not known.',
      'Run `plumb verify`.',
      EXIT.environment,
    )
  const known = deployment.kind === 'deployed' && isRecorded(records.value, promotion)
  const bodies =
    known || isBackAlready(records.value, promotion, deployment)
      ? []
      : deploymentBodies(context, program, promotion, deployment)
  const written = bodies.length === 0 ? success(undefined) : await appendRecords(state.ledger, bodies)
  if (!written.ok) return written
  return success({ promotion, deployment, exit: exitOf(deployment) })
}

/** A rollback of the registry alone is recorded once. */
function isBackAlready(
  records: readonly { readonly body: { readonly kind: string } & Readonly<Record<string, unknown>> }[],
  { record }: Promotion,
  { kind }: Deployment,
): boolean {
  if (kind !== 'no-guard' && kind !== 'elsewhere') return false
  return records
    .slice(record.seq)
    .some(({ body }) => (body['event'] as { readonly kind?: unknown } | undefined)?.kind === 'version.rolled-back')
}

function exitOf({ kind }: Deployment): ExitCode {
  if (kind === 'mismatch') return EXIT.violated
  return kind === 'unknown' ? EXIT.environment : EXIT.ok
}

/** Says what became of a version where requests are answered. */
export function sayDeployment({ out, err, style }: CommandContext, deployment: Deployment): void {
  const { green, red, yellow, bold } = style
  switch (deployment.kind) {
    case 'no-guard':
      return out(`${yellow('!')} no guard is serving: one that starts loads this version\n`)
    case 'elsewhere':
      return out(
        `${yellow('!')} the guard at ${oneLine(deployment.url)} stands in front of another server: load the version there\n`,
      )
    case 'deployed':
      return out(
        `${green('✓')} ${bold('deployed')}: read back from ${oneLine(deployment.url)}, and ${deployment.probed} rows answered as by the file\n`,
      )
    case 'mismatch':
      return err(
        `${red('✗')} ${bold('version.mismatch')}: the guard at ${oneLine(deployment.url)} does not answer by this version: ${oneLine(deployment.why)}\n  recorded; run \`plumb promote\` again, or start the guard anew: it loads what the registry names\n`,
      )
    case 'unknown':
      return err(
        `${red('✗')} what the guard at ${oneLine(deployment.url)} answers by is not known: ${oneLine(deployment.why)}\n  the registry names the version; run \`plumb promote\` again\n`,
      )
  }
}
