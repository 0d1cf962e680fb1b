import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { memoryHost } from './memory-host.ts'
import { nodeHttp } from './node-http.ts'

const servers: Server[] = []

async function serve(handler: RequestListener): Promise<string> {
  const server = createServer(handler)
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

test('sends method, headers and body, and gives back the answer whatever its status', async () => {
  const url = await serve((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.writeHead(503, { 'Retry-After': '7' })
      response.end(`${request.method} ${request.url} ${request.headers['x-key']} ${Buffer.concat(chunks).toString()}`)
    })
  })
  const answer = await nodeHttp({ method: 'POST', url: `${url}/a?b=1`, headers: { 'X-Key': 'k' }, body: 'é' })
  expect(answer).toMatchObject({ ok: true, value: { status: 503, headers: { 'retry-after': '7' } } })
  expect(answer.ok && new TextDecoder().decode(answer.value.body)).toBe('POST /a?b=1 k é')
})

test('a redirect is an answer: nothing is sent elsewhere', async () => {
  const reached: string[] = []
  const other = await serve((request, response) => {
    reached.push(request.url ?? '')
    response.end()
  })
  const url = await serve((_request, response) => response.writeHead(307, { location: `${other}/stolen` }).end())
  expect(await nodeHttp({ method: 'POST', url, body: 'secret' })).toMatchObject({ ok: true, value: { status: 307 } })
  expect(reached).toEqual([])
})

test('an answer without end is cut off', async () => {
  const url = await serve((_request, response) => {
    const more = (): void => {
      if (response.write('x'.repeat(10_000)) && !response.destroyed) setImmediate(more)
      else response.once('drain', more)
    }
    more()
  })
  const answer = await nodeHttp({ method: 'GET', url, maxBytes: 25_000 })
  expect(answer.ok && answer.value.body.length).toBe(25_000)
})

test('silence, a refused connection, a cut one, a bad address and an interruption are values that keep the address to themselves', async () => {
  const silent = await serve(() => undefined)
  const cut = await serve((request) => void request.socket.destroy())
  const closed = await serve(() => undefined)
  const last = servers.pop()
  last?.close()
  const interrupt = new AbortController()
  setImmediate(() => interrupt.abort())
  const failures = await Promise.all([
    nodeHttp({ method: 'GET', url: `${silent}/token-1`, timeoutMs: 50 }),
    nodeHttp({ method: 'GET', url: `${closed}/token-1` }),
    nodeHttp({ method: 'GET', url: `${cut}/token-1` }),
    nodeHttp({ method: 'GET', url: 'token-1' }),
    nodeHttp({ method: 'GET', url: `${silent}/token-1`, signal: interrupt.signal }),
  ])
  expect(failures.map((failure) => (failure.ok ? 'answered' : failure.error.kind))).toEqual([
    'timeout',
    'unreachable',
    'unreachable',
    'unreachable',
    'interrupted',
  ])
  for (const failure of failures) {
    expect(JSON.stringify(failure)).not.toMatch(/token-1|127\.0\.0\.1/)
  }
})

test('a machine made of maps answers as the test says', async () => {
  const request = { method: 'GET', url: 'http://nowhere' } as const
  expect(await memoryHost().http(request)).toMatchObject({ ok: false, error: { kind: 'unreachable' } })
  const answer = { ok: true, value: { status: 204, headers: {}, body: new Uint8Array() } } as const
  expect(await memoryHost({ http: async () => answer }).http(request)).toBe(answer)
})
