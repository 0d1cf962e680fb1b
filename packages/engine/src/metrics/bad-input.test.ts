import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Statement } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runModelStage } from '../model-stage/run-model-stage.ts'
import { buildOnnx, type NodeSpec, tensor } from '../proofs/testing/build-onnx.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

// What metrics say of rows that define none: a verdict with its reason, never a silent pass.

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-bad-input-'))
  const modelOf = (weight: number) =>
    buildOnnx({
      inputs: [{ name: 'x', type: 'float', shape: [null, 1] }],
      outputs: [{ name: 'risk', type: 'float', shape: [null, 1] }],
      nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['risk'] }],
      initializers: [tensor('w', 'float', [1, 1], [weight])],
    })
  const nodesOf = (...nodes: readonly NodeSpec[]) =>
    buildOnnx({
      inputs: [{ name: 'x', type: 'float', shape: [null, 1] }],
      outputs: [{ name: 'risk', type: 'float', shape: [null, 1] }],
      nodes,
      initializers: [tensor('seven', 'int64', [2], [7, 1])],
    })
  const mean: NodeSpec = {
    op: 'ReduceMean',
    inputs: ['x'],
    outputs: ['mean'],
    attributes: { axes: [0n], keepdims: 1n },
  }
  const joined = (axis: bigint): NodeSpec => ({
    op: 'Concat',
    inputs: ['x', 'x'],
    outputs: ['risk'],
    attributes: { axis },
  })
  const odd: Readonly<Record<string, readonly NodeSpec[]>> = {
    crash: [{ op: 'Reshape', inputs: ['x', 'seven'], outputs: ['risk'] }],
    fewer: [{ ...mean, outputs: ['risk'] }],
    more: [joined(0n)],
    wider: [joined(1n)],
    random: [{ op: 'RandomUniformLike', inputs: ['x'], outputs: ['risk'] }],
    // What it answers for a row depends on the rows beside it.
    beside: [
      mean,
      { op: 'Sub', inputs: ['x', 'mean'], outputs: ['off'] },
      { op: 'Sigmoid', inputs: ['off'], outputs: ['risk'] },
    ],
  }
  for (const [name, nodes] of Object.entries(odd)) await writeFile(join(root, `${name}.onnx`), nodesOf(...nodes))
  await writeFile(join(root, 'good.onnx'), modelOf(1 / 256))
  await writeFile(join(root, 'constant.onnx'), modelOf(0))
  await writeFile(join(root, 'nan.onnx'), modelOf(Number.NaN))
  await writeFile(join(root, 'beyond.onnx'), modelOf(1))
  const rows = Array.from({ length: 200 }, (_, i) => `${i},${i % 3 === 0},false,${i % 20},5,0`)
  await writeFile(join(root, 'rows.csv'), `x,late,never,query,flat,none\n${rows.join('\n')}\n`)
})
afterAll(() => rm(root, { recursive: true }))

async function decide(
  must: string,
  { model = 'good', label = 'late', more = '', form = 'must', task = 'binary-classification' } = {},
): Promise<Statement> {
  const asked = form === 'must' ? `must: "${must}"` : 'forall: { a: rows.rows }, holds: "champion(a).risk <= 1000.0"'
  const text = `plumbline: 1
system: { name: odd, version: 1.0.0 }
data:
  rows: { source: rows.csv, columns: { x: { type: integer }, late: { type: boolean }, never: { type: boolean }, query: { type: integer }, flat: { type: number }, none: { type: number } } }
slices: { nobody: x < 0 }
models:
  champion:
    artifact: good.onnx
    task: ${task}
    input: { from: rows, columns: [x] }
    outputs: { risk: { type: number, range: [0, 1] } }
${task === 'regression' ? '' : '    decision: risk >= 0.5\n'}    label: ${label}
clauses:
  it: { of: champion, ${asked}${more} }
`
  const value = compiledSpec(text)
  for await (const statement of runModelStage({
    program: value,
    root,
    toolVersion: '0',
    versions: { candidate: model, others: {} },
    files: new Map([[model, { path: join(root, `${model}.onnx`), digest: model }]]),
    session: { threads: 1 },
  }))
    if (statement.clause === 'it') return statement
  throw new Error('The clause was not asked.')
}

const UNDEFINED = { verdict: 'inconclusive', reason: 'undefined-metric' }

describe('rows of one class only', () => {
  it.each(['roc_auc()', 'gini()', 'average_precision()', 'recall()', 'balanced_accuracy()', 'gain(0.1)', 'lift(0.1)'])(
    '%s is undefined, not 0 and not green',
    async (metric) => {
      expect(await decide(`${metric} >= 0.01`, { label: 'never' })).toMatchObject(UNDEFINED)
    },
  )
  it('what is defined is decided', async () => {
    expect(await decide('brier() <= 0.9', { label: 'never' })).toMatchObject({ verdict: 'satisfied' })
    expect(await decide('false_positive_rate() <= 0.01', { label: 'never' })).toMatchObject({ verdict: 'violated' })
  })
})

describe('constant scores', () => {
  it('rank nothing: the area is 0.5, refuted where more is asked', async () => {
    expect(await decide('roc_auc() >= 0.7', { model: 'constant' })).toMatchObject({
      verdict: 'violated',
      measured: 0.5,
    })
    expect(await decide('precision() >= 0.1', { model: 'constant' })).toMatchObject(UNDEFINED)
    expect(await decide('mcc() >= 0.1', { model: 'constant' })).toMatchObject(UNDEFINED)
  })
})

describe('what curves are drawn from', () => {
  it('stands beside a metric of a score, and not where there is nothing to draw', async () => {
    const { curves } = (await decide('roc_auc() >= 0.01')) as { curves?: { ranges: readonly unknown[] } }
    expect(curves?.ranges.length).toBeGreaterThan(50)
    expect(curves?.ranges.length).toBeLessThanOrEqual(100)
    for (const more of [{ label: 'never' }, { model: 'nan' }, { more: ', slices: [nobody]' }])
      expect(await decide('roc_auc() >= 0.01', more)).not.toHaveProperty('curves')
    expect(await decide('accuracy() >= 0.01')).not.toHaveProperty('curves')
  })
})

describe('an empty slice', () => {
  it.each(['accuracy()', 'roc_auc()', 'brier()', 'expected_cost(1.0, 5.0)'])('%s is inconclusive', async (metric) => {
    const verdict = await decide(`${metric} >= 0.0`, { more: ', slices: [nobody]' })
    expect(verdict).toMatchObject({ verdict: 'inconclusive', n: 0 })
  })
})

describe('answers that are no numbers, or no probabilities', () => {
  it('a model that answers NaN has no metrics', async () => {
    for (const metric of ['roc_auc()', 'brier()', 'accuracy()'])
      expect((await decide(`${metric} >= 0.0`, { model: 'nan' })).verdict).not.toBe('satisfied')
  })
  it('labels coded otherwise than 1 and 0 are not read as positive and negative', async () => {
    for (const must of ['recall() >= 0.1', 'roc_auc() >= 0.1', 'log_loss() <= 9.0']) {
      const statement = await decide(must, { label: 'query' })
      expect(statement).toMatchObject({ verdict: 'error', reason: 'evaluation-failed' })
      expect(JSON.stringify(statement)).toContain('1 (positive) or 0 (negative); one is 2')
    }
    expect(await decide('positive_rate() >= 0.01', { label: 'query' })).toMatchObject({ verdict: 'satisfied' })
  })

  it('scores beyond 1 rank, but are no probabilities', async () => {
    expect(await decide('roc_auc() >= 0.01', { model: 'beyond' })).toMatchObject({ verdict: 'satisfied' })
    for (const metric of ['brier()', 'log_loss()', 'calibration_error()', 'calibration_bias()'])
      expect(await decide(`${metric} <= 0.9`, { model: 'beyond' }), metric).toMatchObject(UNDEFINED)
  })
})

describe('a file that does not do what it declares', () => {
  it.each([
    ['crash', 'model-failed'],
    ['fewer', 'model-mismatch'],
    ['more', 'model-mismatch'],
    ['wider', 'model-mismatch'],
  ])('%s: an error wherever its answer is read', async (model, reason) => {
    for (const must of ['roc_auc() >= 0.0', 'share(risk < 2.0) >= 0.5'])
      expect(await decide(must, { model })).toMatchObject({ verdict: 'error', reason })
  })
  it.each(['random', 'beside'])('%s: said to be no function of its inputs', async (model) => {
    const decided = await decide('roc_auc() >= 0.01', { model })
    expect(decided).toMatchObject({
      verdict: 'satisfied',
      notes: [expect.stringContaining('champion is not deterministic')],
      runners: { champion: { kind: 'file', says: {}, repeated: { rows: 32 } } },
    })
    expect(await decide('', { model, form: 'forall' })).toMatchObject({
      verdict: 'error',
      reason: 'model-nondeterministic',
    })
  })
  it('of one that answers alike nothing is said', async () => {
    expect(await decide('roc_auc() >= 0.01')).not.toHaveProperty('runners')
  })
})

describe('labels that define no number', () => {
  it.each([
    ['r2() >= 0.01', 'flat'],
    ['explained_variance() >= 0.01', 'flat'],
    ['mape() <= 1000.0', 'none'],
    ['wape() <= 1000.0', 'none'],
    ['mase(x, 7) <= 1000.0', 'none'],
    ['ndcg(query, 5) >= 0.01', 'none'],
    ['map(query) >= 0.01', 'none'],
  ])('%s of labels that are all alike is undefined', async (must, label) => {
    expect(await decide(must, { label, task: 'regression' })).toMatchObject(UNDEFINED)
  })
  it('runs of alarms are undefined where there is none, and anomalies that nobody found are not', async () => {
    expect(await decide('range_precision(x) >= 0.01', { model: 'constant' })).toMatchObject(UNDEFINED)
    expect(await decide('range_recall(x) >= 0.5', { model: 'constant' })).toMatchObject({ verdict: 'violated' })
  })
  it.each(['mae() <= 1000.0', 'mrr(query) >= 0.01'])('%s of an empty slice is inconclusive', async (must) => {
    const verdict = await decide(must, { label: 'flat', task: 'regression', more: ', slices: [nobody]' })
    expect(verdict).toMatchObject({ verdict: 'inconclusive', n: 0 })
  })
})
