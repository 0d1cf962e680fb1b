import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Guard } from '@plumbline/guard'
import { servingMetrics } from '../metrics/serving-metrics.ts'
import type { RequestSink } from '../requests/request-sink.ts'
import { isLoopback } from '../routes/access.ts'
import { type Call, errorReply, type Reply } from '../routes/call.ts'
import { type AnswerCall, createRoutes, inferPath } from '../routes/routes.ts'
import { createLoader, type Loader } from '../versions/loader.ts'
import { createSlot, type ModelSlot } from '../versions/model-slot.ts'
import type { ModelRepository } from '../versions/model-repository.ts'
import type { ModelVersion } from '../versions/model-version.ts'
import { bodyReader, type ReadBody } from './body.ts'
import { plainLane } from './plain-lane.ts'
import { KEEP_SECONDS } from './reply-text.ts'
import { createRoom } from './room.ts'

/** What is served, and within which limits. */
export interface ServerOptions {
  /** Name of the model in paths. */
  readonly name: string
  /** What the server is there for, such as `production`; for the metrics. */
  readonly role?: string
  /** Random name of this run; default: a new one. */
  readonly instance?: string
  /** Version of the server. */
  readonly software?: string
  readonly guard: Guard
  /** The version that answers first. */
  readonly model: ModelVersion
  /** The model that the plan names as its fallback. */
  readonly fallback?: ModelVersion
  /** Where other versions come from; without it none can be loaded. */
  readonly repository?: ModelRepository
  /** What steering the repository takes; without it nobody may. */
  readonly token?: string
  /** Where requests are written down; closed when the server ends. */
  readonly sink?: RequestSink
  readonly onSwap?: (version: ModelVersion | undefined) => Promise<void>
  /** Something that whoever runs the server should know. */
  readonly onTrouble?: (message: string) => void
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 0: a free one. */
  readonly port?: number
  /** Bytes of a body at most; default 1 MiB. */
  readonly mostBytes?: number
  /** Bytes of all bodies at once; default 256 MiB. */
  readonly mostBytesTogether?: number
  /** Connections at once; default 10 000. */
  readonly mostConnections?: number
  /** Rows of a request at most; default 4096. */
  readonly mostRows?: number
  /** Milliseconds from a request that was read to its answer; default 10 000. */
  readonly timeoutMs?: number
  /** Milliseconds a client has to send its request; default 10 000. */
  readonly requestTimeoutMs?: number
  /** Wall clock in milliseconds since 1970; default the machine's. */
  readonly now?: () => number
}

/** A running server. */
export interface GuardServer {
  readonly url: string
  readonly instance: string
  readonly slot: ModelSlot
  /** Loads versions as the repository extension does, from this process. */
  readonly loader: Loader
  /** Is not ready any more, answers what was begun, writes down what is left, frees the models, and ends. */
  close(): Promise<void>
}

/** Starts the guard in front of a model; rejects where the address cannot be had. */
export async function startServer(options: ServerOptions): Promise<GuardServer> {
  const { host = '127.0.0.1', port = 0, requestTimeoutMs = 10_000, timeoutMs = 10_000 } = options
  const instance = options.instance ?? randomBytes(8).toString('hex')
  const slot = createSlot(options.model)
  const now = options.now ?? Date.now
  let stopping = false
  let inFlight = 0
  const logState = options.sink?.state
  const metrics = servingMetrics(options.guard.plan, {
    model: options.name,
    role: options.role ?? 'production',
    serving: () => slot.current && { version: slot.current.version, digest: slot.current.digest ?? '' },
    inFlight: () => inFlight,
    ...(logState === undefined ? {} : { log: logState }),
  })
  const { swaps, refusedSwaps } = metrics
  const loader = createLoader({ ...options, slot, swaps, refusedSwaps })
  const answer = createRoutes({
    ...options,
    instance,
    slot,
    loader,
    metrics,
    timeoutMs,
    software: options.software ?? '',
    mostRows: options.mostRows ?? 4096,
    ready: () => !stopping,
    now: () => now() * 1000,
    monotonic: () => performance.now(),
  })
  const { mostBytes = 1 << 20, mostBytesTogether = 1 << 28 } = options
  const room = createRoom(mostBytesTogether)
  const read = bodyReader(mostBytes, room)
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      keepAliveTimeout: KEEP_SECONDS * 1000,
      connectionsCheckingInterval: 500,
    },
    (request, response) => {
      inFlight++
      handle(request, response, answer, read, () => stopping)
        .catch(() => response.destroy())
        .finally(() => inFlight--)
    },
  )
  const lane = plainLane({
    path: inferPath(options.name),
    answer,
    handOn: handOver(server),
    mostBytes,
    room,
    requestTimeoutMs,
    stopping: () => stopping,
    count: (change) => (inFlight += change),
  })
  server.on('connection', lane.serve)
  server.maxConnections = options.mostConnections ?? 10_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: bound } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    stopping = true
    // Whoever does not take an answer in its time holds up nobody else's.
    const late = setTimeout(() => {
      server.closeAllConnections()
      lane.closeAll()
    }, timeoutMs + requestTimeoutMs)
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeIdleConnections()
      lane.closeIdle()
    })
    clearTimeout(late)
    await options.sink?.close()
    await slot.swap(undefined)
    await options.fallback?.close()
  }
  let closing: Promise<void> | undefined
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    instance,
    slot,
    loader,
    close: () => (closing ??= close()),
  }
}

/** Takes from the server what it does with new connections, and gives it back as a function: the plain lane comes first. */
function handOver(server: Server): (socket: Socket) => void {
  const listeners = server.listeners('connection')
  server.removeAllListeners('connection')
  return (socket) => {
    for (const listener of listeners) listener.call(server, socket)
  }
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  answer: AnswerCall,
  read: ReadBody,
  stopping: () => boolean,
): Promise<void> {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity')
    return send(response, errorReply(415, 'Compressed bodies are not read.'), true)
  const reading = await read(request)
  if (!reading.ok) return send(response, errorReply(reading.status, reading.error), true)
  const { url = '/' } = request
  const query = url.indexOf('?')
  const call: Call = {
    method: request.method ?? 'GET',
    path: query < 0 ? url : url.slice(0, query),
    headers: request.headers,
    body: reading.body,
    local: isLoopback((request.socket as Socket).remoteAddress),
  }
  try {
    send(response, await answer(call), stopping())
  } finally {
    reading.release()
  }
}

/** `last`: nothing more is read from this connection. */
function send(response: ServerResponse, { status, headers, body }: Reply, last: boolean): void {
  headers['content-length'] = `${typeof body === 'string' ? Buffer.byteLength(body) : body.length}`
  if (last) headers['connection'] = 'close'
  response.writeHead(status, headers)
  response.end(body)
}
