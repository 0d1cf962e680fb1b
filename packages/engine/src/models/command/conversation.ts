import type { Host, RunningProgram } from '@plumbline/core'
import { failure, type Outcome, success } from '../outcome.ts'

/** How a program is started. */
export interface ProgramToRun {
  readonly host: Pick<Host, 'start'>
  readonly command: readonly [string, ...string[]]
  readonly cwd: string
}

/** A running program that answers each line with a line. */
export interface Conversation {
  /** Sends one value and waits for the answer to it. After a failure the program is stopped: nothing more can be said to it. */
  readonly say: (
    value: unknown,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ) => Promise<Outcome<{ readonly answer: unknown; readonly bytes: number }>>
  readonly stop: () => Promise<void>
}

/** Beyond this a line is no answer to a batch. */
const LONGEST_LINE = 256 * 1024 * 1024
/** How much of a line that is none is shown. */
const SHOWN = 120

/** Starts a program. Errors: `engine/runner-missing`, `engine/model-run-failed`. */
export async function converse({ host, command, cwd }: ProgramToRun): Promise<Outcome<Conversation>> {
  const started = await host.start({ command, cwd })
  if (!started.ok)
    return started.error.kind === 'not-found'
      ? failure(
          'engine/runner-missing',
          `The program "${command[0]}" is not there. Install it, or correct the command of the model.`,
        )
      : failure(
          'engine/model-run-failed',
          `The program "${command[0]}" could not be started: ${started.error.message}.`,
        )
  const program = started.value
  const lines = linesOf(program.output)
  let over = false
  const stop = async (graceMs?: number): Promise<void> => {
    over = true
    await program.stop(graceMs)
  }
  return success({
    stop: () => stop(),
    async say(value, timeoutMs, signal) {
      if (over) return failure('engine/model-crashed', 'The program has ended.')
      const waiting = outOfTime(timeoutMs, signal)
      // It may still be reading when it begins to answer, or die while it reads: whatever comes first counts.
      const sent = program.write(`${JSON.stringify(value)}\n`)
      const answer = await Promise.race([lines.next(), waiting.elapsed])
      waiting.cancel()
      if (answer === 'timeout' || answer === 'interrupted') {
        await stop(0)
        return answer === 'timeout'
          ? failure(
              'engine/model-timeout',
              `The program "${command[0]}" did not answer within ${timeoutMs} ms and was ended. Give it more time (\`timeout:\`) or fewer rows at once (\`batch:\`).`,
            )
          : failure('engine/interrupted', 'The prediction was interrupted.')
      }
      if (answer.done === true) {
        await sent
        return failure('engine/model-crashed', await lastWords(program, command[0], stop))
      }
      const read = parse(answer.value)
      if (read.ok) return success({ answer: read.value, bytes: answer.value.length })
      await stop(0)
      return failure(
        'engine/model-protocol',
        `The program "${command[0]}" printed a line that is no JSON: ${read.shown}. Standard output is for answers; print what is for people to standard error.`,
      )
    },
  })
}

async function lastWords(program: RunningProgram, name: string, stop: () => Promise<void>): Promise<string> {
  await stop()
  const { exitCode, signal } = await program.ended
  const how = signal === null ? `with the exit code ${exitCode}` : `by ${signal}`
  const said = program.complaints().trimEnd().split('\n').slice(-3).join(' / ').trim()
  return `The program "${name}" ended ${how}${said === '' ? ', and said nothing' : `: ${said}`}.`
}

function outOfTime(timeoutMs: number, signal: AbortSignal | undefined) {
  const { promise, resolve } = Promise.withResolvers<'timeout' | 'interrupted'>()
  const timer = setTimeout(() => resolve('timeout'), timeoutMs)
  const onAbort = (): void => resolve('interrupted')
  if (signal?.aborted === true) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  return {
    elapsed: promise,
    cancel: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}

async function* linesOf(output: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of output) {
      let rest = chunk
      for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
        yield Buffer.concat([...parts, rest.subarray(0, end)])
        parts = []
        size = 0
        rest = rest.subarray(end + 1)
      }
      size += rest.length
      if (size > LONGEST_LINE) return
      if (rest.length > 0) parts.push(rest)
    }
  } catch {
    // A pipe that breaks is a program that has ended.
  }
}

function parse(
  line: Uint8Array,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly shown: string } {
  const text = new TextDecoder().decode(line)
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, shown: JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text) }
  }
}
