import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Statement, stats } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runModelStage } from '../model-stage/run-model-stage.ts'
import { buildOnnx, tensor } from '../proofs/testing/build-onnx.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

// 120 patients with ten equal visits each: 1 200 rows that know no more than 120 do.

const PATIENTS = 120
const VISITS = 10
const random = stats.createRandom('clustered', 'test')
const patients = Array.from({ length: PATIENTS }, () => ({
  x: random.int(40),
  late: random.float() < 0.4,
  noise: random.normal(),
}))

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-clustered-'))
  const model = buildOnnx({
    inputs: [{ name: 'x', type: 'float', shape: [null, 1] }],
    outputs: [{ name: 'risk', type: 'float', shape: [null, 1] }],
    nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['risk'] }],
    initializers: [tensor('w', 'float', [1, 1], [1 / 64])],
  })
  await writeFile(join(root, 'model.onnx'), model)
  const rowsOf = (visits: number) =>
    patients.flatMap(({ x, late, noise }, patient) =>
      Array.from({ length: visits }, () => `p${patient},${x + (late ? 12 : 0)},${late},${noise > 0}`),
    )
  for (const [name, visits] of [
    ['many', VISITS],
    ['one', 1],
  ] as const)
    await writeFile(join(root, `${name}.csv`), `patient,x,late,other\n${rowsOf(visits).join('\n')}\n,5,true,true\n`)
})
afterAll(() => rm(root, { recursive: true }))

async function decide(data: 'many' | 'one', must: string, more = ''): Promise<Statement> {
  const text = `plumbline: 1
system: { name: clinic, version: 1.0.0 }
data:
  visits:
    source: ${data}.csv
    columns: { patient: { type: text, optional: true }, x: { type: integer }, late: { type: boolean, role: label }, other: { type: boolean } }
models:
  champion:
    artifact: model.onnx
    task: binary-classification
    input: { from: visits, columns: [x] }
    outputs: { risk: { type: number, range: [0, 1] } }
    decision: risk >= 0.5
clauses:
  it: { of: champion, must: "${must}"${more} }
`
  const value = compiledSpec(text)
  for await (const statement of runModelStage({
    program: value,
    root,
    toolVersion: '0',
    versions: { candidate: 'model', others: {} },
    files: new Map([['model', { path: join(root, 'model.onnx'), digest: 'model' }]]),
    session: { threads: 1 },
  }))
    if (statement.clause === 'it') return statement
  throw new Error('The clause was not asked.')
}

interface Shown {
  readonly value: number
  readonly missing: number
  readonly interval: { readonly low: number; readonly high: number }
}
const termOf = (statement: Statement): Shown => (statement as unknown as { terms: readonly Shown[] }).terms[0] as Shown
const widthOf = ({ interval }: Shown): number => interval.high - interval.low

describe('a clause with a cluster', () => {
  it.each(['roc_auc()', 'accuracy()', 'brier()', 'f1()'])(
    '%s: ten visits of a patient are one piece of evidence',
    async (metric) => {
      const once = termOf(await decide('one', `${metric} >= 0.01`))
      const repeated = termOf(await decide('many', `${metric} >= 0.01`))
      const whole = termOf(await decide('many', `${metric} >= 0.01`, ', cluster: patient'))
      // Row by row the interval pretends to ten times the evidence.
      expect(widthOf(repeated)).toBeLessThan(0.45 * widthOf(once))
      expect(widthOf(whole)).toBeGreaterThan(0.8 * widthOf(once))
      expect(widthOf(whole)).toBeLessThan(1.25 * widthOf(once))
      expect(whole.value).toBeCloseTo(repeated.value, 2)
      // The visit of nobody belongs to no cluster.
      expect([repeated.missing, whole.missing]).toEqual([0, 1])
    },
  )

  it('compares metrics and groups cluster by cluster', async () => {
    const margin = (statement: Statement) =>
      (statement as unknown as { comparisons: readonly { margin: Shown }[] }).comparisons[0]?.margin as Shown
    const rows = margin(await decide('many', 'gap_across(other, accuracy()) <= 0.9'))
    const whole = margin(await decide('many', 'gap_across(other, accuracy()) <= 0.9', ', cluster: patient'))
    expect(widthOf(whole)).toBeGreaterThan(1.5 * widthOf(rows))
    const apart = margin(await decide('many', 'recall() - precision() <= 0.9', ', cluster: patient'))
    expect(widthOf(apart)).toBeGreaterThan(1.5 * widthOf(margin(await decide('many', 'recall() - precision() <= 0.9'))))
  })
})
