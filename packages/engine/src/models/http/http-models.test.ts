import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { type Asked, askedProject } from '../../model-stage/testing/asked-project.ts'
import { type Came, json, type Reply, serve, type Served } from './testing/serve.ts'

const project = askedProject()
let server: Served | undefined
afterAll(() => project.close())
afterEach(async () => {
  await server?.close()
  server = undefined
})

const MEAN = 'mean-known: { of: champion, must: mean(risk) > 0.449 && mean(risk) < 0.451 }'
const FAST = 'fast: { of: champion, must: max(_latency_ms) < 60000.0 && min(_bytes) > 1.0 }'

async function ask(reply: (request: Came) => Reply, keys: string, more: Partial<Asked> = {}) {
  server = await serve(reply)
  return project.decide({ artifact: `{ http: "${server.url}", ${keys} }`, clauses: [MEAN, FAST], ...more })
}

const METADATA = {
  name: 'risk',
  versions: ['7'],
  platform: 'test',
  inputs: [{ name: 'a', datatype: 'FP32', shape: [-1, 1] }],
  outputs: [{ name: 'risk', datatype: 'FP64', shape: [-1, 1] }],
}

/** A server of the Open Inference Protocol; `infer` answers the values of `a`. */
function oip(
  infer: (a: readonly number[]) => unknown,
  { binary = false, metadata = METADATA as unknown } = {},
): (request: Came) => Reply {
  return ({ method, path, body, headers }) => {
    if (path === '/v2') return json({ name: 's', extensions: binary ? ['binary_tensor_data'] : [] })
    if (path === '/v2/models/risk' && method === 'GET') return json(metadata)
    if (path !== '/v2/models/risk/infer') return json({ error: `no ${path}` }, 404)
    if (!binary) return json(infer((JSON.parse(body.toString()) as { inputs: [{ data: number[] }] }).inputs[0].data))
    const size = Number(headers['inference-header-content-length'])
    const said = JSON.parse(body.subarray(0, size).toString()) as { inputs: [{ shape: [number] }] }
    const a = Array.from({ length: said.inputs[0].shape[0] }, (_, i) => body.readFloatLE(size + 4 * i))
    const bytes = Buffer.from(Float64Array.from(a, (v) => v / 10).buffer)
    const head = JSON.stringify({
      outputs: [
        { name: 'risk', datatype: 'FP64', shape: [a.length, 1], parameters: { binary_data_size: bytes.length } },
      ],
    })
    return {
      headers: { 'inference-header-content-length': String(head.length) },
      body: Buffer.concat([Buffer.from(head), bytes]),
    }
  }
}

const risk = (data: readonly unknown[], shape: readonly number[] = [data.length, 1]) => ({
  outputs: [{ name: 'risk', datatype: 'FP64', shape, data }],
})
const OIP = 'protocol: oip-v2, model: risk'

describe('a server of the Open Inference Protocol', () => {
  it.each([false, true])('answers in batches, with its version in the evidence (binary: %s)', async (binary) => {
    const statements = await ask(
      oip((a) => risk(a.map((v) => v / 10)), { binary }),
      `${OIP}, batch: 8`,
    )
    expect(statements['mean-known']).toMatchObject({
      verdict: 'satisfied',
      n: 20,
      runners: { champion: { kind: 'http', says: { version: '7' }, repeated: { rows: 20, differing: 0 } } },
    })
    expect(statements['fast']).toMatchObject({ verdict: 'satisfied' })
    expect(server?.came.filter(({ path }) => path.endsWith('/infer'))).toHaveLength(6)
  })

  it('is another model where its server states another version', async () => {
    const digests = new Set<string | undefined>()
    for (const versions of [['7'], ['8']]) {
      const statements = await ask(
        oip((a) => risk(a), { metadata: { ...METADATA, versions } }),
        OIP,
      )
      digests.add(statements['fast']?.digests.models['champion'])
      await server?.close()
    }
    expect(digests.size).toBe(2)
  })

  it('is sent no row where nobody said that it may be', async () => {
    const statements = await ask(
      oip((a) => risk(a)),
      OIP,
      { trusted: false },
    )
    expect(statements['fast']).toMatchObject({ verdict: 'error', reason: 'not-trusted' })
    expect(server?.came.some(({ method }) => method === 'POST')).toBe(false)
  })

  it.each<[string, ReturnType<typeof oip>, string, string]>([
    ['fewer rows', oip((a) => risk(a.slice(1))), 'model-mismatch', 'has the shape [19, 1] for 20 rows'],
    ['more rows', oip((a) => risk([...a, 1])), 'model-mismatch', 'has the shape [21, 1] for 20 rows'],
    [
      'data unlike its shape',
      oip((a) => risk(a.slice(1), [20, 1])),
      'model-mismatch',
      '19 elements for the shape [20, 1]',
    ],
    ['no output', oip(() => ({ outputs: [] })), 'model-mismatch', 'The output "risk" was not answered'],
    ['nothing it can be read as', () => ({ body: '<html>' }), 'model-failed', 'answered with no JSON'],
    ['NaN', oip((a) => risk(a.map(() => null))), 'prediction-not-finite', 'NaN for 20 of 20'],
    [
      'a text for a number',
      oip((a) => risk(a.map(() => 'high'))),
      'model-mismatch',
      'is "high" for row 1, which is no double',
    ],
    ['a number as a text', oip((a) => risk(a.map(String))), 'model-mismatch', 'which is no double'],
    ['no signature', oip(() => ({}), { metadata: { name: 'risk' } }), 'model-mismatch', 'states no inputs or outputs'],
    ['a refusal', () => json({ error: 'no such model' }, 404), 'model-failed', 'status 404: {"error":"no such model"}'],
  ])('that answers %s is an error', async (_, reply, reason, cause) => {
    const statements = await ask(reply, OIP)
    expect(statements['mean-known']).toMatchObject({
      verdict: 'error',
      reason,
      cause: expect.stringContaining(cause),
    })
  })

  it.each([
    ['INT64', 'risk: { type: integer }', 0.5],
    ['INT64', 'risk: { type: integer }', null],
    ['INT64', 'risk: { type: integer }', 2 ** 53],
    ['BOOL', 'risk: { type: boolean }', 'false'],
    ['BYTES', 'risk: { type: text }', null],
    ['BYTES', 'risk: { type: text }', 1],
  ])('whose %s is none (outputs %s: %s) is an error', async (datatype, outputs, value) => {
    const metadata = { ...METADATA, outputs: [{ name: 'risk', datatype, shape: [-1, 1] }] }
    const statements = await ask(
      oip((a) => ({ outputs: [{ name: 'risk', datatype, shape: [a.length, 1], data: a.map(() => value) }] }), {
        metadata,
      }),
      OIP,
      { outputs, decision: '', clauses: ['asked: { of: champion, must: share(risk == risk) > 0.1 }'] },
    )
    expect(statements['asked']).toMatchObject({ reason: 'model-mismatch', cause: expect.stringContaining('for row 1') })
  })

  it('that answers otherwise each time is said to be no function', async () => {
    let asked = 0
    const statements = await ask(
      oip((a) => risk(a.map((v) => v / 10 + asked++))),
      OIP,
    )
    expect(statements['mean-known']).toMatchObject({
      notes: [expect.stringContaining('champion is not deterministic')],
      runners: { champion: { kind: 'http', repeated: { rows: 20, differing: 20 } } },
    })
  })

  it('that hangs is given up on', async () => {
    const statements = await ask(
      ({ method }) =>
        method === 'POST' ? { silent: true } : oip(() => 0)({ method, path: '/v2/models/risk' } as Came),
      `${OIP}, timeout: 300ms, retries: 0`,
    )
    expect(statements['mean-known']).toMatchObject({
      reason: 'model-failed',
      cause: expect.stringContaining('no answer within 300 ms'),
    })
  })

  it('that is not there is an error', async () => {
    const statements = await project.decide({
      artifact: '{ http: "http://127.0.0.1:9", model: risk, retries: 0 }',
      clauses: [MEAN],
    })
    expect(statements['mean-known']).toMatchObject({
      reason: 'model-failed',
      cause: expect.stringContaining('The server of the model did not answer'),
    })
  })
})

describe("MLflow's scoring server", () => {
  const predict = ({ body }: Came) =>
    (JSON.parse(body.toString()) as { dataframe_split: { data: number[][] } }).dataframe_split.data.map(
      ([a = 0]) => a / 10,
    )

  it('is asked by data frames', async () => {
    const statements = await ask(
      (r) => (r.path === '/version' ? { body: '3.1' } : json({ predictions: predict(r) })),
      'protocol: mlflow',
    )
    expect(statements['mean-known']).toMatchObject({
      verdict: 'satisfied',
      runners: { champion: { says: { mlflow: '3.1' } } },
    })
  })

  it('that is busy for a while is asked again', async () => {
    let busy = 2
    const statements = await ask((r) => {
      if (r.path === '/version') return { body: '3.1' }
      return busy-- > 0 ? { status: 503, headers: { 'retry-after': '0' } } : json({ predictions: predict(r) })
    }, 'protocol: mlflow')
    expect(statements['mean-known']).toMatchObject({ verdict: 'satisfied' })
  })

  it('that answers too few rows is an error', async () => {
    const statements = await ask(
      (r) => (r.path === '/version' ? { body: '3.1' } : json({ predictions: [1] })),
      'protocol: mlflow',
    )
    expect(statements['mean-known']).toMatchObject({
      reason: 'model-mismatch',
      cause: expect.stringContaining('1 values for 20 rows'),
    })
  })
})

describe('a chat', () => {
  const CHAT = 'protocol: openai-chat, model: small, token: "${PLUMB_TEST_TOKEN}", prompt: "Of {a}: high or low?"'
  const moods: Partial<Asked> = {
    outputs: 'mood: { type: category, values: [high, low] }',
    clauses: [
      'high-where-high: { of: champion, every: (a >= 5) == (mood == "high") }',
      'answers: { of: champion, must: share(_error != null) <= 0.9 }',
    ],
    decision: '',
  }
  const numberIn = ({ body }: Came) =>
    Number(
      /Of (\d+)/.exec((JSON.parse(body.toString()) as { messages: [{ content: string }] }).messages[0].content)?.[1],
    )
  const says = (content: string) => json({ model: 'small-1', choices: [{ message: { content } }] })
  process.env['PLUMB_TEST_TOKEN'] = 'secret-token'

  it('is asked one row at a time, once for the same words, also in the next run', async () => {
    const reply = (request: Came) => says(numberIn(request) >= 5 ? ' high\n' : 'low')
    const statements = await ask(reply, CHAT, moods)
    expect(statements['high-where-high']).toMatchObject({
      verdict: 'satisfied',
      n: 20,
      runners: { champion: { says: { model: 'small-1' }, repeated: { rows: 4, differing: 0 } } },
    })
    expect(JSON.stringify(statements)).not.toContain('secret-token')
    const posts = server?.came.filter(({ method }) => method === 'POST') ?? []
    // Ten different questions, and four asked a second time.
    expect(posts).toHaveLength(14)
    expect(posts[0]?.headers.authorization).toBe('Bearer secret-token')
    const port = server?.url
    const again = await project.decide({
      artifact: `{ http: "${port}", ${CHAT} }`,
      ...moods,
      clauses: moods.clauses ?? [],
    })
    expect(again['high-where-high']).toMatchObject({ verdict: 'satisfied' })
    expect(server?.came.filter(({ method }) => method === 'POST')).toHaveLength(18)
  })

  it('that says something else has no answer for that row', async () => {
    const statements = await ask((r) => says(numberIn(r) === 3 ? 'I cannot say.' : 'high'), CHAT, moods)
    expect(statements['high-where-high']).toMatchObject({
      verdict: 'error',
      reason: 'model-failed',
      cause: expect.stringContaining(
        'no answer for 2 of 20 rows; for row 4: the answer "I cannot say." holds no category',
      ),
    })
    expect(statements['answers']).toMatchObject({ verdict: 'satisfied', measured: 0.1 })
  })

  it.each([
    [
      { message: { content: null }, finish_reason: 'content_filter' },
      'the answer has no text (finish_reason: content_filter)',
    ],
    [{ message: { content: 'high' }, finish_reason: 'length' }, 'the answer was cut off (finish_reason: length)'],
  ])('that stops before its answer is whole has none for that row (%j)', async (choice, cause) => {
    const statements = await ask((r) => (numberIn(r) === 3 ? json({ choices: [choice] }) : says('high')), CHAT, moods)
    expect(statements['answers']).toMatchObject({ verdict: 'satisfied', measured: 0.1 })
    expect(statements['high-where-high']).toMatchObject({
      reason: 'model-failed',
      cause: expect.stringContaining(cause),
    })
  })

  it('that says what is wrong in the place of an answer is quoted', async () => {
    const statements = await ask(() => json({ error: { message: 'quota exceeded' } }), CHAT, moods)
    expect(statements['answers']).toMatchObject({
      reason: 'model-failed',
      cause: expect.stringContaining('no `choices[0].message.content`. It says: quota exceeded'),
    })
  })

  it('is asked again when it says, in seconds or by a date', async () => {
    const waited: number[] = []
    for (const after of [() => '1', () => new Date(Date.now() + 2_000).toUTCString()]) {
      let refused: number | undefined
      const statements = await ask(
        () => {
          if (refused === undefined) {
            refused = Date.now()
            return { ...json({ error: 'busy' }, 429), headers: { 'retry-after': after() } }
          }
          waited.push(Date.now() - refused)
          refused = Number.NEGATIVE_INFINITY
          return says('high')
        },
        CHAT,
        moods,
      )
      expect(statements['answers']).toMatchObject({ verdict: 'satisfied' })
    }
    // A date has no parts of a second.
    for (const ms of waited.filter(Number.isFinite)) expect(ms).toBeGreaterThan(900)
    expect(waited.filter(Number.isFinite)).toHaveLength(2)
  })

  it('that refuses a question has no answer for that row; that refuses the caller has none at all', async () => {
    const refusing = (status: number) => (r: Came) =>
      numberIn(r) === 3 ? json({ error: 'filtered' }, status) : says('high')
    for (const status of [400, 413, 422]) {
      const statements = await ask(refusing(status), CHAT, moods)
      expect(statements['answers']).toMatchObject({ verdict: 'satisfied', measured: 0.1 })
      expect(statements['high-where-high']).toMatchObject({
        reason: 'model-failed',
        cause: expect.stringContaining(
          `no answer for 2 of 20 rows; for row 4: The server of the model answered with status ${status}`,
        ),
      })
    }
    for (const status of [401, 403, 404, 500])
      expect((await ask(refusing(status), CHAT, moods))['answers']).toMatchObject({
        verdict: 'error',
        reason: 'model-failed',
        cause: expect.stringContaining(`status ${status}`),
      })
  })

  it('ends at its budget', async () => {
    const statements = await ask(() => says('high'), `${CHAT}, budget: 6`, moods)
    expect(statements['answers']).toMatchObject({
      reason: 'model-failed',
      cause: expect.stringContaining('The budget of 6 requests is used up'),
    })
    expect(server?.came.filter(({ method }) => method === 'POST')).toHaveLength(6)
  })

  it('gives several outputs as JSON', async () => {
    const statements = await ask((r) => says(`\`\`\`json\n{"risk": ${numberIn(r) / 10}, "sure": true}\n\`\`\``), CHAT, {
      outputs: 'risk: { type: number }, sure: { type: boolean }',
      clauses: [MEAN, 'sure: { of: champion, every: sure }'],
      decision: '',
    })
    expect(statements['mean-known']).toMatchObject({ verdict: 'satisfied' })
    expect(statements['sure']).toMatchObject({ verdict: 'satisfied' })
  })

  it('is not asked without its credential', async () => {
    const statements = await ask(() => says('high'), CHAT.replace('PLUMB_TEST_TOKEN', 'PLUMB_NO_TOKEN'), moods)
    expect(statements['answers']).toMatchObject({ cause: expect.stringContaining('The variable PLUMB_NO_TOKEN') })
    expect(server?.came).toEqual([])
  })
})
