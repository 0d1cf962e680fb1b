import { visible } from '@plumbline/core'
import { EXIT, type ExitCode } from './exit-codes.ts'

/** Signals that ask a command to end. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/**
 * Runs a command and sets the exit code of the process by how it ended. The first signal aborts the command's own, with its
 * name as the reason; a second one ends the process. A command that waits for something that nobody will ever bring lets
 * Node end the process with 0: that is told as the failure that it is.
 */
export async function untilDone(command: (signal: AbortSignal) => Promise<ExitCode>): Promise<void> {
  const interrupt = new AbortController()
  const onSignal = (signal: NodeJS.Signals): void => interrupt.abort(signal)
  const onEmpty = (): void => {
    process.exitCode = crash(new Error('nothing is left to wait for, and the command has not ended'))
  }
  for (const signal of SIGNALS) process.once(signal, onSignal)
  process.once('beforeExit', onEmpty)
  try {
    process.exitCode = await command(interrupt.signal)
  } catch (error) {
    process.exitCode = crash(error)
  } finally {
    process.removeListener('beforeExit', onEmpty)
    for (const signal of SIGNALS) process.removeListener(signal, onSignal)
  }
}

function crash(error: unknown): ExitCode {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(
    `error[cli/internal] plumb failed: ${visible(message)}\n  why: this is a bug of plumb, not of your spec\n  fix: report it; PLUMB_TRACE=1 prints where it happened\n`,
  )
  if (process.env['PLUMB_TRACE'] !== undefined && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
  return EXIT.environment
}
