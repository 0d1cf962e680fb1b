import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answerer, Guard } from '@plumbline/guard'
import { answerCall, type Deployment, type Reply } from './routes.ts'

/** What is served, and within which limits. */
export interface ServerOptions {
  /** Name of the model in paths. */
  readonly name: string
  readonly version: string
  readonly guard: Guard
  readonly model: Answerer
  readonly fallback?: Answerer
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 0: a free one. */
  readonly port?: number
  /** Bytes of a body at most; default 1 MiB. */
  readonly mostBytes?: number
  /** Rows of a request at most; default 4096. */
  readonly mostRows?: number
  /** Milliseconds a model has; default 10 000. */
  readonly timeoutMs?: number
  /** Milliseconds a client has to send its request; default 10 000. */
  readonly requestTimeoutMs?: number
}

/** A running server. */
export interface GuardServer {
  readonly url: string
  /** Is not ready any more, answers what was begun, and ends. */
  close(): Promise<void>
}

/** Starts the guard in front of a model; rejects where the address cannot be had. */
export async function startServer(options: ServerOptions): Promise<GuardServer> {
  const { host = '127.0.0.1', port = 0, mostBytes = 1 << 20, requestTimeoutMs = 10_000 } = options
  let stopping = false
  const deployment: Deployment = {
    ...options,
    timeoutMs: options.timeoutMs ?? 10_000,
    mostRows: options.mostRows ?? 4096,
    ready: () => !stopping,
    now: () => Date.now() * 1000,
  }
  const server = createServer(
    { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs, connectionsCheckingInterval: 500 },
    (request, response) => {
      handle(request, response, deployment, mostBytes).catch(() => response.destroy())
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        stopping = true
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  deployment: Deployment,
  mostBytes: number,
): Promise<void> {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity')
    return send(response, { status: 415, headers: {}, body: { error: 'Compressed bodies are not read.' } }, true)
  const body = await readBody(request, mostBytes)
  if (body === undefined)
    return send(
      response,
      { status: 413, headers: {}, body: { error: `A body may have at most ${mostBytes} bytes.` } },
      true,
    )
  const [path = '/'] = (request.url ?? '/').split('?', 1)
  const call = { method: request.method ?? 'GET', path, headers: request.headers, body }
  send(response, await answerCall(call, deployment), !deployment.ready())
}

/** The body, or undefined once it is longer than allowed; the rest is not read. */
async function readBody(request: IncomingMessage, mostBytes: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return undefined
  const parts: Uint8Array[] = []
  let length = 0
  return new Promise((resolve, reject) => {
    request.on('data', (part: Uint8Array) => {
      length += part.length
      if (length > mostBytes) {
        request.pause()
        resolve(undefined)
      } else parts.push(part)
    })
    request.once('end', () => resolve(Buffer.concat(parts)))
    request.once('error', reject)
  })
}

/** `last`: nothing more is read from this connection. */
function send(response: ServerResponse, { status, headers, body }: Reply, last: boolean): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
    ...(last ? { connection: 'close' } : {}),
  })
  response.end(text)
}
