import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { raw } from '../testing/raw-client.ts'
import { plainHeads } from './plain-head.ts'

const PATH = '/v2/models/credit/infer'
const FIRST = `POST ${PATH} HTTP/1.1\r\n`
const read = (text: string) => plainHeads(PATH)(Buffer.from(text, 'latin1'))

describe('a plain head', () => {
  it.each([
    ['host: x\r\ncontent-length: 2\r\n', { length: 2 }],
    ['Host: x\r\nContent-Length:2 \t\r\nAccept: */*\r\nUser-Agent: \xe4\r\n', { length: 2 }],
    ['host: x\r\ncontent-length: 12\r\nconnection: Keep-Alive\r\nx:\r\n', { length: 12 }],
    ['host: x\r\ncontent-length: 12\r\ntraceparent: 00-a \r\n', { length: 12, traceparent: '00-a' }],
  ])('%j', (lines, expected) => {
    const text = `${FIRST}${lines}\r\n{}`
    expect(read(text)).toEqual({ method: 'POST', path: PATH, ...expected, bodyAt: text.length - 2 })
  })

  it.each([
    ['no host', 'content-length: 2\r\n'],
    ['two hosts', 'host: x\r\nhost: x\r\ncontent-length: 2\r\n'],
    ['no length', 'host: x\r\n'],
    ['two lengths', 'host: x\r\ncontent-length: 2\r\ncontent-length: 2\r\n'],
    ['no body', 'host: x\r\ncontent-length: 0\r\n'],
    ['a length with a sign', 'host: x\r\ncontent-length: +2\r\n'],
    ['a length with a zero before it', 'host: x\r\ncontent-length: 02\r\n'],
    ['a length that is a list', 'host: x\r\ncontent-length: 2, 2\r\n'],
    ['a length beyond all', 'host: x\r\ncontent-length: 9999999999\r\n'],
    ['a coding', 'host: x\r\ntransfer-encoding: chunked\r\n'],
    ['a length and a coding', 'host: x\r\ncontent-length: 2\r\nTransfer-Encoding: chunked\r\n'],
    ['a coding of the content', 'host: x\r\ncontent-length: 2\r\ncontent-encoding: gzip\r\n'],
    ['an expectation', 'host: x\r\ncontent-length: 2\r\nexpect: 100-continue\r\n'],
    ['an upgrade', 'host: x\r\ncontent-length: 2\r\nupgrade: h2c\r\n'],
    ['the end of the connection', 'host: x\r\ncontent-length: 2\r\nconnection: close\r\n'],
    ['a connection with options', 'host: x\r\ncontent-length: 2\r\nconnection: keep-alive, upgrade\r\n'],
    ['trailers', 'host: x\r\ncontent-length: 2\r\ntrailer: x\r\n'],
    ['binary tensors', 'host: x\r\ncontent-length: 2\r\nInference-Header-Content-Length: 1\r\n'],
    ['a probe', 'host: x\r\ncontent-length: 2\r\nplumbline-probe: 1\r\n'],
    ['two traces', 'host: x\r\ncontent-length: 2\r\ntraceparent: a\r\ntraceparent: a\r\n'],
    ['a folded line', 'host: x\r\n y\r\ncontent-length: 2\r\n'],
    ['space before the colon', 'host: x\r\ncontent-length : 2\r\n'],
    ['a bare line feed', 'host: x\ncontent-length: 2\r\n'],
    ['a bare carriage return', 'host: x\rcontent-length: 3\r\ncontent-length: 2\r\n'],
    ['a NUL', 'host: x\0\r\ncontent-length: 2\r\n'],
    ['no colon', 'host: x\r\nfoo\r\ncontent-length: 2\r\n'],
    ['a header without end', `host: x\r\ncontent-length: 2\r\nx: ${'y'.repeat(5000)}\r\n`],
  ])('%s is not plain', (_name, lines) => {
    expect(read(`${FIRST}${lines}\r\n{}`)).toBeUndefined()
  })

  it.each([
    `GET ${PATH} HTTP/1.1`,
    `POST ${PATH} HTTP/1.0`,
    `POST ${PATH}?x HTTP/1.1`,
    `POST  ${PATH} HTTP/1.1`,
    `post ${PATH} HTTP/1.1`,
    `POST http://x${PATH} HTTP/1.1`,
    'POST /v2/models/other/infer HTTP/1.1',
    `\r\nPOST ${PATH} HTTP/1.1`,
  ])('%j is not the line it begins with', (line) => {
    expect(read(`${line}\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}`)).toBeUndefined()
  })

  it('is read as itself, whatever was read before', () => {
    const reads = plainHeads(PATH)
    const text = (length: number, lines = '') => `${FIRST}host: x\r\n${lines}content-length: ${length}\r\n\r\n`
    for (let round = 0; round < 3; round++)
      for (let length = 1; length < 200; length++) {
        const given = text(length, length % 7 === 0 ? `traceparent: ${length}\r\n` : '')
        const head = reads(Buffer.from(given))
        expect([head?.length, head?.bodyAt]).toEqual([length, given.length])
        expect(head?.traceparent).toBe(length % 7 === 0 ? `${length}` : undefined)
        expect(reads(Buffer.from(text(length, 'expect: 100-continue\r\n')))).toBeUndefined()
      }
  })

  it('is whole: its beginnings are not', () => {
    const text = `${FIRST}host: x\r\ncontent-length: 2\r\n\r\n`
    for (let end = 0; end < text.length; end++) expect(read(text.slice(0, end))).toBeUndefined()
    expect(read(text)).toEqual({ method: 'POST', path: PATH, length: 2, bodyAt: text.length })
  })

  it('of a question has a clean path, no body and no token', () => {
    const get = (path: string, lines = 'host: x\r\n') => read(`GET ${path} HTTP/1.1\r\n${lines}\r\n`)
    for (const path of ['/v2', '/v2/health/ready', '/v2/models/credit-2/versions/1_0.a'])
      expect(get(path)).toMatchObject({ method: 'GET', path, length: 0 })
    for (const path of ['/v2?x', '/v2#x', '/v%32', 'v2', '*', 'http://x/v2', '/v2 ', '/v2;x', '/\xe4'])
      expect([path, get(path)]).toEqual([path, undefined])
    for (const lines of ['', 'host: x\r\nhost: x\r\n', 'host: x\r\nAuthorization: Bearer t\r\n'])
      expect(get('/v2', lines)).toBeUndefined()
    for (const lines of [
      'content-length: 0\r\n',
      'content-length: 2\r\n',
      'transfer-encoding: chunked\r\n',
      'te: x\r\n',
    ])
      expect(get('/v2', `host: x\r\n${lines}`)).toBeUndefined()
    expect(read('HEAD /v2 HTTP/1.1\r\nhost: x\r\n\r\n')).toBeUndefined()
  })
})

describe('beside the HTTP server of Node', () => {
  let server: Server
  const seen: { readonly request: IncomingMessage; readonly body: string }[] = []
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = ''
      request.setEncoding('latin1').on('data', (part: string) => (body += part))
      request.on('end', () => {
        seen.push({ request, body })
        response.end('x')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => server.close())

  const odd = fc.constantFrom(' ', '\t', '\r', '\n', '\0', ':', ',', '\x7f', '\xff', 'x', '\r\n', '0')
  const header = fc.oneof(
    fc.constantFrom('host: x', 'content-length: 2', 'Content-Length: 1', 'content-length: 2 ', 'accept: */*'),
    fc.constantFrom('connection: keep-alive', 'connection: close', 'te: x', 'transfer-encoding: chunked'),
    fc.constantFrom('traceparent: 00-a', 'expect: 100-continue', 'upgrade: x', 'x-y: z', ' folded', 'x :y', ''),
    fc.tuple(fc.string({ maxLength: 6 }), odd, fc.string({ maxLength: 6 })).map((parts) => parts.join('')),
  )
  const text = fc
    .tuple(
      fc.array(header, { maxLength: 4 }),
      fc.constantFrom('', '{}', '{', '{}POST'),
      fc.boolean(),
      fc.array(fc.tuple(fc.nat(400), odd), { maxLength: 2 }),
    )
    .map(([headers, body, asks, changes]) => {
      const lines = ['host: x', ...(asks ? [] : ['content-length: 2']), ...headers].map((line) => `${line}\r\n`)
      let whole = `${asks ? 'GET /v2/health/ready HTTP/1.1\r\n' : FIRST}${lines.join('')}\r\n${body}`
      for (const [at, change] of changes) {
        const where = at % (whole.length * 2)
        if (where < whole.length) whole = whole.slice(0, where) + change + whole.slice(where + 1)
      }
      return whole
    })

  it('what is plain is read there as the same request', async () => {
    const plain = { POST: 0, GET: 0 }
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        const head = read(given)
        if (head === undefined || given.length < head.bodyAt + head.length) return
        plain[head.method]++
        const exactly = given.slice(0, head.bodyAt + head.length)
        const { status } = await raw(url(), Buffer.from(exactly, 'latin1'), (said) => said.includes('\r\n\r\nx'))
        const { request, body } = seen.pop() ?? {}
        expect([status, request?.method, request?.url]).toEqual([200, head.method, head.path])
        expect(body).toBe(exactly.slice(head.bodyAt))
        expect(request?.headers['traceparent']).toBe(head.traceparent)
      }),
      { numRuns: 3000 },
    )
    expect(Math.min(plain.POST, plain.GET)).toBeGreaterThan(100)
  })

  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
