import { randomUUID } from 'node:crypto'
import type { Transport } from '@connectrpc/connect'
import type { StatementProgress } from '../engines/drivers.ts'
import { BY_OPERATION, type SparkProtocol, sparkProtocol } from './protocol.ts'

/** A connection to Spark Connect: one session, whose settings and temporary views are its own. */
export interface SparkClient {
  /** Sets the session; raises what the server does. */
  configure(settings: Readonly<Record<string, string>>, timeoutMs: number): Promise<void>
  /** Runs a statement; its result is parts in the format of Arrow IPC streams. Raises what the server or the network does. */
  execute(statement: string, options: ExecuteOptions): Promise<readonly Uint8Array[]>
  /** Ends the session, and what still runs in it. */
  close(): Promise<void>
}

/** How a statement runs. */
export interface ExecuteOptions {
  /** Aborting it ends the statement there. */
  readonly signal: AbortSignal
  readonly onProgress?: (progress: StatementProgress) => void
}

interface Response {
  readonly arrowBatch?: { readonly data: Uint8Array }
  readonly executionProgress?: {
    readonly stages: readonly { readonly numTasks: bigint; readonly numCompletedTasks: bigint }[]
  }
}

const CLIENT = 'plumb'
/** How long the server may take to end a statement or a session before it is left to itself. */
const GOODBYE_MS = 5_000

/** Who asks, and what is said of it with every request. */
export interface Asking {
  readonly user: string
  readonly headers: Readonly<Record<string, string>>
}

/** Speaks the protocol over a transport. */
export function sparkClient(
  transport: Transport,
  { user, headers }: Asking,
  protocol: SparkProtocol = sparkProtocol(),
): SparkClient {
  const sessionId = randomUUID()
  const own = { sessionId, userContext: { userId: user, userName: user }, clientType: CLIENT }
  const interrupt = (operationId: string) =>
    transport
      .unary(protocol.interrupt, undefined, GOODBYE_MS, headers, { ...own, interruptType: BY_OPERATION, operationId })
      .catch(() => undefined)
  return {
    async configure(settings, timeoutMs) {
      const pairs = Object.entries(settings).map(([key, value]) => ({ key, value }))
      await transport.unary(protocol.config, undefined, timeoutMs, headers, { ...own, operation: { set: { pairs } } })
    },
    async execute(statement, { signal, onProgress }) {
      const operationId = randomUUID()
      signal.throwIfAborted()
      // The stream is cut only when the server had its word: cut before, it would let the statement run on.
      const cut = new AbortController()
      const onAbort = () => void interrupt(operationId).then(() => cut.abort(signal.reason))
      signal.addEventListener('abort', onAbort, { once: true })
      try {
        const request = { ...own, operationId, plan: { root: { sql: { query: statement } } } }
        const { message } = await transport.stream(protocol.execute, cut.signal, undefined, headers, one(request))
        const parts: Uint8Array[] = []
        for await (const each of message) {
          const { arrowBatch, executionProgress } = each as unknown as Response
          if (arrowBatch !== undefined) parts.push(arrowBatch.data)
          if (executionProgress !== undefined) onProgress?.(progressOf(executionProgress))
        }
        return parts
      } finally {
        signal.removeEventListener('abort', onAbort)
      }
    },
    async close() {
      await transport
        .unary(protocol.release, undefined, GOODBYE_MS, headers, { ...own, allowReconnect: false })
        .catch(() => undefined)
    },
  }
}

async function* one<T>(message: T): AsyncIterable<T> {
  yield message
}

function progressOf({ stages }: NonNullable<Response['executionProgress']>): StatementProgress {
  const total = (of: (stage: (typeof stages)[number]) => bigint) =>
    stages.reduce((sum, stage) => sum + Number(of(stage)), 0)
  return { tasks: total(({ numTasks }) => numTasks), done: total(({ numCompletedTasks }) => numCompletedTasks) }
}
