import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { plumb, ROOT, scratch } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'

// A model that a command runs, through the verbs: it is a version like any other, up to where its bytes would be served.

const SPEC = `plumbline: 1
system: { name: asked, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    columns: { a: { type: integer, range: [0, 9] }, hit: { type: boolean, role: label } }
models:
  champion:
    artifact: { command: [node, worker.mjs, well] }
    input: { from: rows, columns: [a] }
    outputs: { risk: { type: number, range: [0, 1] } }
    decision: risk >= 0.5
clauses:
  ranks: { says: It ranks., of: champion, must: roc_auc() >= 0.7 }
  bounded: { says: It stays below one., of: champion, forall: { x: rows.rows }, holds: champion(x).risk < 1.0 }
guard: { input: { on_violation: reject } }
`
interface Tested {
  readonly evidence: readonly {
    readonly id: string
    readonly clause: string
    readonly verdict: string
    readonly reason?: string
    readonly runners?: unknown
    readonly run: { readonly trusted?: true }
  }[]
}

let folder = ''
const worker = join(ROOT, 'packages', 'engine', 'src', 'models', 'command', 'testing', 'worker.mjs')
beforeAll(() => {
  folder = scratch('asked-models')
  cpSync(worker, join(folder, 'worker.mjs'))
  writeFileSync(join(folder, 'plumb.yaml'), SPEC)
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 10},${i % 10 >= 5 ? 1 : 0}`)
  writeFileSync(join(folder, 'rows.csv'), `a,hit\n${rows.join('\n')}\n`)
})
const test = (...args: readonly string[]) => plumb(folder, 'test', '--json', ...args)

describe('a model that a command runs', () => {
  it('is not started without --trust, which leaves its clauses undecided and the gate closed', () => {
    const ran = test()
    expect(ran.code).toBe(3)
    const asked = ran.json<Tested>().evidence.filter(({ clause }) => clause === 'ranks' || clause === 'bounded')
    expect(asked.map(({ reason }) => reason)).toEqual(['not-trusted', 'not-trusted'])
    expect(plumb(folder, 'gate').code).toBe(1)
  })

  it('opens the gate with --trust, by evidence of the published form that says so', () => {
    const ran = test('--trust')
    expect([ran.code, ran.err]).toEqual([0, ''])
    expect(schemaJudge()('test', ran.json())).toEqual([])
    const ranks = ran.json<Tested>().evidence.find(({ clause }) => clause === 'ranks')
    expect(ranks).toMatchObject({
      verdict: 'satisfied',
      run: { trusted: true },
      runners: { champion: { kind: 'command' } },
    })
    const gate = plumb(folder, 'gate')
    expect([gate.code, gate.err]).toEqual([0, ''])
    const again = plumb(folder, 'replay', ranks?.id ?? '', '--trust')
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('satisfied again')])
    expect(plumb(folder, 'replay', ranks?.id ?? '').code).toBe(1)
    expect(plumb(folder, 'verify').code).toBe(0)
  })

  it('is not promoted or staged, since nothing could serve it', () => {
    for (const verb of ['promote', 'stage']) {
      const ran = plumb(folder, verb)
      expect([verb, ran.code]).toEqual([verb, 2])
      expect(ran.err).toContain('The candidate is no model file')
    }
  })

  it('is another model once its program has changed: the gate closes, and nothing is replayed', () => {
    const ranks = test('--trust', '--clause', 'ranks').json<Tested>().evidence[0]
    writeFileSync(join(folder, 'worker.mjs'), `${readFileSync(worker, 'utf8')}\n// changed\n`)
    const gate = plumb(folder, 'gate')
    expect([gate.code, gate.out]).toEqual([1, expect.stringContaining('ranks')])
    const replayed = plumb(folder, 'replay', ranks?.id ?? '', '--trust')
    expect([replayed.code, replayed.err]).toEqual([2, expect.stringContaining('is not what it was')])
  })

  it('that is not deterministic is said to be where people read', () => {
    writeFileSync(join(folder, 'plumb.yaml'), SPEC.replace('worker.mjs, well', 'worker.mjs, unsteady'))
    const ran = plumb(folder, 'test', '--trust', '--clause', 'ranks', 'bounded')
    expect(ran.out).toContain('the model answered the same input in two ways')
    expect(plumb(folder, 'explain', 'ranks').out).toContain('is not deterministic')
    expect(ran.code).toBe(3)
  })
})
