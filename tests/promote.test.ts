import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { digestBytes } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plumb, plumbAside, scratch } from './support/plumb.ts'
import { evidenceOf, promotionsOf, recordsOf, releasableProject, violate } from './support/released.ts'
import { schemaJudge } from './support/schemas.ts'
import { eventsOf, type Served, served } from './support/serving.ts'

// `plumb promote` from the registry to what answers requests, in processes of their own, over real HTTP.

const GUARD = 'guard: { output: { on_violation: fallback }, fallback: { model: logistic } }\n'
const judge = schemaJudge()
const closers: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closers) await close()
})

interface Event {
  readonly kind: string
  readonly subject: string
  readonly digest: string
  readonly detail?: Readonly<Record<string, unknown>>
}
interface Said {
  readonly promoted: boolean
  readonly digest: string
  readonly was: string | null
  readonly serving: { readonly kind: string; readonly why?: string; readonly probed?: number }
}
const events = async (folder: string): Promise<readonly Event[]> =>
  ((await eventsOf(folder)) as readonly Event[]).filter(({ kind }) => kind.startsWith('version.'))
const kinds = async (folder: string): Promise<readonly string[]> => (await events(folder)).map(({ kind }) => kind)
const digestOfFile = (folder: string, file: string): string => digestBytes(readFileSync(join(folder, file)))
const model = (name: string): string => `models/${name}.onnx`
const promote = (folder: string, name: string) => plumb(folder, '--json', 'promote', '--candidate', model(name))
const tested = (folder: string, name: string): void => {
  const ran = plumb(folder, 'test', '--candidate', model(name))
  if (ran.code !== 0) throw new Error(ran.out + ran.err)
}
const started = async (folder: string): Promise<Served> => {
  const server = await served(folder, 'guard', '--port', '0')
  closers.push(() => server.process.kill('SIGKILL'))
  return server
}
const versionServed = async ({ ready }: Served): Promise<string> => {
  const body = JSON.stringify({
    inputs: Object.entries({ limit_bal: 50_000, sex: 1, age: 40, pay_0: 0, pay_2: 0, bill_amt1: 1000 }).map(
      ([name, value]) => ({ name, shape: [1], datatype: 'FP64', data: [value] }),
    ),
  })
  const answer = await fetch(`${ready.url}/v2/models/${ready.model}/infer`, { method: 'POST', body })
  return ((await answer.json()) as { model_version: string }).model_version
}
let template: string
beforeAll(() => {
  template = releasableProject('promote-template', GUARD)
  for (const each of ['forest', 'logistic']) tested(template, each)
})
/** A project whose two models were tested. */
const ready = (name: string): string => {
  const folder = scratch(name)
  cpSync(template, folder, { recursive: true })
  return folder
}

describe('without a guard', () => {
  it('promotes, keeps the data, says that nobody serves, and promotes once', async () => {
    const folder = ready('promote-alone')
    const first = promote(folder, 'forest')
    expect([first.code, first.err]).toEqual([0, ''])
    expect(judge('promote', first.json())).toEqual([])
    const digest = digestOfFile(folder, model('forest'))
    expect(first.json<Said>()).toMatchObject({ promoted: true, digest, was: null, serving: { kind: 'no-guard' } })
    const data = digestOfFile(folder, 'data/accounts.csv')
    const [promotion, ...more] = await promotionsOf(folder)
    expect(more).toEqual([])
    expect(promotion?.data).toEqual({
      accounts: { digest: `bytes:${data}`, files: [{ name: 'data/accounts.csv', digest: data }] },
    })
    const kept = join(folder, '.plumb', 'artifacts', data.replace(':', '-'))
    expect(digestBytes(readFileSync(kept))).toBe(data)
    expect(await events(folder)).toMatchObject([{ kind: 'version.promoted', subject: 'champion', digest }])

    const again = plumb(folder, 'promote', '--candidate', model('forest'))
    expect(again.code).toBe(0)
    expect(again.out).toContain('it was already')
    expect(again.out).toContain('no guard is serving')
    expect(await promotionsOf(folder)).toHaveLength(1)
    expect(await kinds(folder)).toEqual(['version.promoted'])
    expect(plumb(folder, 'verify').code).toBe(0)
  })

  it('a gate that is closed promotes nothing', async () => {
    const folder = releasableProject('promote-closed', GUARD)
    const ran = promote(folder, 'forest')
    expect(ran.code).toBe(1)
    expect(judge('promote', ran.json())).toEqual([])
    expect(ran.json<Said>().promoted).toBe(false)
    expect(await promotionsOf(folder)).toEqual([])
    expect(await kinds(folder)).toEqual([])
  })
})

describe('with a guard', () => {
  let folder: string
  let server: Served
  let forest: string
  let logistic: string
  beforeAll(async () => {
    folder = ready('promote-guarded')
    forest = digestOfFile(folder, model('forest'))
    logistic = digestOfFile(folder, model('logistic'))
    promote(folder, 'forest')
    server = await started(folder)
  })
  const version = (digest: string): string => digest.slice(7, 19)

  it('has it load the version, reads it back, and records that; once', async () => {
    expect(await versionServed(server)).toBe(version(forest))
    const ran = promote(folder, 'logistic')
    expect([ran.code, ran.err]).toEqual([0, ''])
    expect(judge('promote', ran.json())).toEqual([])
    expect(ran.json<Said>()).toMatchObject({ digest: logistic, was: forest, serving: { kind: 'deployed', probed: 32 } })
    expect(await versionServed(server)).toBe(version(logistic))
    expect((await events(folder)).slice(1)).toMatchObject([
      { kind: 'version.promoted', subject: 'champion', digest: logistic },
      { kind: 'version.deployed', subject: 'production', digest: logistic, detail: { probed: 32 } },
    ])
    const serving = (await evidenceOf(folder)).filter(({ statement }) => statement.clause === 'system.serving')
    expect(serving.map(({ statement }) => [statement.verdict, statement.digests.models])).toEqual([
      ['satisfied', { champion: logistic }],
    ])
    for (const evidence of serving) expect(judge('evidence', evidence)).toEqual([])

    const before = (await recordsOf(folder)).length
    expect(promote(folder, 'logistic').json<Said>().serving).toMatchObject({ kind: 'deployed' })
    const added = (await recordsOf(folder)).slice(before)
    expect(
      added.map(({ body }) => body.kind),
      'nothing but the decision of the gate',
    ).toEqual(['gate'])
  })

  it('probes are no traffic: they are neither logged nor counted', async () => {
    const metrics = await (await fetch(`${server.ready.url}/metrics`)).text()
    const rows = /^plumbline_\w*rows\w*\{[^}]*\} (\d+)/gm
    const counted = [...metrics.matchAll(rows)].reduce((sum, match) => sum + Number(match[1]), 0)
    expect(metrics).toContain('plumbline_')
    expect(counted, 'the two requests of the test before').toBe(2)
    const directory = join(folder, '.plumb', 'requests')
    const logged = readdirSync(directory)
      .filter((file) => file.endsWith('.jsonl'))
      .flatMap((file) => readFileSync(join(directory, file), 'utf8').trimEnd().split('\n'))
    expect(logged.filter((line) => line.includes('"_guard"')).length).toBe(2)
    // From whoever does not have the token, the header means nothing.
    const url = `${server.ready.url}/v2/models/${server.ready.model}/infer`
    const headers = { 'plumbline-probe': '1', authorization: 'Bearer guessed' }
    expect(
      (
        await fetch(url, {
          method: 'POST',
          headers,
          body: '{"inputs":[{"name":"age","shape":[1],"datatype":"INT64","data":[40]}]}',
        })
      ).status,
    ).toBe(400)
    expect(await (await fetch(`${server.ready.url}/metrics`)).text()).toMatch(
      /^plumbline_rows_total\{[^}]*verdict="rejected"[^}]*\} 1$/m,
    )
  })

  it('is rolled back for a reason: violated evidence against the version in production', async () => {
    const back = (...args: readonly string[]) => plumb(folder, '--json', 'promote', '--rollback', ...args)
    const refusal = (...args: readonly string[]): unknown[] => {
      const { code, json } = back(...args)
      const { error } = json<{ error: { code: string; message: string } }>()
      return [code, error.code, error.message]
    }
    const [satisfied] = (await evidenceOf(folder)).filter(({ statement }) => statement.clause === 'scored')
    expect(refusal()).toEqual([2, 'cli/no-reason', expect.anything()])
    expect(refusal('--reason', 'abcdef')).toEqual([1, 'cli/no-rollback', expect.stringContaining('no evidence')])
    expect(refusal('--reason', satisfied?.id ?? '')).toEqual([
      1,
      'cli/no-rollback',
      expect.stringContaining('satisfied'),
    ])
    const elsewhere = await violate(folder, forest, '2026-01-01T00:00:00Z/2026-01-02T00:00:00Z')
    expect(refusal('--reason', elsewhere)).toEqual([
      1,
      'cli/no-rollback',
      expect.stringContaining('does not speak of the version in production'),
    ])
    expect(await promotionsOf(folder)).toHaveLength(2)

    const reason = await violate(folder, logistic, '2026-01-02T00:00:00Z/2026-01-03T00:00:00Z')
    const ran = back('--reason', reason)
    expect([ran.code, ran.err]).toEqual([0, ''])
    expect(judge('promote', ran.json())).toEqual([])
    expect(ran.json()).toMatchObject({
      digest: forest,
      was: logistic,
      rollback: { reason, from: logistic },
      serving: { kind: 'deployed' },
    })
    expect(await versionServed(server)).toBe(version(forest))
    expect((await events(folder)).slice(-3)).toMatchObject([
      { kind: 'version.promoted', digest: forest, detail: { rollback: reason, from: logistic } },
      { kind: 'version.deployed', digest: forest },
      { kind: 'version.rolled-back', digest: forest, detail: { reason, from: logistic, served: true } },
    ])
    expect((await promotionsOf(folder)).at(-1)).toMatchObject({ digest: forest, rollback: { reason, from: logistic } })

    expect(back('--reason', reason.slice(7, 19)).json(), 'asked again it is done already').toMatchObject({
      digest: forest,
      serving: { kind: 'deployed' },
    })
    expect(await promotionsOf(folder)).toHaveLength(3)
    expect((await kinds(folder)).filter((kind) => kind === 'version.rolled-back')).toHaveLength(1)
    const first = await violate(folder, forest, '2026-01-03T00:00:00Z/2026-01-04T00:00:00Z')
    expect(refusal('--reason', first)).toEqual([1, 'cli/no-rollback', expect.stringContaining('no version before')])
    expect(refusal('--reason', elsewhere), 'older than the promotion').toEqual([
      1,
      'cli/no-rollback',
      expect.stringContaining('older than the promotion'),
    ])
    expect(await versionServed(server)).toBe(version(forest))
    expect(plumb(folder, 'verify').code).toBe(0)
  })

  it('a guard that was killed leaves a file behind: nobody serves, and one that starts loads what the registry names', async () => {
    server.process.kill('SIGKILL')
    await new Promise((resolve) => server.process.once('close', resolve))
    expect(existsSync(join(folder, '.plumb', 'serving', 'production.json'))).toBe(true)
    tested(folder, 'logistic')
    expect(promote(folder, 'logistic').json<Said>().serving).toEqual({ kind: 'no-guard' })
    const next = await started(folder)
    expect(next.ready.digest).toBe(logistic)
  })
})

type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void | Promise<void>

/** Says nothing at all. */
const silent: Handler = () => undefined

/** Something that claims to be the guard of a project. */
async function impostor(folder: string, handler: Handler): Promise<void> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const known = handler !== silent
      if (request.url === '/v2' && known) response.end(JSON.stringify({ name: 'plumbline', instance: 'liar' }))
      else void handler(request, response, Buffer.concat(parts))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const serving = join(folder, '.plumb', 'serving')
  mkdirSync(serving, { recursive: true })
  writeFileSync(join(serving, 'production.token'), 'secret\n')
  const state = {
    role: 'production',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    model: 'credit',
    digest: digestOfFile(folder, model('forest')),
    pid: process.pid,
    instance: 'liar',
    startedAt: '2026-01-01T00:00:00Z',
    tokenFile: '.plumb/serving/production.token',
  }
  writeFileSync(join(serving, 'production.json'), JSON.stringify(state))
}

describe('a server that lies', () => {
  const artifact = (folder: string, name: string): Buffer => readFileSync(join(folder, model(name)))
  const liars: readonly (readonly [string, (folder: string) => Handler, number, RegExp])[] = [
    [
      'says that it loaded it, and did not',
      (folder) => (request, response) =>
        void response.end(request.url?.endsWith('artifact') === true ? artifact(folder, 'forest') : '{}'),
      1,
      /says that it loaded it, and holds sha256:/,
    ],
    [
      'does not load it, and says so',
      (folder) => (request, response) => {
        if (request.url?.endsWith('artifact') === true) response.end(artifact(folder, 'forest'))
        else response.writeHead(500).end(JSON.stringify({ error: 'no memory' }))
      },
      1,
      /did not load it: no memory, and holds sha256:/,
    ],
    [
      'holds the bytes, and answers by others',
      (folder) => (request, response) => {
        if (request.url?.endsWith('artifact') === true) return void response.end(artifact(folder, 'logistic'))
        const model_version = digestBytes(artifact(folder, 'logistic')).slice(7, 19)
        const outputs = [
          { name: 'risk', shape: [1], datatype: 'FP64', data: [0.25] },
          { name: 'decision', shape: [1], datatype: 'BOOL', data: [false] },
        ]
        response.setHeader('plumbline-verdict', 'accepted').setHeader('plumbline-served-by', 'model')
        response.end(JSON.stringify({ model_name: 'credit', model_version, outputs }))
      },
      1,
      /does not answer as its file does: risk is 0.25 served/,
    ],
    [
      'holds the bytes, and answers as the version before',
      (folder) => (request, response) =>
        void response.end(
          request.url?.endsWith('artifact') === true
            ? artifact(folder, 'logistic')
            : JSON.stringify({ model_version: '0123456789ab', outputs: [] }),
        ),
      1,
      /answers as version 0123456789ab/,
    ],
    [
      'is gone before it can be asked',
      () => (request, response) =>
        void (request.url?.endsWith('artifact') === true ? response.destroy() : response.end('{}')),
      4,
      /cannot be read back/,
    ],
    ['does not say who it is', () => silent, 4, /does not say in time who it is/],
  ]
  it.each(liars)('%s: found out', async (name, lie, code, why) => {
    const folder = ready(`promote-lie-${liars.findIndex(([each]) => each === name)}`)
    promote(folder, 'forest')
    await impostor(folder, lie(folder))
    // Not `plumb`: that waits in this process, in which the impostor answers.
    const ran = await plumbAside(folder, '--json', 'promote', '--candidate', model('logistic'))
    expect(ran.code, ran.out + ran.err).toBe(code)
    const said = JSON.parse(ran.out) as Said
    expect(judge('promote', said)).toEqual([])
    expect(said.serving.kind).toBe(code === 1 ? 'mismatch' : 'unknown')
    expect(said.serving.why).toMatch(why)
    const digest = digestOfFile(folder, model('logistic'))
    const recorded = (await events(folder)).filter((each) => each.digest === digest).map(({ kind }) => kind)
    expect(recorded).toEqual(code === 1 ? ['version.promoted', 'version.mismatch'] : ['version.promoted'])
    const evidence = (await evidenceOf(folder)).filter(({ statement }) => statement.clause === 'system.serving')
    expect(evidence.map(({ statement }) => statement.verdict)).toEqual(code === 1 ? ['violated'] : [])
    for (const each of evidence) expect(judge('evidence', each)).toEqual([])
  })
})
