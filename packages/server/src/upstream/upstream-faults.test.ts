import type { Socket } from 'node:net'
import type { Guard } from '@plumbline/guard'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GuardServer, type ServerOptions, startServer } from '../http/http-server.ts'
import { guardOf, infer, programOf, ROW, tensors, versionOf } from '../testing/guarded.ts'
import { answerOf, type Behaviour, http, inOrder, METADATA, type OddServer, oddServer } from '../testing/odd-server.ts'
import type { ModelFailureReason } from '../versions/model-failure.ts'
import { warmRow } from '../models/warm-row.ts'
import { readAddress } from './address.ts'
import { openUpstream } from './upstream-version.ts'

// A server that misbehaves in every way we could think of, over real sockets, behind a real guard.

const FALLBACK = 'guard: { output: { on_violation: fallback }, fallback: { model: logistic } }\n'
let withFallback: Guard
let strict: Guard
const open: (() => Promise<void>)[] = []
beforeAll(async () => {
  withFallback = await guardOf(FALLBACK)
  strict = await guardOf('')
})
afterAll(async () => {
  for (const close of open) await close()
})

async function upstream(behave: Behaviour = inOrder): Promise<OddServer> {
  const odd = await oddServer(behave)
  open.push(odd.close)
  return odd
}
async function guarded(odd: OddServer, guard: Guard, options: Partial<ServerOptions> = {}): Promise<GuardServer> {
  const address = readAddress(odd.origin, 'credit')
  if (typeof address === 'string') throw new Error(address)
  const outputs = [{ name: 'risk', kind: 'double' as const, tensor: 'probabilities', index: 1 }]
  const warm = warmRow(programOf(''), guard.plan)
  const opened = await openUpstream({ address, plan: guard.plan, outputs, warm, timeoutMs: 5000 })
  if (!opened.ok) throw new Error(opened.refusal.message)
  const fallback = versionOf((rows) => rows.map(() => ({ risk: 0.125 })), 'the fallback')
  const server = await startServer({ name: 'credit', guard, model: opened.value, fallback, timeoutMs: 400, ...options })
  open.push(server.close)
  return server
}
const failures = async ({ url }: GuardServer): Promise<Readonly<Record<string, number>>> => {
  const text = await (await fetch(`${url}/metrics`)).text()
  const found = text.matchAll(/plumbline_model_failures_total\{reason="(\w+)"\} (\d+)/g)
  return Object.fromEntries([...found].map(([, reason, count]) => [reason, Number(count)]))
}
const request = { inputs: tensors([ROW]) }
const wrong = (change: object): Behaviour => {
  const answer = {
    model_name: 'credit',
    outputs: [{ name: 'probabilities', datatype: 'FP32', shape: [1, 2], data: [0.5, 0.5], ...change }],
  }
  return (socket) => socket.write(http(200, JSON.stringify(answer)))
}
const drip = (socket: Socket): void => {
  socket.write('HTTP/1.1 200 X\r\ncontent-length: 1000\r\n\r\n{')
  const timer = setInterval(() => socket.write(' '), 20)
  socket.on('close', () => clearInterval(timer))
}

/** Made once: to make it takes longer than a busy machine has in the time of a request. */
const TOO_MUCH = Buffer.alloc(20 * 2 ** 20, 32)

const FAULTS: readonly (readonly [string, ModelFailureReason, Behaviour])[] = [
  ['hangs', 'timeout', () => undefined],
  ['hangs after its headers', 'timeout', (socket) => socket.write('HTTP/1.1 200 X\r\ncontent-length: 10\r\n\r\n')],
  ['drips its body', 'timeout', drip],
  ['closes the connection', 'connection', (socket) => socket.end()],
  ['resets the connection', 'connection', (socket) => socket.resetAndDestroy()],
  [
    'resets it within its body',
    'connection',
    (socket) => socket.write('HTTP/1.1 200 X\r\ncontent-length: 10\r\n\r\n{', () => socket.resetAndDestroy()),
  ],
  ['ends its body early', 'connection', (socket) => socket.end('HTTP/1.1 200 X\r\ncontent-length: 10\r\n\r\n{}')],
  ['answers no HTTP', 'answer', (socket) => socket.write('\x00\x01 what? \r\n\r\n')],
  ['answers headers that are none', 'answer', (socket) => socket.write('HTTP/1.1 200 X\r\ncontent length 10\r\n\r\n')],
  ['answers 500', 'status', (socket) => socket.write(http(500, '{"error":"secret"}'))],
  ['answers 503', 'status', (socket) => socket.write(http(503, ''))],
  ['answers 204', 'status', (socket) => socket.write('HTTP/1.1 204 X\r\n\r\n')],
  ['sends elsewhere', 'status', (socket) => socket.write(http(302, '', 'location: http://127.0.0.1:1/\r\n'))],
  ['answers nothing', 'answer', (socket) => socket.write(http(200, ''))],
  ['answers half an object', 'answer', (socket) => socket.write(http(200, answerOf(0.5).slice(0, -5)))],
  ['answers a page', 'answer', (socket) => socket.write(http(200, '<html>'))],
  ['answers NaN', 'answer', (socket) => socket.write(http(200, answerOf(0.5).replaceAll('0.5', 'NaN')))],
  ['answers equal keys', 'answer', (socket) => socket.write(http(200, `{"outputs":[],${answerOf(0.5).slice(1)}`))],
  ['answers deeply', 'answer', (socket) => socket.write(http(200, '['.repeat(100_000)))],
  [
    'answers bytes that are no UTF-8',
    'answer',
    (socket) =>
      socket.write(
        Buffer.concat([Buffer.from('HTTP/1.1 200 X\r\ncontent-length: 2\r\n\r\n'), Buffer.from([0xff, 0xfe])]),
      ),
  ],
  [
    'answers too much',
    'answer',
    (socket) => {
      socket.write(`HTTP/1.1 200 X\r\ncontent-length: ${TOO_MUCH.length}\r\n\r\n`)
      socket.write(TOO_MUCH)
    },
  ],
  ['answers null', 'answer', (socket) => socket.write(http(200, 'null'))],
  ['answers no outputs', 'answer', (socket) => socket.write(http(200, '{"outputs":[]}'))],
  ['answers another number of rows', 'answer', wrong({ shape: [2, 2], data: [0, 1, 0, 1] })],
  ['answers more than its shape', 'answer', wrong({ data: [0, 1, 0] })],
  ['answers less than its shape', 'answer', wrong({ data: [] })],
  ['answers another width', 'answer', wrong({ shape: [1, 1], data: [0.5] })],
  ['answers another rank', 'answer', wrong({ shape: [1, 2, 1] })],
  ['answers no shape', 'answer', wrong({ shape: 'x' })],
  ['answers no data', 'answer', wrong({ data: undefined })],
]

/** What comes as an answer, and violates the contract of the output. */
const VIOLATIONS: readonly (readonly [string, Behaviour])[] = [
  ['null', wrong({ data: [0.5, null] })],
  ['a text', wrong({ data: [0.5, '0.5'] })],
  ['an object', wrong({ data: [0.5, {}] })],
  ['a probability above one', wrong({ data: [0.5, 1.5] })],
]

describe('a server behind the guard', () => {
  let odd: OddServer
  let lenient: GuardServer
  let without: GuardServer
  beforeAll(async () => {
    odd = await upstream()
    lenient = await guarded(odd, withFallback)
    without = await guarded(odd, strict)
  })

  it('answers, and says itself which version it is', async () => {
    const { status, body, headers } = await infer(lenient.url, { id: 'x', inputs: tensors([ROW, ROW]) })
    expect([status, headers.get('plumbline-verdict')]).toEqual([200, 'accepted'])
    expect(body).toMatchObject({
      model_version: '3',
      id: 'x',
      outputs: [{ data: [0.25, 0.25] }, { data: [false, false] }],
    })
  })

  it.each(FAULTS)(
    '%s: the fallback answers; without one nobody does; the next request is served',
    async (_name, reason, behave) => {
      const before = await failures(without)
      odd.behave = behave
      const [answered, unanswered] = await Promise.all([infer(lenient.url, request), infer(without.url, request)])
      expect([answered.status, answered.headers.get('plumbline-verdict')]).toEqual([200, 'fallback'])
      expect(answered.body['outputs']).toMatchObject([{ data: [0.125] }, {}])
      expect([unanswered.status, unanswered.headers.get('plumbline-verdict')]).toEqual([503, 'unavailable'])
      expect(JSON.stringify(unanswered.body)).not.toContain('secret')
      expect(await failures(without)).toEqual({ ...before, [reason]: (before[reason] ?? 0) + 1 })
      odd.behave = inOrder
      const next = await Promise.all([infer(lenient.url, request), infer(without.url, request)])
      expect(next.map(({ headers }) => headers.get('plumbline-verdict'))).toEqual(['accepted', 'accepted'])
    },
  )

  it.each(VIOLATIONS)('answers %s: the fallback answers; without one it is withheld', async (_name, behave) => {
    odd.behave = behave
    const [answered, withheld] = await Promise.all([infer(lenient.url, request), infer(without.url, request)])
    odd.behave = inOrder
    expect([answered.status, answered.headers.get('plumbline-verdict')]).toEqual([200, 'fallback'])
    expect([withheld.status, withheld.headers.get('plumbline-verdict')]).toEqual([502, 'withheld'])
    expect(withheld.body['clauses']).toContainEqual(expect.stringMatching(/^champion\.risk\./))
  })

  it('closes connections between requests: it is asked once more', async () => {
    let refused = 0
    odd.behave = (socket, asked) => {
      if (refused++ === 0) socket.destroy()
      else inOrder(socket, asked)
    }
    expect((await infer(without.url, request)).status).toBe(200)
    odd.behave = inOrder
  })

  it('goes away: the fallback answers until it is back', async () => {
    const gone = await upstream()
    const server = await guarded(gone, withFallback)
    const bare = await guarded(gone, strict)
    await gone.close()
    expect((await infer(server.url, request)).headers.get('plumbline-verdict')).toBe('fallback')
    expect((await infer(bare.url, request)).status).toBe(503)
    expect((await fetch(`${server.url}/v2/models/credit/ready`)).status).toBe(200)
    expect((await fetch(`${bare.url}/v2/models/credit/ready`)).status).toBe(503)
    expect((await fetch(`${bare.url}/v2/health/ready`)).status).toBe(200)
  })

  it('hangs under load: every request ends in its time', async () => {
    const hanging = await upstream()
    const server = await guarded(hanging, withFallback, { timeoutMs: 300 })
    hanging.behave = () => undefined
    const began = performance.now()
    const all = await Promise.all(Array.from({ length: 400 }, () => infer(server.url, request)))
    expect(all.map(({ headers }) => headers.get('plumbline-verdict'))).toEqual(all.map(() => 'fallback'))
    // One after the other they would take two minutes; a busy machine takes some seconds for 400 requests.
    expect(performance.now() - began).toBeLessThan(60_000)
  })

  it('is slow: requests beyond its connections wait their turn, and each is answered', async () => {
    const slow = await upstream()
    let sockets = 0
    slow.connected = () => void sockets++
    const server = await guarded(slow, strict, { timeoutMs: 20_000 })
    slow.behave = (socket, asked) => void setTimeout(() => inOrder(socket, asked), 30)
    const all = await Promise.all(Array.from({ length: 700 }, () => infer(server.url, request)))
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]))
    expect(sockets).toBeLessThanOrEqual(256 + 2)
  })

  it('is sent the id and the trace, and typed tensors and nothing else', async () => {
    const bodies: string[] = []
    odd.behave = (socket, asked) => {
      bodies.push(asked.body)
      inOrder(socket, asked)
    }
    await infer(lenient.url, { id: 'a "b"', parameters: { x: 1 }, inputs: tensors([{ ...ROW, id: 5 }]) })
    odd.behave = inOrder
    expect(JSON.parse(bodies[0] ?? '')).toEqual({
      id: 'a "b"',
      inputs: [
        { name: 'limit_bal', datatype: 'FP64', shape: [1, 1], data: [50000.5] },
        { name: 'bill_amt1', datatype: 'FP64', shape: [1, 1], data: [1000] },
        { name: 'sex', datatype: 'INT64', shape: [1], data: [1] },
        { name: 'age', datatype: 'INT64', shape: [1], data: [40] },
        { name: 'pay_0', datatype: 'INT64', shape: [1], data: [0] },
        { name: 'pay_2', datatype: 'INT64', shape: [1], data: [0] },
      ],
    })
  })
})

describe('at the start', () => {
  const refusal = async (behave: Behaviour): Promise<string> =>
    guarded(await upstream(behave), strict).then(
      () => 'started',
      (error: Error) => error.message,
    )
  const metadata =
    (change: object): Behaviour =>
    (socket, asked) =>
      asked.path.endsWith('/infer')
        ? inOrder(socket, asked)
        : socket.write(http(200, JSON.stringify({ ...JSON.parse(METADATA), ...change })))
  const input = (change: object) => {
    const { inputs } = JSON.parse(METADATA) as { inputs: object[] }
    return metadata({ inputs: [{ ...inputs[0], ...change }, ...inputs.slice(1)] })
  }
  const output = (change: object) =>
    metadata({ outputs: [{ name: 'probabilities', datatype: 'FP32', shape: [-1, 2], ...change }] })

  it.each([
    ['declares nothing', metadata({ inputs: [], outputs: null })],
    ['declares one matrix', metadata({ inputs: [{ name: 'X', datatype: 'FP32', shape: [-1, 6] }] })],
    ['declares integers as floats', input({ datatype: 'FP16' })],
  ])('a server that %s is taken', async (_name, behave) => {
    expect(await refusal(behave)).toBe('started')
  })

  it.each([
    ['has another input', input({ name: 'other' }), 'No column feeds its input "other".'],
    [
      'has one input less',
      metadata({ inputs: (JSON.parse(METADATA) as { inputs: object[] }).inputs.slice(1) }),
      'no input for the column "limit_bal"',
    ],
    ['takes another datatype', input({ datatype: 'INT32' }), 'Its input "limit_bal" is INT32'],
    ['takes wide columns', input({ shape: [-1, 3] }), 'has the shape [-1, 3]'],
    ['takes one row only', input({ shape: [1, 1] }), 'has the shape [1, 1]'],
    [
      'takes a matrix of another width',
      metadata({ inputs: [{ name: 'X', datatype: 'FP32', shape: [-1, 5] }] }),
      'not [N, 6]',
    ],
    [
      'takes a matrix of integers',
      metadata({ inputs: [{ name: 'X', datatype: 'INT64', shape: [-1, 6] }] }),
      'which the column "limit_bal" is not',
    ],
    ['has no such output', output({ name: 'other' }), 'It has no output "probabilities" for "risk".'],
    ['answers texts', output({ datatype: 'BYTES' }), 'Its output "probabilities" is BYTES'],
    ['answers one column', output({ shape: [-1, 1] }), 'The index 1 of "risk" is outside'],
    ['is no object', (socket: Socket) => socket.write(http(200, '[]')), 'its metadata is no object'],
    ['has odd tensors', metadata({ inputs: [{}] }), 'inputs or outputs that are no tensors'],
    [
      'answers an error',
      (socket: Socket) => socket.write(http(404, '{}')),
      'It answered 404 when asked what "credit" takes.',
    ],
    ['goes away', (socket: Socket) => socket.destroy(), 'It was not reached, or cut off'],
  ] as readonly (readonly [string, Behaviour, string])[])(
    'a server that %s is refused in words',
    async (_name, behave, words) => {
      expect(await refusal(behave)).toContain(words)
    },
  )

  it('a server that cannot answer a row of the spec is refused', async () => {
    const behave: Behaviour = (socket, asked) =>
      asked.path.endsWith('/infer') ? socket.write(http(200, '{"outputs":[]}')) : inOrder(socket, asked)
    expect(await refusal(behave)).toContain('It has 0 outputs "probabilities" for "risk".')
  })
})
