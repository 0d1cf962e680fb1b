import { dirname } from 'node:path'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome } from '../failure.ts'
import { deployLock } from './deploy-version.ts'

/** How long a promotion waits for another. */
const WAIT_MS = 180_000

/**
 * Does something while no other process promotes or rolls back, so that registry and guard cannot end with two
 * promotions crossed. The lock ends with its holder, also when that is killed.
 */
export async function inTurn<T>(context: CommandContext, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const { host, root, signal } = context
  const path = deployLock(root)
  const made = await host.files.mkdir(dirname(path))
  const lock = made.ok ? await host.files.lock(path, { timeoutMs: WAIT_MS, signal }) : made
  if (!lock.ok)
    return failure(
      'cli/not-in-turn',
      `The turn to promote could not be had: ${lock.error.message}.`,
      'One process at a time changes what is in production.',
      lock.error.kind === 'busy'
        ? 'Another one is at it: wait for it, or end it.'
        : 'Give write permission to .plumb/serving.',
      lock.error.kind === 'interrupted' ? EXIT.interrupted : EXIT.environment,
    )
  try {
    return await work()
  } finally {
    await lock.value.release()
  }
}
