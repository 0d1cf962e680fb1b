import { Agent, request as send } from 'node:http'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Digest } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { expect, it } from 'vitest'
import { findServer, loadVersion, readBack } from '../packages/cli/src/serving/live-server.ts'
import { modelProject, promoteFile, type Served, served } from './support/serving.ts'

// Requests without a pause over connections that are kept, while a running `plumb guard` changes between two models. Larger
// figures: PLUMBLINE_SWAPS=200.

const SWAPS = Number(process.env['PLUMBLINE_SWAPS'] ?? 20)
const CLIENTS = 32
/** Answers between two swaps, at least. */
const BETWEEN = 100

interface Answer {
  readonly id: string
  readonly body: number
  readonly status: number
  readonly version: string
  readonly outputs: string
}

/** Two rows in each, so that an answer made of two versions would show. */
const BODIES = [25, 30, 40, 60].map((age) => ({
  inputs: Object.entries({ limit_bal: 50000, sex: 1, age, pay_0: 2, pay_2: 0, bill_amt1: 1000 }).map(
    ([name, value]) => ({
      name,
      shape: [2],
      datatype: 'FP64',
      data: [value, name === 'age' ? 35 : value],
    }),
  ),
}))

function ask({ ready }: Served, agent: Agent, body: number, id: string): Promise<Answer> {
  const text = JSON.stringify({ id, ...BODIES[body] })
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': Buffer.byteLength(text) }
    const url = `${ready.url}/v2/models/${ready.model}/infer`
    const exchange = send(url, { method: 'POST', agent, headers }, (response) => {
      let said = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        said += part
      })
      response.once('error', reject)
      response.once('end', () => {
        const { model_version: version, outputs } = JSON.parse(said) as { model_version: string; outputs: unknown }
        resolve({ id, body, status: response.statusCode ?? 0, version, outputs: JSON.stringify(outputs) })
      })
    })
    exchange.once('error', reject)
    exchange.end(text)
  })
}

/** Version that the log says has answered, by request. */
function loggedVersions(folder: string): ReadonlyMap<string, string> {
  const directory = join(folder, '.plumb', 'requests')
  const rows = readdirSync(directory)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(join(directory, file), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as { _request_id?: string; _model?: string })
  return new Map(rows.flatMap(({ _request_id: id, _model: model }) => (id === undefined ? [] : [[id, model ?? '']])))
}

it('a model is swapped under load: nobody fails, and each answer is wholly of one version', async () => {
  const folder = modelProject('swap-under-load', '')
  const digests: readonly Digest[] = [
    await promoteFile(folder, 'models/logistic.onnx'),
    await promoteFile(folder, 'models/forest.onnx'),
  ]
  const server = await served(folder, 'guard', '--port', '0')
  const host = nodeHost()
  const live = await findServer(host, folder, 'production')
  if (live === undefined) throw new Error('The server was not found.')
  let sockets = 0
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const { createConnection } = agent
  agent.createConnection = (...args) => {
    sockets++
    return createConnection.apply(agent, args)
  }
  /** What each version answers, asked while nothing else goes on. */
  const expected = new Map<string, string>()
  for (const digest of digests) {
    expect(await loadVersion(host, live, digest)).toMatchObject({ ok: true })
    for (const body of BODIES.keys()) {
      const { version, outputs } = await ask(server, agent, body, 'before')
      expect(version).toBe(digest.slice(7, 19))
      expected.set(`${version} ${body}`, outputs)
    }
  }
  expect(new Set(expected.values()).size).toBe(expected.size)

  const answers: Answer[] = []
  let more = (): void => undefined
  const over = new AbortController()
  const client = async (client: number): Promise<void> => {
    for (let n = 0; !over.signal.aborted; n++) {
      answers.push(await ask(server, agent, (client + n) % BODIES.length, `${client}-${n}`))
      more()
    }
  }
  const clients = Array.from({ length: CLIENTS }, (_, i) => client(i))
  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      more = () => {
        if (answers.length >= count) resolve()
      }
    })
  for (let swap = 0; swap < SWAPS; swap++) {
    await until(answers.length + BETWEEN)
    const digest = digests[swap % 2] as Digest
    expect(await loadVersion(host, live, digest)).toMatchObject({ ok: true })
    expect(await readBack(host, live)).toEqual({ ok: true, value: digest })
  }
  await until(answers.length + BETWEEN)
  over.abort()
  await Promise.all(clients)
  agent.destroy()

  expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  expect(answers.filter(({ version, body, outputs }) => expected.get(`${version} ${body}`) !== outputs)).toEqual([])
  expect(new Set(answers.map(({ version }) => version)).size).toBe(2)
  expect(answers.length).toBeGreaterThan(SWAPS * BETWEEN)
  // Connections are kept through the swaps.
  expect(sockets).toBeLessThanOrEqual(CLIENTS + 1)
  const logged = loggedVersions(folder)
  expect(answers.filter(({ id, version }) => logged.get(id)?.slice(7, 19) !== version)).toEqual([])
  const metrics = await (await fetch(`${server.ready.url}/metrics`)).text()
  expect(metrics).toContain(`plumbline_requests_total{verdict="accepted"} ${answers.length + expected.size}\n`)
  expect(await server.stop()).toBe(0)
})
