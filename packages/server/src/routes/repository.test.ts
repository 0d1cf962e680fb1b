import { digestBytes } from '@plumbline/core'
import type { Answerer, Guard } from '@plumbline/guard'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GuardServer, type ServerOptions, startServer } from '../http/http-server.ts'
import { guardOf, infer, ROW, tensors, versionOf } from '../testing/guarded.ts'
import type { ModelRepository } from '../versions/model-repository.ts'
import type { ModelVersion } from '../versions/model-version.ts'
import { isLoopback } from './access.ts'

const TOKEN = 'a token'
const request = { inputs: tensors([ROW]) }
let guard: Guard
const servers: GuardServer[] = []
beforeAll(async () => {
  guard = await guardOf('')
})
afterAll(async () => {
  for (const server of servers) await server.close()
})

const answering =
  (risk: number): Answerer =>
  (rows) =>
    rows.map(() => ({ risk }))
const first = versionOf(answering(0.1), 'first')
const second = versionOf(answering(0.2), 'second')
const repositoryOf = (...versions: readonly ModelVersion[]): ModelRepository => ({
  latest: async () => ({ ok: true, value: versions.at(-1)?.digest ?? digestBytes('') }),
  open: async (digest) => {
    const found = versions.find((version) => version.digest === digest)
    return found === undefined
      ? { ok: false, refusal: { kind: 'unknown', message: 'There is no such artifact.' } }
      : { ok: true, value: found }
  },
})
async function start(options: Partial<ServerOptions> = {}): Promise<GuardServer> {
  const repository = repositoryOf(first, second)
  const server = await startServer({ name: 'credit', guard, model: first, repository, token: TOKEN, ...options })
  servers.push(server)
  return server
}
const steer = async (url: string, verb: string, body?: unknown, token = TOKEN) => {
  const response = await fetch(`${url}/v2/repository/${verb}`, {
    method: verb.endsWith('artifact') ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) }
}
const json = ({ bytes }: { readonly bytes: Uint8Array }): unknown => JSON.parse(new TextDecoder().decode(bytes))
const LOAD = 'models/credit/load'
const load = (digest: string | undefined) => ({ parameters: { digest } })

describe('the repository', () => {
  it('loads a version by its digest, and gives back the bytes that are loaded', async () => {
    const swapped: (string | undefined)[] = []
    const { url } = await start({ onSwap: async (version) => void swapped.push(version?.version) })
    expect(json(await steer(url, 'index'))).toEqual([
      { name: 'credit', version: first.version, state: 'READY', reason: '' },
    ])
    expect((await infer(url, request)).body).toMatchObject({
      model_version: first.version,
      outputs: [{ data: [0.1] }, {}],
    })
    const done = await steer(url, LOAD, load(second.digest))
    expect([done.status, json(done)]).toEqual([
      200,
      { name: 'credit', version: second.version, digest: second.digest, state: 'READY' },
    ])
    expect((await infer(url, request)).body).toMatchObject({
      model_version: second.version,
      outputs: [{ data: [0.2] }, {}],
    })
    expect(digestBytes((await steer(url, 'models/credit/artifact')).bytes)).toBe(second.digest)
    // Doing it again changes nothing: whoever was killed in the middle may.
    expect((await steer(url, LOAD, load(second.digest))).status).toBe(200)
    expect(swapped).toEqual([second.version])
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toContain('plumbline_swaps_total 1\n')
    expect(metrics).toContain(`version="${second.version}",digest="${second.digest}"`)
  })

  it('loads what the repository names where the call names nothing', async () => {
    for (const body of [undefined, {}, { parameters: {} }]) {
      const { url, slot } = await start()
      expect((await steer(url, LOAD, body)).status).toBe(200)
      expect(slot.current?.digest).toBe(second.digest)
    }
  })

  it('unloads: nobody answers, and it says so', async () => {
    const { url } = await start()
    expect((await steer(url, 'models/credit/unload')).status).toBe(200)
    expect((await infer(url, request)).status).toBe(503)
    expect((await fetch(`${url}/v2/models/credit/ready`)).status).toBe(503)
    expect((await fetch(`${url}/v2/health/ready`)).status).toBe(200)
    expect((await steer(url, 'models/credit/artifact')).status).toBe(404)
    expect(json(await steer(url, 'index'))).toMatchObject([{ state: 'UNAVAILABLE' }])
    expect((await steer(url, LOAD, load(first.digest))).status).toBe(200)
    expect((await infer(url, request)).status).toBe(200)
  })

  it('keeps what it has when another cannot be had', async () => {
    const { url } = await start()
    const refused: readonly (readonly [unknown, number])[] = [
      [load(digestBytes('nothing')), 404],
      [load('sha256:../../etc/passwd'), 400],
      [load(`${String(second.digest)} `), 400],
      [{ parameters: { path: '/etc/passwd' } }, 400],
      [{ parameters: { 'file:1/model.onnx': 'AAAA' } }, 400],
      [{ parameters: [] }, 400],
      [{ parameters: { digest: 7 } }, 400],
      ['[]', 400],
      ['{', 400],
      [`{"parameters":{"digest":"${String(second.digest)}","digest":"${String(first.digest)}"}}`, 400],
    ]
    for (const [body, status] of refused) expect([body, (await steer(url, LOAD, body)).status]).toEqual([body, status])
    expect((await infer(url, request)).body).toMatchObject({ model_version: first.version })
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(`plumbline_refused_swaps_total ${refused.length}\n`)
    const bare = await startServer({ name: 'credit', guard, model: first, token: TOKEN })
    servers.push(bare)
    expect((await steer(bare.url, LOAD, load(second.digest))).status).toBe(400)
  })

  it('is steered with the token only', async () => {
    const { url } = await start()
    for (const token of ['', 'a', `${TOKEN}x`, 'A token']) {
      for (const verb of ['index', LOAD, 'models/credit/unload', 'models/credit/artifact', 'models/other/load'])
        expect((await steer(url, verb, undefined, token)).status).toBe(401)
    }
    expect((await fetch(`${url}/v2/repository/index`, { method: 'POST' })).status).toBe(401)
    const nobody = await startServer({ name: 'credit', guard, model: first, repository: repositoryOf(first) })
    servers.push(nobody)
    expect((await steer(nobody.url, 'index')).status).toBe(403)
  })

  it('and from this machine only', () => {
    const addresses = [
      '127.0.0.1',
      '127.8.8.8',
      '::1',
      '::ffff:127.0.0.1',
      '10.0.0.1',
      '::ffff:10.0.0.1',
      '::',
      undefined,
    ]
    expect(addresses.map(isLoopback)).toEqual([true, true, true, true, false, false, false, false])
  })
})
