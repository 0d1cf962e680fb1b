import { connect } from 'node:net'
import type { Answerer, Guard } from '@plumbline/guard'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guardOf, infer, offline, onnxVersion, ROW, tensors, versionOf, WITH_FALLBACK } from '../testing/guarded.ts'
import type { ModelVersion } from '../versions/model-version.ts'
import { type GuardServer, type ServerOptions, startServer } from './http-server.ts'

let guard: Guard
let forest: ModelVersion
let logistic: ModelVersion
const servers: GuardServer[] = []
/** Servers close their models when they end; these are shared. */
const shared = (version: ModelVersion): ModelVersion => ({ ...version, close: async () => undefined })
async function start(options: Partial<ServerOptions> = {}): Promise<string> {
  const server = await startServer({ name: 'credit', guard, model: forest, fallback: logistic, ...options })
  servers.push(server)
  return server.url
}
beforeAll(async () => {
  guard = await guardOf(WITH_FALLBACK)
  forest = shared(await onnxVersion('forest.onnx', 'champion', guard, WITH_FALLBACK))
  logistic = shared(await onnxVersion('logistic.onnx', 'logistic', guard, WITH_FALLBACK))
})
afterAll(async () => {
  for (const server of servers) await server.close()
})

describe('a guarded ONNX model over HTTP', () => {
  it('says what it is', async () => {
    const url = await start({ instance: 'run-1', software: '1.2.3' })
    const get = async (path: string) => {
      const response = await fetch(`${url}${path}`)
      return [response.status, await response.json()]
    }
    expect(await get('/v2/health/live')).toEqual([200, { live: true }])
    expect(await get('/v2/health/ready')).toEqual([200, { ready: true }])
    expect(await get('/v2/models/credit/ready')).toEqual([200, { ready: true }])
    const server = { name: 'plumbline', version: '1.2.3', extensions: ['binary_tensor_data'], instance: 'run-1' }
    expect(await get('/v2')).toEqual([200, server])
    const [status, metadata] = await get(`/v2/models/credit/versions/${forest.version}`)
    expect(status).toBe(200)
    expect(metadata).toMatchObject({
      name: 'credit',
      inputs: [{ name: 'limit_bal', datatype: 'FP64', shape: [-1] }, { name: 'sex' }, {}, {}, {}, {}],
      outputs: [
        { name: 'risk', datatype: 'FP64' },
        { name: 'decision', datatype: 'BOOL' },
      ],
    })
    for (const path of [
      '/',
      '/v2/models/other',
      '/v2/models/credit/versions/8',
      '/v2/models/%ff/infer',
      '/v2/models/credit/x',
    ])
      expect((await get(path))[0], path).toBe(404)
    expect((await get('/v2/models/credit/infer'))[0]).toBe(405)
  })

  it('answers what the model answers, with id and trace echoed', async () => {
    const url = await start()
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const rows = [ROW, { ...ROW, pay_0: 3, pay_2: 3 }, { ...ROW, limit_bal: 15000, age: 25 }]
    const { status, headers, body } = await infer(url, { id: 'r-1 ü', inputs: tensors(rows) }, { traceparent })
    expect(status).toBe(200)
    expect(headers.get('plumbline-verdict')).toBe('flagged')
    expect(headers.get('plumbline-clauses')).toBe('rich-or-old')
    expect(headers.get('plumbline-served-by')).toBe('model')
    expect(headers.get('traceparent')).toBe(traceparent)
    const answers = await offline(forest, rows)
    expect(body).toEqual({
      model_name: 'credit',
      model_version: forest.version,
      id: 'r-1 ü',
      outputs: [
        { name: 'risk', shape: [3], datatype: 'FP64', data: answers.map(({ risk }) => risk) },
        { name: 'decision', shape: [3], datatype: 'BOOL', data: answers.map(({ risk = 0 }) => risk >= 0.4) },
      ],
    })
    const matrix = (data: unknown) => ({
      inputs: [{ name: 'X', shape: [3, 6], datatype: 'FP64', data }],
      outputs: [{ name: 'risk' }],
    })
    const nested = rows.map((row) => Object.values(row))
    for (const data of [nested, nested.flat()]) {
      const again = await infer(url, matrix(data))
      expect(again.body['outputs']).toEqual([(body['outputs'] as readonly unknown[])[0]])
    }
    expect((await infer(url, { inputs: tensors([ROW]) })).headers.get('plumbline-verdict')).toBe('accepted')
  })

  it('rejects a batch for one row, by name', async () => {
    const url = await start()
    const { status, headers, body } = await infer(url, { id: 'x', inputs: tensors([ROW, { ...ROW, age: 7, sex: 3 }]) })
    expect(status).toBe(400)
    expect(headers.get('plumbline-verdict')).toBe('rejected')
    expect(headers.get('plumbline-clauses')).toBe('accounts.sex.values,accounts.age.range')
    expect(body).toMatchObject({ id: 'x', row: 1, clauses: ['accounts.sex.values', 'accounts.age.range'] })
    for (const [change, said] of [
      [{ surname: 5 }, /unknown-field \(surname\)/],
      [{ age: null }, /accounts.age.required/],
    ] as const) {
      const other = await infer(url, { inputs: tensors([{ ...ROW, ...change }]) })
      expect(other.status).toBe(400)
      expect(other.body['error']).toMatch(said)
    }
  })

  it('refuses what is no request', async () => {
    const url = await start({ mostRows: 10 })
    const one = (change: object) => ({
      inputs: [{ name: 'age', shape: [1], datatype: 'INT64', data: [40], ...change }],
    })
    const bodies: readonly unknown[] = [
      '',
      '{"inputs":',
      '{"inputs":[],"inputs":[]}',
      '[]',
      'null',
      '{}',
      `{"inputs":[{"name":"age","shape":[1],"datatype":"INT64","data":[9007199254740993]}]}`,
      '['.repeat(100_000),
      new Uint8Array([0x22, 0xff, 0xfe, 0x22]),
      ...[
        { name: 7 },
        { shape: [2] },
        { shape: [-1] },
        { shape: [1.5] },
        { shape: [1, 1, 1] },
        { shape: [1e15] },
        { shape: [1, 2], data: [1, 2] },
        { shape: [11], data: Array.from({ length: 11 }, () => 40) },
        { datatype: 'INT7' },
        { datatype: '__proto__' },
        { data: 'x' },
        { data: ['40'] },
        { data: [1.5] },
        { data: [[[40]]] },
        { data: [{}] },
        { datatype: 'BYTES' },
      ].map(one),
      { ...one({}), id: 7 },
      { ...one({}), id: 'x'.repeat(1000) },
      { ...one({}), outputs: [{ name: 'nothing' }] },
      { inputs: [...one({}).inputs, ...one({}).inputs] },
      { inputs: [...one({}).inputs, { name: 'sex', shape: [2], datatype: 'INT64', data: [1, 1] }] },
    ]
    for (const body of bodies) {
      const { status, body: said } = await infer(url, body)
      expect([status, JSON.stringify(body).slice(0, 200)]).toEqual([400, expect.anything()])
      expect(typeof said['error']).toBe('string')
    }
    expect((await infer(url, one({}), { 'content-encoding': 'gzip' })).status).toBe(415)
    expect((await infer(url, one({}), { traceparent: 'x' })).headers.get('traceparent')).toBeNull()
    expect((await infer(url, { inputs: tensors([ROW]) })).status).toBe(200)
  })

  it('reads no more of a body than it allows, announced or not', async () => {
    const url = await start({ mostBytes: 1000 })
    const { port, hostname } = new URL(url)
    const first = (head: string, part: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect(Number(port), hostname, () => void socket.write(`${head}\r\n\r\n${part}`))
        let text = ''
        socket.on('data', (data) => {
          text += data.toString()
        })
        socket.on('close', () => resolve(text))
        socket.on('error', (error) => (text === '' ? reject(error) : resolve(text)))
      })
    const line = 'POST /v2/models/credit/infer HTTP/1.1\r\nhost: x'
    expect(await first(`${line}\r\ncontent-length: 104857600`, '{')).toMatch(/^HTTP\/1\.1 413 .*connection: close/is)
    const chunk = `${(4096).toString(16)}\r\n${' '.repeat(4096)}\r\n`
    expect(await first(`${line}\r\ntransfer-encoding: chunked`, chunk)).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('gives up a client that does not finish its request', async () => {
    const url = await start({ requestTimeoutMs: 300 })
    const { port, hostname } = new URL(url)
    const text = await new Promise<string>((resolve) => {
      let said = ''
      const socket = connect(Number(port), hostname, () =>
        socket.write('POST /v2/models/credit/infer HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{'),
      )
      socket.on('data', (data) => {
        said += data.toString()
      })
      socket.on('close', () => resolve(said))
    })
    expect(text).toMatch(/^HTTP\/1\.1 408 /)
  })
})

describe('a model that misbehaves', () => {
  const request = { inputs: tensors([ROW]) }
  const bad: readonly (readonly [string, Answerer])[] = [
    ['violates', (rows) => rows.map(() => ({ risk: 1.5 }))],
    ['answers NaN', (rows) => rows.map(() => ({ risk: NaN }))],
    ['answers nothing', () => []],
    ['answers garbage', () => [null]],
    ['throws', () => Promise.reject(new Error('secret'))],
    ['hangs', () => new Promise(() => undefined)],
  ]
  it.each(bad)('%s: the fallback answers', async (_name, model) => {
    const { status, headers, body } = await infer(await start({ model: versionOf(model), timeoutMs: 100 }), request)
    expect([status, headers.get('plumbline-verdict')]).toEqual([200, 'fallback'])
    const [answer] = await offline(logistic, [ROW])
    expect(body['outputs']).toMatchObject([{ data: [answer?.['risk']] }, {}])
  })

  it.each(bad)('%s: and so does the fallback', async (_name, model) => {
    const { status, headers, body } = await infer(
      await start({ model: versionOf(model), fallback: versionOf(model), timeoutMs: 100 }),
      request,
    )
    expect([status, headers.get('plumbline-verdict')]).toEqual([503, 'unavailable'])
    expect(JSON.stringify(body)).not.toContain('secret')
  })

  it('without a fallback a bad answer is withheld', async () => {
    const strict = await guardOf('')
    const model: Answerer = (rows) => rows.map(() => ({ risk: 1.5 }))
    const { status, headers, body } = await infer(await start({ guard: strict, model: versionOf(model) }), request)
    expect([status, headers.get('plumbline-verdict')]).toEqual([502, 'withheld'])
    expect(body).toMatchObject({ row: 0, clauses: ['champion.risk.range'] })
    expect(JSON.stringify(body)).not.toContain('1.5')
  })
})

describe('shutting down', () => {
  it('answers what was begun, and is not ready for more', async () => {
    let release = (): void => undefined
    let begun = (): void => undefined
    const asked = new Promise<void>((resolve) => {
      begun = resolve
    })
    const model: Answerer = async (rows) => {
      begun()
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return rows.map(() => ({ risk: 0.5 }))
    }
    const server = await startServer({ name: 'credit', guard, model: versionOf(model) })
    const pending = infer(server.url, { inputs: tensors([ROW]) })
    await asked
    const closed = server.close()
    await expect(fetch(`${server.url}/v2/health/ready`)).rejects.toThrow()
    release()
    expect((await pending).status).toBe(200)
    await closed
  })
})
