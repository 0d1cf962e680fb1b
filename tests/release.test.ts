import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestBytes } from '@plumbline/core'
import { afterAll, describe, expect, it } from 'vitest'
import { plumb } from './support/plumb.ts'
import { promotionsOf, releasableProject } from './support/released.ts'
import { schemaJudge } from './support/schemas.ts'
import { eventsOf, type Served, served } from './support/serving.ts'

// `plumb test --stage release` as a user runs it: a staged candidate in a process of its own, and the gate it opens.

const SECTION = `  grown-up: { says: a, of: requests, every: age >= 18 || limit_bal > 50_000.0 }
guard:
  output: { on_violation: fallback }
  fallback: { model: logistic }
  budget: { added_latency_p99: 5s }
release: { production: { requires: [data, model, release] } }
`
const judge = schemaJudge()
const running: Served[] = []
afterAll(() => {
  for (const { process } of running) process.kill('SIGKILL')
})
const model = (name: string): string => `models/${name}.onnx`
interface Tested {
  readonly evidence: readonly {
    readonly id: string
    readonly clause: string
    readonly verdict: string
    readonly reason?: string
    readonly cause?: string
    readonly relation: string
    readonly n?: number
    readonly witnesses?: readonly { readonly because: string; readonly key: object }[]
  }[]
}
const test = (folder: string, name: string, ...args: readonly string[]) =>
  plumb(folder, '--json', 'test', '--stage', 'release', '--candidate', model(name), ...args)
const kinds = async (folder: string): Promise<readonly string[]> =>
  ((await eventsOf(folder)) as readonly { readonly kind: string }[]).map(({ kind }) => kind)

describe('plumb test --stage release', () => {
  it('stages the candidate for as long as it asks, and opens the gate of production', async () => {
    const folder = releasableProject('release-alone', SECTION)
    expect(plumb(folder, 'test', '--candidate', model('forest')).code).toBe(0)
    const closed = plumb(folder, 'promote', '--candidate', model('forest'))
    expect(closed.code).toBe(1)
    expect(closed.out).toContain('plumb test --stage release')

    const ran = test(folder, 'forest')
    expect([ran.code, ran.err]).toEqual([0, ''])
    const said = ran.json<Tested>()
    expect(judge('test', said)).toEqual([])
    expect(said.evidence.every(({ verdict }) => verdict === 'satisfied')).toBe(true)
    expect(said.evidence.map(({ clause }) => clause)).toEqual(
      expect.arrayContaining([
        'release.contract',
        'release.parity',
        'release.guard',
        'release.latency',
        'grown-up',
        'champion.risk.range',
      ]),
    )
    expect(await kinds(folder)).toEqual(['guard.started', 'guard.stopped'])
    expect(existsSync(join(folder, '.plumb', 'serving', 'staging.json'))).toBe(false)

    const parity = said.evidence.find(({ clause }) => clause === 'release.parity')
    const again = plumb(folder, '--json', 'replay', parity?.id ?? '')
    expect([again.code, again.json()]).toMatchObject([0, { confirmed: true, verdict: 'satisfied' }])
    expect(plumb(folder, 'promote', '--candidate', model('forest')).code).toBe(0)
    expect(await promotionsOf(folder)).toHaveLength(1)
    const shown = plumb(
      folder,
      'test',
      '--stage',
      'release',
      '--candidate',
      model('forest'),
      '--clause',
      'release.guard',
    )
    expect(shown.out).toMatch(/release\.guard +all \d+ requests\n +· \d+ of \d+ requests were made to violate a clause/)
  })

  it('uses the server that runs, has it load the candidate, and leaves it running', async () => {
    const folder = releasableProject('release-staged', SECTION)
    const server = await served(folder, 'stage', '--candidate', model('logistic'))
    running.push(server)
    const ran = test(folder, 'forest', '--clause', 'release.parity')
    expect([ran.code, ran.err]).toEqual([0, ''])
    expect(await kinds(folder)).toEqual(['guard.started'])
    const state = JSON.parse(readFileSync(join(folder, '.plumb', 'serving', 'staging.json'), 'utf8')) as {
      digest: string
    }
    expect(state.digest).toBe(digestBytes(readFileSync(join(folder, model('forest')))))
    expect((await fetch(`${server.ready.url}/v2/health/ready`)).status).toBe(200)

    // The server guards by the spec it was started with: a clause that came since does not bite.
    const spec = readFileSync(join(folder, 'plumb.yaml'), 'utf8')
    writeFileSync(join(folder, 'plumb.yaml'), spec.replace('age >= 18 ||', 'age >= 30 ||'))
    const stale = test(folder, 'forest', '--clause', 'release.guard')
    expect(stale.code).toBe(1)
    const [guard] = stale.json<Tested>().evidence
    expect(guard).toMatchObject({ clause: 'release.guard', verdict: 'violated' })
    expect(guard?.witnesses?.[0]).toMatchObject({
      key: { request: expect.stringMatching(/^\w+-\d+$/) },
      because: expect.stringContaining('grown-up is violated and was not named'),
    })
    await server.stop()
  })

  it('says what is wrong with a candidate, a spec or a stage that nothing can be tested of', () => {
    const folder = releasableProject('release-wrong', SECTION)
    writeFileSync(join(folder, model('garbage')), 'no model')
    const garbage = test(folder, 'garbage')
    expect(garbage.code).toBe(3)
    for (const { verdict, reason } of garbage.json<Tested>().evidence)
      expect([verdict, reason]).toEqual(['error', 'model-unreadable'])

    const taken = plumb(folder, '--json', 'test', '--stage', 'runtime')
    expect([taken.code, taken.json()]).toMatchObject([
      2,
      { error: { code: 'cli/unknown-stage', fix: expect.stringContaining('plumb watch') } },
    ])
    const without = releasableProject('release-none', '')
    const none = test(without, 'forest')
    expect([none.code, none.json()]).toMatchObject([2, { error: { code: 'cli/no-release' } }])
  })

  it('a candidate that cannot be staged is an error with its cause, and closes the gate', () => {
    const folder = releasableProject('release-unstaged', SECTION)
    // Where the server would say where it is.
    plumb(folder, 'test', '--candidate', model('forest'))
    writeFileSync(join(folder, '.plumb', 'serving'), 'a file where a folder belongs')
    const ran = test(folder, 'forest')
    expect(ran.code).toBe(3)
    for (const { verdict, reason, cause } of ran.json<Tested>().evidence) {
      expect([verdict, reason]).toEqual(['error', 'staging-failed'])
      expect(cause).toContain('could not be staged')
    }
    expect(plumb(folder, 'gate', '--candidate', model('forest')).code).toBe(1)
  })
})
