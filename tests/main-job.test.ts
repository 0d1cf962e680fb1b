import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { DuckDBInstance } from '@duckdb/node-api'
import { ModelProtoSchema } from 'onnx-buf'
import { beforeAll, describe, expect, it } from 'vitest'
import { copyOfExample, plumb } from './support/plumb.ts'

interface Tested {
  readonly evidence: readonly {
    readonly id: string
    readonly clause: string
    readonly slice: string
    readonly verdict: string
    readonly reason?: string
    readonly method: string
    readonly failing?: number
    readonly counterexample?: object
    readonly digests: { readonly models: object }
  }[]
  readonly summary: { readonly clauses: Readonly<Record<string, string>> }
}
interface Gate {
  readonly open: boolean
  readonly reasons: readonly { readonly code: string; readonly clause?: string; readonly message: string }[]
}

let project: string
const verdictOf = (tested: Tested, clause: string): string | undefined => tested.summary.clauses[clause]

beforeAll(() => {
  project = copyOfExample('credit-default', 'main-job')
  const ran = plumb(project, 'run', '--trust')
  expect(ran.err).toBe('')
  expect(ran.code).toBe(0)
})

describe('the main job', () => {
  it('refuses a spec with mistakes, all at once', () => {
    const checked = plumb(project, 'check', '--spec', 'variants/mistakes.plumb.yaml', '--json')
    expect(checked.code).toBe(2)
    expect(checked.json<{ diagnostics: { code: string }[] }>().diagnostics.map((d) => d.code)).toEqual([
      'language/unknown-key',
      'check/bad-range',
      'expr/unknown-column',
      'expr/equals-sign',
      'expr/category-arithmetic',
      'expr/bare-column',
      'check/unknown-name',
    ])
    expect(plumb(project, 'check').code).toBe(0)
  })

  it('finds what the documentation of the data leaves out', () => {
    const tested = plumb(project, 'test', '--stage', 'data', '--spec', 'variants/documented.plumb.yaml', '--json')
    expect(tested.code).toBe(1)
    const violated = tested.json<Tested>().evidence.filter((e) => e.verdict === 'violated')
    // Counted independently over the CSV file.
    expect(Object.fromEntries(violated.map((e) => [e.clause, e.failing]))).toEqual({
      'accounts.education.values': 345,
      'accounts.marriage.values': 54,
      'accounts.pay_0.values': 17_496,
      'accounts.pay_2.values': 19_512,
      'accounts.pay_3.values': 19_849,
      'accounts.pay_4.values': 20_803,
      'accounts.pay_5.values': 21_493,
      'accounts.pay_6.values': 21_181,
    })
  })

  it('promotes the first candidate, compares a challenger, refuses the unconstrained model', () => {
    const head = plumb(project, 'verify', '--json').json<{ head: { digest: string } }>().head.digest
    expect(plumb(project, 'gate').code).toBe(1)
    expect(plumb(project, 'test', '--stage', 'data').code).toBe(0)
    const first = plumb(project, 'test', '--stage', 'model', '--json')
    expect(first.code).toBe(0)
    expect(verdictOf(first.json(), 'beats-yesterday')).toBe('skipped')
    const proofs = first.json<Tested>().evidence.filter((e) => e.method.startsWith('proof:'))
    expect(proofs.map((e) => e.clause)).toEqual(['later-payment-never-helps', 'sex-does-not-decide'])
    expect(plumb(project, 'gate', '--environment', 'staging').code).toBe(0)
    expect(plumb(project, 'gate').code).toBe(1)
    expect(plumb(project, 'test', '--stage', 'release').code).toBe(0)
    expect(plumb(project, 'gate').code).toBe(0)
    expect(plumb(project, 'promote').code).toBe(0)

    expect(plumb(project, 'gate', '--candidate', 'models/challenger.onnx').code).toBe(1)
    const second = plumb(project, 'test', '--stage', 'model', '--candidate', 'models/challenger.onnx', '--json')
    expect(second.code).toBe(0)
    expect(verdictOf(second.json(), 'beats-yesterday')).toBe('satisfied')
    expect(plumb(project, 'test', '--stage', 'release', '--candidate', 'models/challenger.onnx').code).toBe(0)
    expect(plumb(project, 'promote', '--candidate', 'models/challenger.onnx').code).toBe(0)

    const third = plumb(project, 'test', '--stage', 'model', '--candidate', 'models/unconstrained.onnx', '--json')
    expect(third.code).toBe(1)
    const refuted = third.json<Tested>().evidence.filter((e) => e.counterexample !== undefined)
    expect(refuted.map((e) => [e.clause, e.verdict])).toEqual([
      ['later-payment-never-helps', 'violated'],
      ['sex-does-not-decide', 'violated'],
    ])
    const refused = plumb(project, 'promote', '--candidate', 'models/unconstrained.onnx', '--json')
    expect(refused.code).toBe(1)

    const verified = plumb(project, 'verify', '--expect-head', head)
    expect(verified.code).toBe(0)
    for (const { id } of [...proofs, ...refuted]) expect(plumb(project, 'replay', id).out).toContain('again')
  })
})

describe('each broken part closes the gate with a verdict of its own', () => {
  const gateReasons = (): readonly string[] =>
    plumb(project, 'gate', '--json')
      .json<Gate>()
      .reasons.map((r) => `${r.code} ${r.clause}`)

  it('a broken row: violated', async () => {
    const path = join(project, 'data', 'accounts.parquet')
    const good = readFileSync(path)
    const connection = await (await DuckDBInstance.create()).connect()
    await connection.run(
      `COPY (SELECT * REPLACE (CASE WHEN id = 77 THEN -5.0 ELSE limit_bal END AS limit_bal) FROM '${path}') TO '${path}.new' (FORMAT parquet)`,
    )
    writeFileSync(path, readFileSync(`${path}.new`))
    expect(gateReasons().every((r) => r.startsWith('stale-evidence') || r.startsWith('no-evidence'))).toBe(true)
    const tested = plumb(project, 'test', '--stage', 'data', '--json')
    expect(tested.code).toBe(1)
    expect(verdictOf(tested.json(), 'accounts.limit_bal.range')).toBe('violated')
    expect(gateReasons()).toContain('violated accounts.limit_bal.range')
    writeFileSync(path, good)
    // The champion is the challenger by now; the candidate was never compared with it.
    expect(gateReasons()).toEqual(['stale-evidence beats-yesterday', 'stale-evidence beats-yesterday-lately'])
  })

  it('a broken model file: error', () => {
    const path = join(project, 'models', 'candidate.onnx')
    const good = readFileSync(path)
    writeFileSync(path, good.subarray(0, 1000))
    const tested = plumb(project, 'test', '--stage', 'model', '--json')
    expect(tested.code).toBe(3)
    expect(tested.json<Tested>().evidence.find((e) => e.clause === 'ranks-well')).toMatchObject({
      verdict: 'error',
      reason: 'model-unreadable',
    })
    expect(gateReasons()).toContain('error ranks-well')
    writeFileSync(path, good)
    expect(gateReasons()).not.toContain('error ranks-well')
  })

  it('a bound moved into the interval: inconclusive', () => {
    const path = join(project, 'plumb.yaml')
    const good = readFileSync(path, 'utf8')
    writeFileSync(path, good.replace('roc_auc() >= 0.74', 'roc_auc() >= 0.775'))
    expect(gateReasons()).toContain('stale-evidence ranks-well')
    const tested = plumb(project, 'test', '--stage', 'model', '--clause', 'ranks-well', '--json')
    expect(tested.code).toBe(3)
    expect(tested.json<Tested>().evidence).toMatchObject([
      { clause: 'ranks-well', verdict: 'inconclusive', reason: 'interval-straddles-bound' },
    ])
    expect(gateReasons()).toContain('inconclusive ranks-well')
    writeFileSync(path, good)
  })

  it('one flipped leaf loses the proof', () => {
    const path = join(project, 'models', 'flipped.onnx')
    const model = fromBinary(ModelProtoSchema, readFileSync(join(project, 'models', 'candidate.onnx')))
    const trees = model.graph?.node.find((n) => n.opType === 'TreeEnsembleRegressor')
    const weights = trees?.attribute.find((a) => a.name === 'target_weights')?.floats ?? []
    // The leaf of most weight of the first trees: turned round, a longer delay helps.
    const at = weights.slice(0, 64).reduce((best, w, i) => (Math.abs(w) > Math.abs(weights[best] ?? 0) ? i : best), 0)
    weights[at] = -5 * (weights[at] ?? 0)
    writeFileSync(path, toBinary(ModelProtoSchema, model))
    const tested = plumb(
      project,
      'test',
      '--stage',
      'model',
      '--candidate',
      'models/flipped.onnx',
      '--clause',
      'later-payment-never-helps',
      '--json',
    )
    const [found] = tested.json<Tested>().evidence
    expect(found?.method).toBe('falsification')
    expect(found?.verdict).not.toBe('satisfied')
  })
})
