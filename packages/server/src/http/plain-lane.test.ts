import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { guardOf, infer, ROW, tensors, versionOf } from '../testing/guarded.ts'
import { raw, whole } from '../testing/raw-client.ts'
import type { Call } from '../routes/call.ts'
import { type GuardServer, startServer } from './http-server.ts'
import { plainLane } from './plain-lane.ts'
import { createRoom } from './room.ts'

// Plain requests are answered without Node's HTTP server; on the same bytes both have to say the same.

let server: GuardServer
beforeAll(async () => {
  const guard = await guardOf('')
  const model = versionOf((rows) => rows.map(() => ({ risk: 0.25 })))
  server = await startServer({ name: 'credit', guard, model, mostBytes: 5000, requestTimeoutMs: 60_000 })
})
afterAll(() => server.close())

const PATH = '/v2/models/credit/infer'
const body = (id: string, row: object = ROW): string => JSON.stringify({ id, inputs: tensors([{ ...ROW, ...row }]) })
const post = (text: string, headers = '', path = PATH): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${headers}content-length: ${text.length}\r\n\r\n${text}`
/** As the bytes of its UTF-8, each as one character. */
const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
const chunked = (text: string): string =>
  `POST ${PATH} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`
/** After it a connection is with Node's server for good. */
const OTHER = 'GET /v2/health/ready?x HTTP/1.1\r\nhost: x\r\n\r\n'
const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n${headers}\r\n`

/** Sends bytes cut at these places, and waits for so many answers or for the end of the connection. */
async function ask(socket: Socket, bytes: Buffer, cuts: readonly number[], count: number): Promise<string> {
  const ends = [...new Set(cuts.map((cut) => cut % bytes.length))].filter((end) => end > 0).toSorted((a, b) => a - b)
  let text = ''
  const answered = new Promise<void>((resolve) => {
    socket.on('data', (data) => {
      text += data.toString('latin1')
      if (text.split(/(?<=^|\}|\r\n\r\n)(?=HTTP\/1\.1 (?!100))/).filter(whole).length >= count) resolve()
    })
    socket.once('close', resolve)
    if (socket.destroyed) resolve()
  })
  for (const [i, end] of [...ends, bytes.length].entries()) {
    if (i > 0) await new Promise((resolve) => setTimeout(resolve, 1))
    if (!socket.destroyed) socket.write(bytes.subarray(i === 0 ? 0 : ends[i - 1], end))
  }
  await answered
  socket.removeAllListeners('data')
  return text
}

/** What is answered on one connection, without what differs from call to call. */
async function answers(requests: readonly (readonly [text: string, count: number])[], cuts: readonly number[]) {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname).setNoDelay(true)
  socket.on('error', () => undefined)
  const said: string[] = []
  for (const [text, count] of requests) said.push(await ask(socket, Buffer.from(text, 'latin1'), cuts, count))
  socket.destroy()
  return said.map((text) =>
    text
      .replaceAll(/server-timing: model;dur=[\d.]+/g, 'server-timing: …')
      .replaceAll(/Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, 'Date: …')
      .replaceAll(/plumbline-request-id: [0-9a-f]{16}-\w+/g, 'plumbline-request-id: …'),
  )
}

/** What the server says to these requests, and what Node's server alone says. */
async function both(requests: readonly (readonly [string, number])[], cuts: readonly number[] = []) {
  const [, ...alone] = await answers([[OTHER, 1], ...requests], cuts)
  return [await answers(requests, cuts), alone] as const
}

describe('the lane of plain requests', () => {
  const trace = 'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n'
  it.each([
    ['an answer', post(body('a'))],
    ['a trace', post(body('a'), trace)],
    ['a trace that is none', post(body('a'), 'traceparent: x\r\n')],
    ['no id', post(JSON.stringify({ inputs: tensors([ROW]) }))],
    ['an id beyond Latin-1', post(utf8(body('漢字 ü')))],
    ['a rejected row', post(body('a', { age: 7 }))],
    ['no request', post('{"inputs":')],
    ['bytes that are no UTF-8', post('\xff\xfe')],
    ['a long body', post(body('a', { surname: 'x'.repeat(4000) }))],
    ['a body that is too long', post(body('a', { surname: 'x'.repeat(6000) }))],
    ['the last one', post(body('a'), 'connection: close\r\n')],
    ['an expectation', post(body('a'), 'expect: 100-continue\r\n')],
    ['HTTP/1.0', post(body('a')).replace('HTTP/1.1', 'HTTP/1.0')],
    ['readiness', get('/v2/health/ready', trace)],
    ['what it is', get('/v2')],
    ['what the model is', get('/v2/models/credit')],
    ['what is not there', get('/v2/models/credit/versions/0/x')],
    ['a path that is not clean', get('/v2/../v2')],
    ['a method that is wrong', get(PATH)],
    ['a question with a body', get('/v2', 'content-length: 2\r\n').concat('{}')],
    ['a stranger', get('/v2/repository/models/credit/artifact')],
    ['a token that is none', get('/v2/repository/models/credit/artifact', 'authorization: Bearer x\r\n')],
    ['two hosts', get('/v2', 'host: y\r\n')],
  ])('says what Node’s server says: %s', async (_name, request) => {
    const [said, alone] = await both([[request, 1]])
    expect(said[0]).toMatch(/^HTTP\/1\.1 \d{3} /)
    expect(said).toEqual(alone)
  })

  const good = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(post(body('p')), post(body('q', { age: 7 })), post(utf8(body('ü')), trace)),
    },
    fc.constantFrom(
      chunked(body('c')),
      post(body('o'), '', `${PATH}?x`),
      OTHER,
      get('/v2/health/ready'),
      get('/v2/models/credit'),
      get('/v2', 'content-length: 0\r\n'),
      post('{'),
      post(body('d'), 'te: x\r\n'),
    ),
  )
  const bad = fc.constantFrom(
    'BAD\r\n\r\n',
    post(body('l'), 'connection: close\r\n'),
    post(body('e'), 'expect: 100-continue\r\n'),
    `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\n{}`,
    `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    `POST ${PATH} HTTP/1.1\r\nhost: x\r\nx: y\n z\r\ncontent-length: 2\r\n\r\n{}`,
    `POST ${PATH} HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}`,
    `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n${' '.repeat(9000)}`,
  )
  const places = fc.array(fc.nat(), { maxLength: 4 })

  it('says what Node’s server says to requests in turn, however they are cut', async () => {
    const requests = fc.array(fc.oneof({ weight: 3, arbitrary: good }, bad), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(requests, places, async (texts, cuts) => {
        const [said, alone] = await both(
          texts.map((text) => [text, 1] as const),
          cuts,
        )
        expect(said).toEqual(alone)
      }),
      { numRuns: 150 },
    )
  })

  it('says what Node’s server says to requests that are sent without waiting, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(good, { minLength: 2, maxLength: 6 }), places, async (texts, cuts) => {
        const [said, alone] = await both([[texts.join(''), texts.length]], cuts)
        expect(said).toEqual(alone)
      }),
      { numRuns: 150 },
    )
  })

  it('answers requests that come one after another on a connection that is kept', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `r${i}`)
    let sent = 1
    const next = (socket: Socket): void => {
      socket.on('data', () => {
        const id = ids[sent++]
        if (id === undefined) socket.end()
        else socket.write(post(body(id)))
      })
    }
    const { text } = await raw(server.url, post(body('r0')), () => false, next)
    expect([...text.matchAll(/"id":"(\w+)"/g)].map((match) => match[1])).toEqual(ids)
    expect(text.match(/Connection: keep-alive/g)?.length).toBe(ids.length)
  })

  it('a client that sends no more than half a request is told so, or nothing', async () => {
    const guard = await guardOf('')
    const model = versionOf((rows) => rows.map(() => ({ risk: 0.25 })))
    const hasty = await startServer({ name: 'credit', guard, model, requestTimeoutMs: 300 })
    const half = post(body('a')).slice(0, -10)
    const late = await raw(hasty.url, half)
    expect(late.text).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
    const silent = await raw(hasty.url, '')
    expect(silent.status).toBe(408)
    const ended = await raw(
      hasty.url,
      half,
      () => false,
      (socket) => void socket.end(),
    )
    expect(ended.status).toBe(400)
    const gone = await raw(
      hasty.url,
      half,
      () => false,
      (socket) => void setImmediate(() => socket.resetAndDestroy()),
    )
    expect(gone.status).toBe(0)
    expect((await infer(hasty.url, JSON.parse(body('z')))).status).toBe(200)
    await hasty.close()
  })

  it('a client that has said all before it listens gets its answer', async () => {
    const { text } = await raw(
      server.url,
      post(body('a')),
      () => false,
      (socket) => void socket.end(),
    )
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n.*"id":"a"/s)
  })
})

test('a connection that asks what it is talking to stays in the lane; one that asks for more leaves it', async () => {
  const calls: Call[] = []
  let handedOn = 0
  const lane = plainLane({
    path: PATH,
    answer: async (call) => {
      calls.push(call)
      return { status: 200, headers: {}, body: '{}' }
    },
    handOn: (socket) => {
      handedOn++
      socket.destroy()
    },
    mostBytes: 5000,
    room: createRoom(10_000),
    requestTimeoutMs: 60_000,
    stopping: () => false,
    count: () => undefined,
  })
  const listening = createServer(lane.serve)
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const socket = connect((listening.address() as AddressInfo).port, '127.0.0.1')
  for (const text of [get('/v2/health/ready'), get('/v2/models/credit'), post(body('a')), get('/v2'), post(body('b'))])
    expect(await ask(socket, Buffer.from(text), [], 1)).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(calls.map(({ method, path, body: { length } }) => `${method} ${path} ${length > 0}`)).toEqual([
    'GET /v2/health/ready false',
    'GET /v2/models/credit false',
    `POST ${PATH} true`,
    'GET /v2 false',
    `POST ${PATH} true`,
  ])
  expect(handedOn).toBe(0)
  expect(await ask(socket, Buffer.from(OTHER), [], 1)).toBe('')
  expect([calls.length, handedOn]).toEqual([5, 1])
  listening.close()
})

describe('the lane when the server stops', () => {
  it('idle connections end, begun ones are answered and closed', async () => {
    const guard = await guardOf('')
    const asked = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    const model = versionOf(async (rows) => {
      asked.resolve()
      await released.promise
      return rows.map(() => ({ risk: 0.25 }))
    })
    const stopping = await startServer({ name: 'credit', guard, model })
    const connected = Promise.withResolvers<void>()
    const idle = raw(
      stopping.url,
      '',
      () => false,
      () => connected.resolve(),
    )
    const busy = raw(stopping.url, post(body('a')))
    await connected.promise
    await asked.promise
    const closed = stopping.close()
    expect((await idle).text).toBe('')
    released.resolve()
    const { text, status } = await busy
    expect([status, whole(text), /connection: close/i.test(text)]).toEqual([200, true, true])
    await closed
  })
})
