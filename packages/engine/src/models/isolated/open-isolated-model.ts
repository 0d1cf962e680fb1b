import { LANES, type OnnxModel } from '../onnx-runner.ts'
import type { SessionOptions } from '../onnx-session.ts'
import { failure, interrupted, type Outcome, success } from '../outcome.ts'
import { type CallTensors, predictTensors } from '../tensor-calls.ts'
import type { Answer, Question } from './messages.ts'
import { type Child, type Ended, startChild } from './start-child.ts'

/** How a model in a process of its own is opened. */
export interface IsolatedOptions extends SessionOptions {
  /** What one call (256 rows) may take before the process is ended, in milliseconds (default a minute). Loading has a minute at least. */
  readonly timeoutMs?: number | undefined
  /** Starts the process; tests end it. */
  readonly start?: (() => Child) | undefined
}

const TIMEOUT_MS = 60_000
/** Few enough that a large network answers them in time. */
const ROWS_PER_CALL = 256

/**
 * Opens an ONNX file in a process of its own, which is ended when it does not answer in time; one that hung or crashed is not
 * asked again. Answers are those of {@link openOnnxModel}. Errors beside its own: `engine/model-timeout`, `engine/model-crashed`.
 */
export async function openIsolatedModel(bytes: Uint8Array, options: IsolatedOptions = {}): Promise<Outcome<OnnxModel>> {
  const { timeoutMs = TIMEOUT_MS, start = startChild, ...session } = options
  const child = start()
  let broken: Outcome<never> | undefined
  const fail = (outcome: Outcome<never>): Outcome<never> => {
    child.kill()
    broken = outcome
    return outcome
  }
  /** When the question before is answered: rows may be asked at the same time, and the process answers one question after the other. */
  let before: Promise<unknown> = Promise.resolve()
  const ask: typeof askNow = (...question) => {
    const said = before.then(() => askNow(...question))
    before = said
    return said
  }
  const askNow = async (
    question: Question,
    doing: string,
    limitMs: number,
    signal?: AbortSignal,
  ): Promise<Outcome<Answer>> => {
    if (broken !== undefined) return broken
    const answer = await inTime(child.ask(question), limitMs, signal)
    if (answer === 'interrupted') return fail(interrupted())
    if (answer === 'timeout')
      return fail(
        failure(
          'engine/model-timeout',
          `The model did not ${doing} within ${limitMs / 1000} s, and its process was ended. A model that needs longer can be run by a command or a server, with \`timeout:\`.`,
        ),
      )
    if (answer.kind === 'ended')
      return fail(
        failure('engine/model-crashed', `The process that runs the model ended ${answer.how} when it was to ${doing}.`),
      )
    return success(answer)
  }
  const call: CallTensors = async (feeds, tensors, signal) => {
    const said = await ask({ kind: 'run', feeds, tensors }, `answer ${feeds[0]?.dims[0] ?? 0} rows`, timeoutMs, signal)
    if (!said.ok) return said
    if (said.value.kind !== 'answered') return fail(confused())
    const { answered } = said.value
    return answered.ok ? success({ results: answered.value }) : answered
  }
  const said = await ask({ kind: 'load', bytes, options: session }, 'load', Math.max(timeoutMs, TIMEOUT_MS))
  if (!said.ok) return said
  if (said.value.kind !== 'loaded') return fail(confused())
  if (!said.value.loaded.ok) return fail(said.value.loaded)
  const { signature, runtimeVersion } = said.value.loaded.value
  return success({
    signature,
    runtimeVersion,
    predict: (request) => predictTensors(signature, request, { call, lanes: LANES, batch: ROWS_PER_CALL }),
    close: () => Promise.resolve(child.kill()),
  })
}

const confused = (): Outcome<never> =>
  failure('engine/model-protocol', 'The process that runs the model answered another question.')

/** Timer and listener keep the event loop busy, which the process alone does not. */
async function inTime(
  answer: Promise<Answer | Ended>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Answer | Ended | 'timeout' | 'interrupted'> {
  const { promise, resolve } = Promise.withResolvers<'timeout' | 'interrupted'>()
  const timer = setTimeout(() => resolve('timeout'), timeoutMs)
  const onAbort = (): void => resolve('interrupted')
  if (signal?.aborted === true) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([answer, promise])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}
