import type { CommandContext } from './context.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Failure } from './failure.ts'

/** Says why a command stopped: on the error stream for people, as JSON on the output for machines. */
export function reportFailure(
  context: Pick<CommandContext, 'json' | 'out' | 'err' | 'style'>,
  { code, message, why, fix, exit }: Failure,
): ExitCode {
  if (context.json) context.out(`${JSON.stringify({ error: { code, message, why, fix } }, null, 2)}\n`)
  else context.err(`${context.style.red(`error[${code}]`)} ${message}\n  why: ${why}\n  fix: ${fix}\n`)
  return exit
}
