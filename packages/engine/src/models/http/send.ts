import { type Host, type HttpAnswer, type ProgramRunner, resolveAddress } from '@plumbline/core'
import { whyNoJson } from '../why-no-json.ts'
import { failure, interrupted, isAborted, type Outcome, success } from '../outcome.ts'

/** A server that models are asked from. */
export interface Server {
  readonly host: Host
  readonly runner: Extract<ProgramRunner, { kind: 'http' }>
  /** Reads a variable of the environment; what it gives is a secret. */
  readonly variable: (name: string) => string | undefined
}

/** What is sent, below the address of the spec. */
export interface Sent {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

const TIMEOUT_MS = 30_000
const MOST_BYTES = 256 * 1024 * 1024
const RETRIES = 2
/** The first pause before a repetition; each next one is twice as long. */
const PAUSE_MS = 250
/** No server is waited for longer, whatever it asks. */
const LONGEST_PAUSE_MS = 30_000

/**
 * Sends one request and gives the answer with status 200. Refused connections, times out and 408, 429, 502, 503 and 504 are
 * repeated (`retries`, default 2; `Retry-After` is kept); anything else is a failure at once, with what the server said.
 */
export async function send(
  { host, runner, variable }: Server,
  sent: Sent,
  signal?: AbortSignal,
): Promise<Outcome<HttpAnswer>> {
  const base = resolveAddress(runner.address, variable)
  const token = runner.token === undefined ? undefined : resolveAddress(runner.token, variable)
  for (const each of [base, token])
    if (each !== undefined && 'missing' in each)
      return failure('engine/model-address', `The variable ${each.missing} of the model's address or token is not set.`)
  const address = 'url' in base ? base.url.replace(/\/+$/, '') : ''
  const retries = runner.retries ?? RETRIES
  for (let attempt = 0; ; attempt++) {
    const answer = await host.http({
      method: sent.method,
      url: `${address}${sent.path}`,
      headers: {
        ...sent.headers,
        ...(token !== undefined && 'url' in token ? { authorization: `Bearer ${token.url}` } : {}),
      },
      timeoutMs: runner.timeoutMs ?? TIMEOUT_MS,
      maxBytes: MOST_BYTES,
      ...(sent.body === undefined ? {} : { body: sent.body }),
      ...(signal === undefined ? {} : { signal }),
    })
    if (isAborted(signal)) return interrupted()
    if (answer.ok && answer.value.status === 200) return success(answer.value)
    if (attempt >= retries || !worthRepeating(answer)) return refused(answer, attempt + 1)
    await pause(pauseBefore(attempt, answer, host.clock.now()), signal)
  }
}

type Answer = Awaited<ReturnType<Host['http']>>

const PASSING = new Set([408, 429, 502, 503, 504])

function worthRepeating(answer: Answer): boolean {
  return answer.ok ? PASSING.has(answer.value.status) : answer.error.kind !== 'interrupted'
}

/** `Retry-After` is a number of seconds, or a date (RFC 9110, 10.2.3). */
function askedToWait(said: string | undefined, now: number): number {
  if (said === undefined || said.trim() === '') return Number.NaN
  const seconds = Number(said)
  return Number.isNaN(seconds) ? Date.parse(said) - now : seconds * 1000
}

function pauseBefore(attempt: number, answer: Answer, now: number): number {
  const asked = answer.ok ? askedToWait(answer.value.headers['retry-after'], now) : Number.NaN
  return Math.min(LONGEST_PAUSE_MS, Number.isFinite(asked) && asked >= 0 ? asked : PAUSE_MS * 2 ** attempt)
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const onAbort = (): void => resolve()
  signal?.addEventListener('abort', onAbort, { once: true })
  await promise
  clearTimeout(timer)
  signal?.removeEventListener('abort', onAbort)
}

const SHOWN = 300

function refused(answer: Answer, attempts: number): Outcome<never> {
  const times = attempts === 1 ? '' : ` (asked ${attempts} times)`
  if (answer.ok) {
    const said = new TextDecoder().decode(answer.value.body.subarray(0, SHOWN)).trim()
    return failure(
      'engine/model-refused',
      `The server of the model answered with status ${answer.value.status}${times}${said === '' ? '' : `: ${said}`}`,
      { status: answer.value.status },
    )
  }
  const code = answer.error.kind === 'timeout' ? 'engine/model-timeout' : 'engine/model-unreachable'
  return failure(code, `The server of the model did not answer${times}: ${answer.error.message}.`)
}

/** A body as JSON. Errors: `engine/model-protocol`. */
export function jsonOf(body: Uint8Array): Outcome<unknown> {
  const text = new TextDecoder().decode(body)
  try {
    return success(JSON.parse(text))
  } catch {
    const why = whyNoJson(text)
    return failure(
      'engine/model-protocol',
      `The server of the model answered with no JSON: ${text.slice(0, 120)}${why === undefined ? '' : `… ${why}`}`,
    )
  }
}

/** A JSON object; undefined for anything else. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}
