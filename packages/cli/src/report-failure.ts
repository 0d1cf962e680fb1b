import { visible } from '@plumbline/core'
import type { CommandContext } from './context.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Failure } from './failure.ts'

/**
 * Says why a command stopped: on the error stream for people, as JSON on the output for machines. Names and messages in
 * it come from specs, data and the system; whatever is invisible in them is shown as an escape.
 */
export function reportFailure(
  context: Pick<CommandContext, 'json' | 'out' | 'err' | 'style'>,
  { code, message, why, fix, exit }: Failure,
): ExitCode {
  if (context.json) context.out(`${JSON.stringify({ error: { code, message, why, fix } }, null, 2)}\n`)
  else {
    const advice = fix.split('\n').map(visible).join('\n')
    context.err(
      `${context.style.red(`error[${code}]`)} ${visible(message)}\n  why: ${visible(why)}\n  fix: ${advice}\n`,
    )
  }
  return exit
}
