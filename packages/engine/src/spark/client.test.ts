import type { Transport } from '@connectrpc/connect'
import { describe, expect, test } from 'vitest'
import { sparkClient } from './client.ts'

/** What reached the server: the method, and what it was asked. */
interface Call {
  readonly method: string
  readonly message: Readonly<Record<string, unknown>>
}

/** A server that answers statements as told, and hears everything. */
function server(answer: (signal: AbortSignal | undefined) => AsyncIterable<unknown>, refusing: readonly string[] = []) {
  const calls: Call[] = []
  const heard = (method: { readonly name: string }, message: unknown) =>
    calls.push({ method: method.name, message: message as Call['message'] })
  const transport = {
    unary(method: { readonly name: string }, _signal: unknown, _timeout: unknown, _header: unknown, message: unknown) {
      heard(method, message)
      return refusing.includes(method.name) ? Promise.reject(new Error('gone')) : Promise.resolve({ message: {} })
    },
    async stream(
      method: { readonly name: string },
      signal: AbortSignal | undefined,
      _timeout: unknown,
      _header: unknown,
      input: AsyncIterable<unknown>,
    ) {
      for await (const message of input) heard(method, message)
      return { message: answer(signal) }
    },
  }
  return { calls, client: sparkClient(transport as unknown as Transport, { user: 'u', headers: { a: 'b' } }) }
}

const bytes = (n: number) => Uint8Array.of(n)

describe('a statement', () => {
  test('gives the parts of its result in their order, and says how far it is', async () => {
    const { calls, client } = server(async function* () {
      const stage = (numTasks: bigint, numCompletedTasks: bigint) => ({ numTasks, numCompletedTasks })
      yield { executionProgress: { stages: [stage(4n, 1n), stage(2n, 0n)] } }
      yield { arrowBatch: { data: bytes(1) } }
      yield {}
      yield { executionProgress: { stages: [stage(4n, 4n), stage(2n, 2n)] } }
      yield { arrowBatch: { data: bytes(2) } }
    })
    const progress: unknown[] = []
    const { signal } = new AbortController()
    const parts = await client.execute('SELECT 1', { signal, onProgress: (each) => progress.push(each) })
    expect(parts).toEqual([bytes(1), bytes(2)])
    expect(progress).toEqual([
      { tasks: 6, done: 1 },
      { tasks: 6, done: 6 },
    ])
    expect(calls).toMatchObject([
      {
        method: 'ExecutePlan',
        message: { plan: { root: { sql: { query: 'SELECT 1' } } }, userContext: { userId: 'u' } },
      },
    ])
  })

  test('that is aborted is ended there by its own name before the stream is cut', async () => {
    const order: string[] = []
    const { calls, client } = server(async function* (signal) {
      yield { executionProgress: { stages: [] } }
      if (signal?.aborted !== true)
        await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
      order.push(`cut after ${calls.length} calls`)
      throw new Error('cancelled')
    })
    const stop = new AbortController()
    const running = client.execute('SELECT slow', { signal: stop.signal, onProgress: () => stop.abort() })
    await expect(running).rejects.toThrow('cancelled')
    const [executed, interrupted] = calls
    expect(calls.map(({ method }) => method)).toEqual(['ExecutePlan', 'Interrupt'])
    expect(interrupted?.message['operationId']).toBe(executed?.message['operationId'])
    expect(order).toEqual(['cut after 2 calls'])
  })

  test('is not sent where it was aborted before', async () => {
    const { calls, client } = server(async function* () {})
    await expect(client.execute('SELECT 1', { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow(
      'stopped',
    )
    expect(calls).toEqual([])
  })
})

describe('a session', () => {
  test('is set before it is used, and ended even where the server is gone', async () => {
    const { calls, client } = server(async function* () {}, ['ReleaseSession'])
    await client.configure({ 'spark.sql.ansi.enabled': 'true' }, 1000)
    await client.close()
    expect(calls.map(({ method }) => method)).toEqual(['Config', 'ReleaseSession'])
    expect(calls[0]?.message).toMatchObject({
      operation: { set: { pairs: [{ key: 'spark.sql.ansi.enabled', value: 'true' }] } },
    })
    expect(calls[1]?.message['sessionId']).toBe(calls[0]?.message['sessionId'])
  })
})
