import type { Host, RunningProgram } from '@plumbline/core'
import { failure, type Outcome, success } from '../outcome.ts'
import { whyNoJson } from '../why-no-json.ts'
import { type Incoming, incomingOf, LONGEST } from './incoming.ts'

/** How a program is started. */
export interface ProgramToRun {
  readonly host: Pick<Host, 'start'>
  readonly command: readonly [string, ...string[]]
  readonly cwd: string
}

/** What is said to a program, or by it: a value in a line, and the bytes that may follow it, whose number stands in its `arrow`. */
export interface Said {
  readonly value: unknown
  readonly attached?: Uint8Array | undefined
}

/** An answer, and its size as it came. */
export interface Answer extends Said {
  readonly bytes: number
}

/** A running program that answers each line with a line. */
export interface Conversation {
  /** Sends one value and waits for the answer to it. After a failure the program is stopped: nothing more can be said to it. */
  readonly say: (said: Said, timeoutMs: number, signal: AbortSignal | undefined) => Promise<Outcome<Answer>>
  readonly stop: () => Promise<void>
}

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
  const incoming = incomingOf(program.output)
  let over = false
  const stop = async (graceMs?: number): Promise<void> => {
    over = true
    await program.stop(graceMs)
  }
  return success({
    stop: () => stop(),
    async say(said, timeoutMs, signal) {
      if (over) return failure('engine/model-crashed', 'The program has ended.')
      const waiting = outOfTime(timeoutMs, signal)
      // It may still be reading when it begins to answer, or die while it reads: whatever comes first counts.
      const sent = program.write(bytesOf(said))
      const answer = await Promise.race([nextAnswer(incoming), waiting.elapsed])
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
      if (answer === 'ended') {
        await sent
        return failure('engine/model-crashed', await lastWords(program, command[0], stop))
      }
      if (!('wrong' in answer)) return success(answer)
      await stop(0)
      return failure('engine/model-protocol', `The program "${command[0]}" ${answer.wrong}`)
    },
  })
}

function bytesOf({ value, attached }: Said): string | Uint8Array {
  const line = `${JSON.stringify(value)}\n`
  return attached === undefined ? line : Buffer.concat([Buffer.from(line), attached])
}

/** The next answer; `ended` where the output ends before it is whole. */
async function nextAnswer(incoming: Incoming): Promise<Answer | 'ended' | { readonly wrong: string }> {
  const line = await incoming.line()
  if (line === undefined) return 'ended'
  if (line === 'too-long') return TOO_LONG
  const read = parse(line)
  if (!read.ok) return { wrong: `printed a line that is no JSON: ${read.shown}. ${read.advice}` }
  const size = announced(read.value)
  if (size === undefined) return { value: read.value, bytes: line.length }
  if (!Number.isSafeInteger(size) || size < 0 || size > LONGEST)
    return { wrong: `announced ${String(size).slice(0, SHOWN)} bytes of Arrow; from 0 to ${LONGEST} are read.` }
  const attached = await incoming.bytes(size)
  if (attached === 'too-long') return TOO_LONG
  return attached === undefined ? 'ended' : { value: read.value, attached, bytes: line.length + size }
}

const TOO_LONG = {
  wrong: `printed a line of more than ${LONGEST / 2 ** 20} MB. Ask for fewer rows at once (\`batch:\`).`,
}

function announced(value: unknown): number | undefined {
  const size = typeof value === 'object' && value !== null && 'arrow' in value ? value.arrow : undefined
  return size === undefined ? undefined : typeof size === 'number' ? size : Number.NaN
}

async function lastWords(program: RunningProgram, name: string, stop: () => Promise<void>): Promise<string> {
  await stop()
  const { exitCode, signal } = await program.ended
  const how = signal === null ? `with the exit code ${exitCode}` : `by ${signal}`
  const said = wordsOf(program.complaints())
  return `The program "${name}" ended ${how}${said === '' ? ', and said nothing' : `: ${said}`}.${NO_WORKER.test(said) ? WORKER : ''}`
}

/** What comes after the words in which a runtime says what went wrong: frames of a stack, and its own name. */
const AFTERWARDS = /^\s*(?:at\s|Node\.js v\d)|^\s*$/

/** The last three lines in which a program says why it ended. */
function wordsOf(complaints: string): string {
  const lines = complaints.trimEnd().split('\n')
  const words = lines.filter((line) => !AFTERWARDS.test(line))
  return (words.length === 0 ? lines : words).slice(-3).join(' / ').trim()
}

/** The usual reason why a first model of Python does not start. */
const NO_WORKER = /No module named '?plumbline/
const WORKER =
  ' The worker is a package of Python: `pip install` the folder `python/` of Plumbline where that Python is.'

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

function parse(
  line: Uint8Array,
):
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly shown: string; readonly advice: string } {
  try {
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line)) }
  } catch {
    const text = new TextDecoder().decode(line)
    const advice = whyNoJson(text) ?? 'Standard output is for answers; print what is for people to standard error.'
    return { ok: false, shown: JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text), advice }
  }
}
