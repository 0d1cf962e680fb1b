import { Agent, type IncomingMessage, request as send } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { Staged, StagedCall, StagedOutcome } from '@plumbline/engine'

/** Where a staged model is served. */
export interface OipAddress {
  /** `http://host:port`, without a slash at the end. */
  readonly url: string
  /** The model's name in paths. */
  readonly model: string
  /** Full digest of the version that the server says it serves. */
  readonly digest: string
  /** Sent with every call, such as the token that steers the server. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A client and how it is ended. */
export interface OipClient extends Staged {
  /** Closes its connections. */
  readonly close: () => void
}

/** How patient a client is. */
export interface OipClientOptions {
  /** For one exchange, in milliseconds; default 30 000. */
  readonly timeoutMs?: number
  /** Bytes of a reply at most; default 64 MiB. */
  readonly mostBytes?: number
  /** A clock in milliseconds that never goes back; default `performance.now`. */
  readonly now?: () => number
}

/**
 * A client of a server that speaks the Open Inference Protocol V2. Connections are kept; a call is timed from the moment
 * it is written to the last byte of its reply. What fails (refused, reset, too late, too long) is an outcome.
 */
export function openOipClient(address: OipAddress, options: OipClientOptions = {}): OipClient {
  const { url, model, digest, headers: always = {} } = address
  const { timeoutMs = 30_000, mostBytes = 64 << 20, now = () => performance.now() } = options
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  // Read once: a text would be parsed again for every call.
  const { protocol, hostname, port, pathname } = new URL(url)
  const server = { protocol, hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port, agent }
  const prefix = pathname.replace(/\/$/, '')
  const call = ({ method, path, headers = {}, body }: StagedCall): Promise<StagedOutcome> =>
    new Promise((resolve) => {
      const began = now()
      const failed = (problem: string): void => resolve({ ok: false, problem })
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
      const exchange = send(
        { ...server, method, path: `${prefix}${path}`, headers: { ...always, ...headers, ...length } },
        (response) => {
          const parts: Buffer[] = []
          let bytes = 0
          response.on('data', (part: Buffer) => {
            bytes += part.length
            if (bytes <= mostBytes) {
              parts.push(part)
              return
            }
            failed(`the reply is longer than ${mostBytes} bytes`)
            exchange.destroy()
          })
          response.once('error', () => failed('the reply was cut off'))
          response.once('end', () => {
            const millis = now() - began
            const body = Buffer.concat(parts).toString('utf8')
            resolve({
              ok: true,
              reply: { status: response.statusCode ?? 0, headers: headersOf(response), body, millis },
            })
          })
        },
      )
      exchange.setTimeout(timeoutMs, () => exchange.destroy(new Error(`no reply within ${timeoutMs} ms`)))
      exchange.once('error', (error: NodeJS.ErrnoException) => failed(wordsFor(error)))
      exchange.end(body)
    })
  return { model, digest, call, close: () => agent.destroy() }
}

function wordsFor({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'the connection was refused'
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'the connection was cut' : message
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}
