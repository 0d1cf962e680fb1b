import { type Dispatcher, Pool } from 'undici'
import { ModelFailure } from '../versions/model-failure.ts'

/** What another server answered. */
export interface UpstreamAnswer {
  readonly status: number
  readonly body: Uint8Array
}

/** A call to another server. */
export interface UpstreamCall {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Connections to another server, kept alive between calls. */
export interface UpstreamConnection {
  /** Rejects with a {@link ModelFailure}: nobody there, cut off, too much, or given up by the signal. */
  call(call: UpstreamCall, signal: AbortSignal | undefined): Promise<UpstreamAnswer>
  close(): Promise<void>
}

const MOST_CONNECTIONS = 256
const CONNECT_MS = 5000
/** What an answer may hold: far more than 4096 rows of outputs. */
const MOST_BYTES = 16 * 2 ** 20
const TOO_LONG = new ModelFailure('answer', `Its answer is longer than ${MOST_BYTES} bytes.`)
/** A server that closes a connection it kept alive does not see what was sent meanwhile. */
const CUT_OFF: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** Opens connections to `origin`; none is made before the first call. */
export function openConnection(origin: string): UpstreamConnection {
  const pool = new Pool(origin, {
    connections: MOST_CONNECTIONS,
    pipelining: 1,
    connect: { timeout: CONNECT_MS },
    // How long an answer may take is the caller's to say.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: MOST_BYTES,
  })
  return {
    async call(call, signal) {
      try {
        return await once(pool, call, signal)
      } catch (error) {
        // To infer is to ask: where the connection was closed before any answer began, it is asked once more.
        if (!(error instanceof Unanswered) || signal?.aborted === true) throw failureOf(error)
      }
      try {
        return await once(pool, call, signal)
      } catch (error) {
        throw failureOf(error)
      }
    },
    close: () => pool.destroy(),
  }
}

/** A connection that was closed before an answer began. */
class Unanswered extends Error {}

function once(
  pool: Pool,
  { method, path, headers, body }: UpstreamCall,
  signal: AbortSignal | undefined,
): Promise<UpstreamAnswer> {
  return new Promise((resolve, reject) => {
    let status = 0
    let control: Dispatcher.DispatchController | undefined
    const parts: Buffer[] = []
    const stop = (): void => {
      const late = new ModelFailure('timeout', 'It did not answer in its time.')
      control?.abort(late)
      reject(late)
    }
    if (signal?.aborted === true) return stop()
    signal?.addEventListener('abort', stop, { once: true })
    const done = (): void => signal?.removeEventListener('abort', stop)
    pool.dispatch(
      { method, path, headers: headers ?? {}, ...(body === undefined ? {} : { body }) },
      {
        onRequestStart: (controller) => {
          control = controller
          if (signal?.aborted === true) controller.abort(new ModelFailure('timeout', 'It was not asked in its time.'))
        },
        onResponseStart: (controller, code, answered) => {
          status = code
          if (Number(answered['content-length']) > MOST_BYTES) controller.abort(TOO_LONG)
        },
        onResponseData: (_, part) => {
          parts.push(part)
        },
        onResponseEnd: () => {
          done()
          const [only] = parts
          resolve({ status, body: only !== undefined && parts.length === 1 ? only : Buffer.concat(parts) })
        },
        onResponseError: (_, error) => {
          done()
          const { code } = error as NodeJS.ErrnoException
          reject(status === 0 && CUT_OFF.has(code) ? new Unanswered(error.message) : error)
        },
      },
    )
  })
}

function failureOf(error: unknown): ModelFailure {
  if (error instanceof ModelFailure) return error
  const { code = '', name, message } = error as NodeJS.ErrnoException
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return TOO_LONG
  if (name === 'HTTPParserError') return new ModelFailure('answer', `What it answered is no HTTP: ${message}.`)
  return new ModelFailure('connection', `It was not reached, or cut off: ${message}.`)
}
