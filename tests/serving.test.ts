import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Digest, digestBytes } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { afterAll, describe, expect, it } from 'vitest'
import { findServer, loadVersion, readBack } from '../packages/cli/src/serving/live-server.ts'
import { plumb } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'
import { eventsOf, modelProject, promoteFile, type Served, served } from './support/serving.ts'

// `plumb guard` and `plumb stage` as processes of their own, over real HTTP, in front of real models.

const GUARD = 'guard: { output: { on_violation: fallback }, fallback: { model: logistic } }\n'
const ROW = { limit_bal: 50000.5, sex: 1, age: 40, pay_0: 0, pay_2: 0, bill_amt1: 1000 }
const body = (row: Readonly<Record<string, number>>): string =>
  JSON.stringify({
    inputs: Object.entries(row).map(([name, value]) => ({ name, shape: [1], datatype: 'FP64', data: [value] })),
  })
const running: Served[] = []
const started = async (folder: string, ...args: readonly string[]): Promise<Served> => {
  const server = await served(folder, ...args)
  running.push(server)
  return server
}
afterAll(() => {
  for (const { process } of running) process.kill('SIGKILL')
})
const infer = async ({ ready }: Served, row = ROW) => {
  const url = `${ready.url}/v2/models/${ready.model}/infer`
  const response = await fetch(url, { method: 'POST', body: body(row) })
  const verdict = response.headers.get('plumbline-verdict')
  return { status: response.status, verdict, body: (await response.json()) as Record<string, unknown> }
}
const state = (folder: string, role: string): unknown =>
  JSON.parse(readFileSync(join(folder, '.plumb', 'serving', `${role}.json`), 'utf8'))
const rowsOf = (folder: string): readonly Record<string, unknown>[] => {
  const directory = join(folder, '.plumb', 'requests')
  return readdirSync(directory)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(join(directory, file), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((row) => '_guard' in row)
}
const host = nodeHost()

describe('plumb guard', () => {
  it('serves the champion, is found, loads another version, says what it loaded, and ends when told', async () => {
    const folder = modelProject('serving', GUARD)
    const forest = await promoteFile(folder, 'models/forest.onnx')
    const server = await started(folder, 'guard', '--port', '0')
    expect(schemaJudge()('serving', server.ready)).toEqual([])
    expect(server.ready).toMatchObject({ role: 'production', model: 'independent-models', digest: forest })
    expect(state(folder, 'production')).toEqual(server.ready)
    expect(statSync(join(folder, server.ready.tokenFile)).mode & 0o777).toBe(0o600)
    expect((await infer(server)).body).toMatchObject({ model_version: forest.slice(7, 19) })
    expect((await infer(server, { ...ROW, age: 7 })).status).toBe(400)

    const live = await findServer(host, folder, 'production')
    if (live === undefined) throw new Error('The server was not found.')
    expect(await readBack(host, live)).toEqual({ ok: true, value: forest })
    const absent: Digest = digestBytes('nothing')
    expect(await loadVersion(host, live, absent)).toEqual({ ok: false, why: `There is no artifact ${absent}.` })
    const logistic = await promoteFile(folder, 'models/logistic.onnx')
    expect(await loadVersion(host, live, logistic)).toEqual({ ok: true, value: undefined })
    expect(await readBack(host, live)).toEqual({ ok: true, value: logistic })
    expect((await infer(server)).body).toMatchObject({ model_version: logistic.slice(7, 19) })
    expect(state(folder, 'production')).toEqual({ ...server.ready, digest: logistic })

    // An artifact that was changed on disk is not loaded.
    writeFileSync(join(folder, '.plumb', 'artifacts', forest.replace(':', '-')), 'changed')
    expect(await loadVersion(host, live, forest)).toMatchObject({
      ok: false,
      why: expect.stringContaining('was changed'),
    })
    expect((await infer(server)).status).toBe(200)

    const second = plumb(folder, 'guard', '--port', '0')
    expect([second.code, second.err]).toEqual([2, expect.stringContaining('already serves the role production')])
    expect(await server.stop()).toBe(0)
    for (const file of ['production.json', 'production.token'])
      expect(existsSync(join(folder, '.plumb', 'serving', file))).toBe(false)
    expect(await findServer(host, folder, 'production')).toBeUndefined()
    expect(await eventsOf(folder)).toMatchObject([
      { kind: 'guard.started', subject: 'production', digest: forest },
      { kind: 'guard.stopped', subject: 'production', digest: logistic },
    ])
    expect(plumb(folder, 'verify').code).toBe(0)
  })

  it('takes over from one that was killed', async () => {
    const folder = modelProject('serving-killed', '')
    await promoteFile(folder, 'models/forest.onnx')
    const first = await started(folder, 'guard', '--port', '0')
    await first.stop('SIGKILL')
    expect(state(folder, 'production')).toEqual(first.ready)
    expect(await findServer(host, folder, 'production')).toBeUndefined()
    const second = await started(folder, 'guard', '--port', '0')
    expect(second.ready.instance).not.toBe(first.ready.instance)
    expect(await findServer(host, folder, 'production')).toMatchObject({ state: second.ready })
    expect(await second.stop('SIGINT')).toBe(0)
  })

  it('writes down every request before it answers; a killed one has lost none', async () => {
    const folder = modelProject('serving-log', GUARD)
    const digest = await promoteFile(folder, 'models/forest.onnx')
    const server = await started(folder, 'guard', '--port', '0')
    const answers = await Promise.all([
      infer(server),
      infer(server, { ...ROW, age: 7 }),
      infer(server, { ...ROW, age: 30 }),
    ])
    await server.stop('SIGKILL')
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 200])
    const rows = rowsOf(folder).toSorted((a, b) => Number(b['age']) - Number(a['age']))
    expect(rows).toMatchObject([
      { ...ROW, _model: digest, _guard: 'accepted', _row: 0 },
      { age: 30, _guard: 'accepted', decision: expect.any(Boolean), risk: expect.any(Number) },
      { age: 7, _guard: 'rejected', _clauses: '["accounts.age.range"]' },
    ])
    const silent = await started(folder, 'guard', '--port', '0', '--no-log')
    expect((await infer(silent)).status).toBe(200)
    expect(rowsOf(folder)).toHaveLength(3)
    expect(await silent.stop()).toBe(0)
  })

  it('guards the model of another server', async () => {
    const folder = modelProject('serving-upstream', GUARD)
    const other = modelProject('serving-behind', '')
    const behind = await started(other, 'stage', '--candidate', 'models/forest.onnx')
    const server = await started(folder, 'guard', '--port', '0', '--upstream', behind.ready.url)
    expect(server.ready.digest).toBeNull()
    const direct = await infer(behind)
    expect((await infer(server)).body).toEqual(direct.body)
    expect((await infer(server, { ...ROW, age: 7 })).status).toBe(400)
    await behind.stop('SIGKILL')
    const fallback = await infer(server)
    expect([fallback.status, fallback.verdict]).toEqual([200, 'fallback'])
    expect(rowsOf(folder).map((row) => [row['_guard'], row['_model'] ?? null])).toEqual([
      ['accepted', null],
      ['rejected', null],
      ['fallback', digestBytes(readFileSync(join(folder, 'models', 'logistic.onnx')))],
    ])
    expect(await server.stop()).toBe(0)
    const refused = (address: string) => plumb(folder, 'guard', '--port', '0', '--upstream', address).err
    expect(refused(behind.ready.url)).toMatch(/error\[cli\/no-upstream\]/)
    expect(refused('behind')).toMatch(/error\[cli\/bad-upstream\]/)
  })

  it('keeps its log within a bound, and records what it removed', async () => {
    const folder = modelProject('serving-bound', '')
    await promoteFile(folder, 'models/forest.onnx')
    const server = await started(folder, 'guard', '--port', '0', '--max-log-bytes', '20k')
    for (let i = 0; i < 40; i++) await Promise.all(Array.from({ length: 10 }, () => infer(server)))
    expect(await server.stop()).toBe(0)
    const dropped = (await eventsOf(folder)).filter((event) => (event as { kind: string }).kind === 'requests.dropped')
    expect(dropped.at(-1)).toMatchObject({ subject: 'production', detail: { segments: expect.any(Number) } })
  })

  it('says in words why it does not start', async () => {
    const folder = modelProject('serving-refused', GUARD)
    const refused = (...args: readonly string[]) => {
      const { code, err } = plumb(folder, 'guard', ...args)
      return [code, /^error\[([^\]]+)\]/.exec(err)?.[1]]
    }
    expect(refused('--port', '0')).toEqual([2, 'cli/nothing-promoted'])
    expect(refused('--port', '70000')).toEqual([2, 'cli/bad-value'])
    expect(refused('--timeout', '3')).toEqual([2, 'cli/bad-value'])
    await promoteFile(folder, 'models/forest.onnx')
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    expect(refused('--port', `${(taken.address() as AddressInfo).port}`)).toEqual([4, 'cli/no-address'])
    taken.close()
    writeFileSync(join(folder, 'models', 'logistic.onnx'), 'no model')
    expect(refused('--port', '0')).toEqual([4, 'cli/no-fallback'])
    // A version that does not fit the spec: it has one input of another width.
    const misfit = modelProject('serving-misfit', '')
    const spec = join(misfit, 'plumb.yaml')
    writeFileSync(spec, readFileSync(spec, 'utf8').replaceAll('pay_2, bill_amt1]', 'pay_2]'))
    await promoteFile(misfit, 'models/forest.onnx')
    expect(plumb(misfit, 'guard', '--port', '0').err).toMatch(/error\[cli\/not-loaded\].*takes 6 columns/)
  })
})

describe('plumb stage', () => {
  it('serves the candidate beside what is in production', async () => {
    const folder = modelProject('serving-stage', GUARD)
    const forest = await promoteFile(folder, 'models/forest.onnx')
    const [guard, stage] = await Promise.all([
      started(folder, 'guard', '--port', '0'),
      started(folder, 'stage', '--candidate', 'models/logistic.onnx'),
    ])
    expect(guard.ready.digest).toBe(forest)
    expect(stage.ready).toMatchObject({
      role: 'staging',
      digest: digestBytes(readFileSync(join(folder, 'models', 'logistic.onnx'))),
    })
    expect(state(folder, 'staging')).toEqual(stage.ready)
    const answers = await Promise.all([infer(guard), infer(stage)])
    expect(answers.map((each) => each.body['model_version'])).toEqual(
      [guard, stage].map(({ ready }) => ready.digest.slice(7, 19)),
    )
    expect(await stage.stop()).toBe(0)
    expect((await infer(guard)).status).toBe(200)
    expect(await guard.stop()).toBe(0)
  })

  it('needs a candidate', () => {
    const folder = modelProject('serving-no-candidate', '')
    const { code, err } = plumb(folder, 'stage', '--candidate', 'models/none.onnx')
    expect([code, err]).toEqual([2, expect.stringContaining('There is no model at models/none.onnx')])
  })
})
