import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guardOf, infer, ROW, tensors, versionOf } from '../testing/guarded.ts'
import { raw, whole } from '../testing/raw-client.ts'
import { type GuardServer, startServer } from './http-server.ts'
import { cpuMs } from '../../../../tests/support/cpu.ts'

// What nobody means well sends, as bytes on a socket; after each of it the server serves the next request.

let server: GuardServer
beforeAll(async () => {
  const guard = await guardOf('')
  const model = versionOf((rows) => rows.map(() => ({ risk: 0.25 })))
  server = await startServer({ name: 'credit', guard, model, requestTimeoutMs: 400, token: 't', mostConnections: 2000 })
})
afterAll(() => server.close())
const serves = async (): Promise<void> => {
  const { status } = await infer(server.url, { inputs: tensors([ROW]) })
  expect(status).toBe(200)
}
const body = JSON.stringify({ inputs: tensors([ROW]) })
const POST = 'POST /v2/models/credit/infer HTTP/1.1\r\nhost: x\r\n'
const request = (text: string, headers = ''): string =>
  `${POST}${headers}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`

describe('requests that are not what they say', () => {
  it.each([
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00', 400],
    ['no method', 'FROB /v2 HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    ['another version', 'GET /v2 HTTP/9.9\r\nhost: x\r\n\r\n', 400],
    ['no host', 'GET /v2 HTTP/1.1\r\n\r\n', 400],
    ['two lengths', `${POST}content-length: 1\r\ncontent-length: 2\r\n\r\n{}`, 400],
    ['a length and chunks', `${POST}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['a length that is none', `${POST}content-length: five\r\n\r\n{}`, 400],
    ['a negative length', `${POST}content-length: -1\r\n\r\n{}`, 400],
    ['chunks that are none', `${POST}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`, 400],
    ['another coding', `${POST}transfer-encoding: gzip\r\n\r\n{}`, 400],
    ['a header without end', `GET /v2 HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
    [
      'too many headers',
      `GET /v2 HTTP/1.1\r\nhost: x\r\n${Array.from({ length: 3000 }, (_, i) => `x${i}: 1`).join('\r\n')}\r\n\r\n`,
      431,
    ],
    ['a header with a line in it', 'GET /v2 HTTP/1.1\r\nhost: x\r\nx: a\rb: c\r\n\r\n', 400],
    ['a path without end', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
    ['an expectation', request(body, 'expect: miracles\r\n'), 417],
    [
      'two JSON lengths',
      request(body, 'inference-header-content-length: 5\r\ninference-header-content-length: 5\r\n'),
      400,
    ],
  ])('%s', async (_name, bytes, status) => {
    const answer = await raw(server.url, bytes, (text) => text.includes('\r\n\r\n'))
    expect(answer.status).toBe(status)
    await serves()
  })

  it.each([
    ['a tunnel', 'CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['the end in the middle of the headers', `${POST}content-le`],
    ['the end in the middle of the body', `${POST}content-length: 100\r\n\r\n{"in`],
  ])('%s: nothing is answered that could be taken for success', async (_name, bytes) => {
    const answer = await raw(
      server.url,
      bytes,
      () => false,
      (socket) => void socket.end(),
    )
    expect(answer.status).not.toBe(200)
    await serves()
  })

  it('paths are compared as they are: nothing is resolved, nothing doubled', async () => {
    const paths = [
      '/v2/models/credit/../credit/infer',
      '//v2/models/credit/infer',
      '/v2//models/credit/infer',
      '/v2/models/credit/infer/',
      '/v2/models/credit%2Finfer',
      '/v2/models/%2e%2e/infer',
      '/v2/models/credit%00/infer',
      '/v2/models/CREDIT/infer',
      '/V2/models/credit/infer',
      '/v2/models/credit;x/infer',
      'http://other/v2/models/credit/infer',
      '/v2/models/__proto__/infer',
      '/v2/repository/models/..%2f..%2fetc/load',
    ]
    for (const path of paths) {
      const text = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`
      const { status } = await raw(server.url, text, whole)
      expect([path, status]).toEqual([path, path.startsWith('/v2/repository') ? 401 : 404])
    }
    for (const path of ['/v2/models/credit/infer?x=/../..', '/v2/models/%63redit/infer'])
      expect(
        (
          await raw(
            server.url,
            `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
            whole,
          )
        ).status,
      ).toBe(200)
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'HEAD'])
      expect(
        (await raw(server.url, `${method} /v2/models/credit/infer HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`))
          .status,
      ).toBe(405)
    await serves()
  })

  it('fields called like what objects inherit are fields like any other, and unknown', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const inputs = [...tensors([ROW]), { name, shape: [1], datatype: 'INT64', data: [1] }]
      const { status, body: said } = await infer(server.url, { inputs })
      expect([status, said['error']]).toEqual([400, `Row 0 is rejected: unknown-field (${name}).`])
    }
    const polluting = body.replace(
      '{"inputs"',
      '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"inputs"',
    )
    expect((await infer(server.url, polluting)).status).toBe(200)
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  it('a name that stands twice is refused, whichever of the two would have been right', async () => {
    const tensor = JSON.stringify(tensors([ROW])[0])
    const bad = tensor.replace(/"data":\[[^\]]*\]/, '"data":["none"]')
    expect(bad).not.toBe(tensor)
    const inside = (change: (text: string) => string): string => body.replace(tensor, change(tensor))
    const twice: readonly string[] = [
      body.replace('{"inputs":', '{"inputs":[],"inputs":'),
      body.replace(/\}$/, ',"inputs":[]}'),
      body.replace('{"inputs":', '{"\\u0069nputs":[],"inputs":'),
      body.replace('{"inputs":', '{"id":"a","id":"a","inputs":'),
      inside((text) => text.replace('"data":', '"data":["none"],"data":')),
      inside((text) => text.replace(/\}$/, ',"data":["none"]}')),
      inside((text) => text.replace(/\}$/, ',"dat\\u0061":["none"]}')),
      inside((text) => text.replace('"shape":', '"shape":[2],"shape":')),
      inside((text) => text.replace('"name":', '"name":"other","name":')),
      inside((text) => `${text},${text}`),
      inside((text) => `${bad},${text}`),
    ]
    // Once before the form of the body is known, and once after.
    for (let time = 0; time < 2; time++) {
      for (const text of twice) {
        expect(text).not.toBe(body)
        expect([text.slice(0, 200), (await infer(server.url, text)).status]).toEqual([expect.anything(), 400])
      }
      for (let known = 0; known < 5; known++) await serves()
    }
  })

  it('numbers and texts at the edges of JSON', async () => {
    const limit = (text: string): string => body.replace('50000.5', text)
    for (const [text, status] of [
      ['1e999', 400],
      ['-1e999', 400],
      ['1e-999', 400],
      ['9007199254740993', 400],
      ['50000.50000000000000000000000000000000000001', 200],
      ['5e4', 200],
      ['NaN', 400],
      ['Infinity', 400],
      ['0x10', 400],
      ['050000', 400],
      ['+50000', 400],
      ['"50000"', 400],
      ['null', 400],
    ] as const)
      expect([text, (await infer(server.url, limit(text))).status]).toEqual([text, status])
    for (const id of ['"\\ud800"', '"\\u0000"', '""', '"\u2028"', '"a\\nb"'])
      expect([id, (await infer(server.url, body.replace('{', `{"id":${id},`))).status]).toEqual([
        id,
        id === '"\\ud800"' ? 400 : 200,
      ])
    expect((await infer(server.url, `\ufeff${body}`)).status).toBe(400)
    await serves()
  })
})

describe('requests that take too much', () => {
  it('a body of 100 MB is not read to its end, and takes no memory', async () => {
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 32), Buffer.from('\r\n')])
    // Of this thread: what the process has belongs to other tests, too.
    const held = (): number => process.memoryUsage().heapUsed + process.memoryUsage().external
    const before = held()
    let sent = 0
    const pump = (socket: Socket): void => {
      while (sent < 100e6 && !socket.destroyed) {
        sent += chunk.length
        if (!socket.write(chunk)) return void socket.once('drain', () => pump(socket))
      }
    }
    const { status } = await raw(server.url, `${POST}transfer-encoding: chunked\r\n\r\n`, whole, pump)
    expect(status).toBe(413)
    expect(sent).toBeLessThan(50e6)
    expect(held() - before).toBeLessThan(100e6)
    expect((await raw(server.url, `${POST}content-length: 100000000\r\n\r\n`, whole)).status).toBe(413)
    await serves()
  })

  it('thousands of tensors, or a deep nest of lists, are refused within a second of CPU', async () => {
    const many = JSON.stringify({
      inputs: Array.from({ length: 15_000 }, (_, i) => ({ name: `t${i}`, shape: [1], datatype: 'FP64', data: [1] })),
    })
    for (const text of [many, '{"inputs":'.repeat(90_000), `{"inputs":[${'[],'.repeat(300_000)}[]]}`]) {
      const began = cpuMs()
      expect((await infer(server.url, text)).status).toBe(400)
      expect(cpuMs() - began).toBeLessThan(1000)
    }
    await serves()
  })

  it('clients that send a byte now and then are given up, and nobody waits for them', async () => {
    const slow = (begin: string): Promise<{ status: number }> =>
      raw(
        server.url,
        begin,
        () => false,
        (socket) => {
          const timer = setInterval(() => socket.write('x'), 50)
          socket.on('close', () => clearInterval(timer))
        },
      )
    const clients = Array.from({ length: 100 }, (_, i) =>
      slow(i % 2 === 0 ? 'POST /v2/models/credit/infer HTTP/1.1\r\nx: ' : `${POST}content-length: 10000\r\n\r\n`),
    )
    await serves()
    const answers = await Promise.all(clients)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([408]))
    await serves()
  })

  it('bodies that are held back together take no more than their room', async () => {
    const guard = await guardOf('')
    const model = versionOf((rows) => rows.map(() => ({ risk: 0.25 })))
    const small = await startServer({
      name: 'credit',
      guard,
      model,
      mostBytesTogether: 100_000,
      requestTimeoutMs: 60_000,
    })
    const held = Array.from({ length: 4 }, () => Promise.withResolvers<Socket>())
    const half = `${POST}content-length: 60000\r\n\r\n${' '.repeat(40_000)}`
    const clients = held.map(({ resolve }) => raw(small.url, half, whole, resolve))
    const sockets = await Promise.all(held.map(({ promise }) => promise))
    // Two find room; the others are told that there is none.
    const full = await Promise.any(clients)
    expect(full.status).toBe(503)
    for (const socket of sockets) socket.destroy()
    await Promise.all(clients)
    await expect.poll(async () => (await infer(small.url, { inputs: tensors([ROW]) })).status).toBe(200)
    await small.close()
  })

  it('requests sent one after another without waiting are answered in their order', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `r${i}`)
    const text = ids.map((id) => request(body.replace('{', `{"id":"${id}",`))).join('')
    const { text: answers } = await raw(server.url, text, (all) => (all.match(/"id":"/g)?.length ?? 0) === ids.length)
    expect([...answers.matchAll(/"id":"(\w+)"/g)].map((match) => match[1])).toEqual(ids)
  })
})
