import { setTimeout as wait } from 'node:timers/promises'
import type { StatementProgress } from '../engines/drivers.ts'
import type { TrinoAddress } from './address.ts'
import { TrinoError } from './failure.ts'
import { parseExact, type ResultColumn, type TrinoResult } from './result.ts'

/** How a statement runs. */
export interface ExecuteOptions {
  /** Aborting it ends the statement there. */
  readonly signal: AbortSignal
  readonly onProgress?: (progress: StatementProgress) => void
}

/** A connection to a coordinator. */
export interface TrinoClient {
  /** Runs a statement. Raises what the server (`TrinoError`) or the network does. */
  execute(statement: string, options: ExecuteOptions): Promise<TrinoResult>
}

/** An answer of the protocol (https://trino.io/docs/current/develop/client-protocol.html), as far as it is read. */
interface Answer {
  readonly nextUri?: string
  readonly columns?: readonly ResultColumn[]
  readonly data?: readonly (readonly unknown[])[]
  readonly error?: { readonly message: string; readonly errorName: string }
  readonly stats?: { readonly totalSplits?: number; readonly completedSplits?: number }
}

/** The server is busy or restarts: it is asked again. */
const BUSY = new Set([429, 502, 503, 504])
const MOST_RETRIES = 40
const PAUSE_MS = 75
/** How long the server may take to end a statement before it is left to itself. */
const GOODBYE_MS = 5_000

/** Speaks the protocol by `fetch`: a statement is posted, and answers are followed until there is no next one. */
export function trinoClient({ baseUrl, headers }: TrinoAddress, ask: typeof fetch = fetch): TrinoClient {
  const request = async (url: string, init: RequestInit): Promise<Answer> => {
    for (let tries = 0; ; tries++) {
      const response = await ask(url, { ...init, headers, redirect: 'error' })
      const text = await response.text()
      if (response.ok) return parseExact(text) as Answer
      if (!BUSY.has(response.status) || tries === MOST_RETRIES)
        throw new TrinoError(`HTTP_${response.status}`, text.slice(0, 300).trim() || response.statusText)
      await wait(PAUSE_MS)
    }
  }
  /** Where the answers go on: at the same server, since every request says who asks. */
  const next = (uri: string): string => {
    if (new URL(uri).origin !== new URL(baseUrl).origin)
      throw new TrinoError('OTHER_SERVER', 'The server sent on to another address, which is not followed')
    return uri
  }
  return {
    async execute(statement, { signal, onProgress }) {
      signal.throwIfAborted()
      let columns: readonly ResultColumn[] = []
      const rows: (readonly unknown[])[] = []
      let following: string | undefined
      try {
        let answer = await request(`${baseUrl}/v1/statement`, { method: 'POST', body: statement, signal })
        for (;;) {
          if (answer.error !== undefined) throw new TrinoError(answer.error.errorName, answer.error.message)
          if (answer.columns !== undefined) columns = answer.columns
          for (const row of answer.data ?? []) rows.push(row)
          const { totalSplits = 0, completedSplits = 0 } = answer.stats ?? {}
          if (totalSplits > 0) onProgress?.({ tasks: totalSplits, done: completedSplits })
          if (answer.nextUri === undefined) return { columns, rows }
          following = next(answer.nextUri)
          answer = await request(following, { signal })
        }
      } catch (thrown) {
        // The server would let a statement run on that nobody fetches.
        if (signal.aborted && following !== undefined)
          await ask(following, { method: 'DELETE', headers, signal: AbortSignal.timeout(GOODBYE_MS) }).catch(
            () => undefined,
          )
        throw thrown
      }
    },
  }
}
