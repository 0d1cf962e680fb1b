import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Statement, stats } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runModelStage } from '../model-stage/run-model-stage.ts'
import { buildOnnx, tensor } from '../proofs/testing/build-onnx.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

// Three kinds of flowers by the length of a petal: the model answers softmax(length · w), and the number of the greatest.

const N = 600
const BIAS = [0.25, 1, 0]
const random = stats.createRandom('classes', 'test')
const labels = Array.from({ length: N }, () => random.int(3))
const lengths = labels.map((label) => Math.round(10 * (label - 1 + random.normal())) / 10)

function probabilitiesOf(length: number, weight: number): readonly number[] {
  const raised = [-1, 0, 1].map((by, kind) => Math.exp(weight * by * length + (BIAS[kind] as number)))
  const sum = raised.reduce((total, value) => total + value, 0)
  return raised.map((value) => value / sum)
}
const probabilities = lengths.map((length) => probabilitiesOf(length, 2))
const answers = probabilities.map((row) => row.indexOf(Math.max(...row)))

const modelOf = (weight: number) =>
  buildOnnx({
    inputs: [{ name: 'length', type: 'float', shape: [null, 1] }],
    outputs: [
      { name: 'probabilities', type: 'float', shape: [null, 3] },
      { name: 'kind', type: 'int64', shape: [null] },
    ],
    nodes: [
      { op: 'MatMul', inputs: ['length', 'w'], outputs: ['sloped'] },
      { op: 'Add', inputs: ['sloped', 'b'], outputs: ['raw'] },
      { op: 'Softmax', inputs: ['raw'], outputs: ['probabilities'], attributes: { axis: -1n } },
      { op: 'ArgMax', inputs: ['raw'], outputs: ['kind'], attributes: { axis: 1n, keepdims: 0n } },
    ],
    initializers: [tensor('w', 'float', [1, 3], [-weight, 0, weight]), tensor('b', 'float', [1, 3], BIAS)],
  })

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-classes-'))
  await writeFile(join(root, 'two.onnx'), modelOf(2))
  await writeFile(join(root, 'minus.onnx'), modelOf(-1))
  const rows = lengths.map((length, row) => `${length},${labels[row]},${row % 3 === 0 ? 'a' : 'b'}`)
  await writeFile(join(root, 'flowers.csv'), `length,label,bed\n${rows.join('\n')}\n`)
})
afterAll(() => rm(root, { recursive: true }))

const specOf = (
  must: string,
  more = '',
  of = 'champion',
  declared = '{ 0: setosa, 1: versicolor, 2: virginica }',
  last = 'p_2: { type: number, range: [0, 1], class: 2, tensor: probabilities, index: 2 }',
) => `plumbline: 1
system: { name: flowers, version: 1.0.0 }
data:
  flowers:
    source: flowers.csv
    columns:
      length: { type: number }
      label: { type: category, values: ${declared}, role: label }
      bed: { type: category, values: [a, b] }
models:
  champion:
    artifact: two.onnx
    task: multiclass-classification
    input: { from: flowers, columns: [length] }
    outputs:
      kind: { type: category, values: [0, 1, 2] }
      p_0: { type: number, range: [0, 1], class: 0, tensor: probabilities, index: 0 }
      p_1: { type: number, range: [0, 1], class: 1, tensor: probabilities, index: 1 }
      ${last}
clauses:
  it: { of: ${of}, must: '${must}'${more} }
`

function programOf(text: string) {
  return compiledSpec(text)
}

async function decide(...spec: Parameters<typeof specOf>): Promise<readonly Statement[]> {
  const file = (name: string) => [name, { path: join(root, `${name}.onnx`), digest: name }] as const
  const found: Statement[] = []
  for await (const statement of runModelStage({
    program: programOf(specOf(...spec)),
    root,
    toolVersion: '0',
    versions: { candidate: 'two', production: 'minus', others: {} },
    files: new Map([file('two'), file('minus')]),
    session: { threads: 1 },
  })) {
    if (statement.clause === 'it') found.push(statement)
  }
  return found
}

interface Shown {
  readonly value: number
  readonly interval: { readonly low: number; readonly high: number }
}
const methodOf = (statement: Statement | undefined): string | undefined =>
  (statement as { comparisons?: readonly { margin: { method?: string } }[] } | undefined)?.comparisons?.[0]?.margin
    .method
const termOf = (statement: Statement | undefined): Shown =>
  (statement as unknown as { terms: readonly Shown[] }).terms[0] as Shown

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const isKind = (kind: number) => (value: number | undefined) => value === kind
const among = (rows: readonly number[], holds: (row: number) => boolean): number =>
  rows.filter(holds).length / rows.length
const rowsWhere = (holds: (row: number) => boolean) => labels.map((_, row) => row).filter(holds)
const recallOf = (kind: number) =>
  among(
    rowsWhere((row) => labels[row] === kind),
    (row) => answers[row] === kind,
  )
const precisionOf = (kind: number) =>
  among(
    rowsWhere((row) => answers[row] === kind),
    (row) => labels[row] === kind,
  )
const areaOf = (kind: number) => {
  const ranked = stats.rankByScore(
    labels.map((label) => Number(isKind(kind)(label))),
    probabilities.map((row) => row[kind] as number),
  )
  return stats.rocAuc(ranked as stats.Ranking) as number
}

describe('metrics of several classes', () => {
  it.each([
    [
      'accuracy()',
      'wilson',
      among(
        rowsWhere(() => true),
        (row) => labels[row] === answers[row],
      ),
    ],
    ['precision(1)', 'wilson', precisionOf(1)],
    ['recall(2)', 'wilson', recallOf(2)],
    ['recall_macro()', 'bca', mean([0, 1, 2].map(recallOf))],
    ['balanced_accuracy()', 'bca', mean([0, 1, 2].map(recallOf))],
    ['precision_macro()', 'bca', mean([0, 1, 2].map(precisionOf))],
    [
      'confusion(0, 1)',
      'wilson',
      among(
        rowsWhere((row) => labels[row] === 0),
        (row) => answers[row] === 1,
      ),
    ],
    ['roc_auc(0)', 'delong-logit', areaOf(0)],
    ['roc_auc_ovr()', 'delong-logit', mean([0, 1, 2].map(areaOf))],
    [
      'log_loss() + 0.0',
      'bootstrap-t',
      mean(probabilities.map((row, i) => -Math.log(row[labels[i] as number] as number))),
    ],
  ])('%s has its value and an interval around it (%s)', async (metric, method, expected) => {
    const [statement] = await decide(`${metric} > 0.01`)
    expect(statement).toMatchObject({ verdict: 'satisfied', n: N })
    const term = termOf(statement)
    expect(methodOf(statement)).toBe(method)
    expect(term.value).toBeCloseTo(expected, 5)
    expect(term.interval.low).toBeLessThan(expected)
    expect(term.interval.high).toBeGreaterThan(expected)
  })

  it('compares two versions on the same rows, of one class and of all', async () => {
    for (const metric of ['roc_auc_ovr(', 'roc_auc(0, ', 'f1_macro(', 'recall(2, ']) {
      const own = `${metric.replace(', ', '')})`
      const [statement] = await decide(`${own} >= ${metric}champion) + 0.1`, '', 'challenger')
      expect(statement, metric).toMatchObject({ verdict: 'satisfied' })
    }
  })

  it('is asked of each group, corrected as one family', async () => {
    const statements = await decide('f1_macro() >= 0.3', ', slices: [by bed]')
    expect(statements.map(({ slice, verdict }) => [slice, verdict])).toEqual([
      ['bed=a', 'satisfied'],
      ['bed=b', 'satisfied'],
    ])
  })

  it('says undefined where a declared class has no rows, and counts what nobody declared as wrong', async () => {
    const four = '{ 0: setosa, 1: versicolor, 2: virginica, 3: other }'
    expect((await decide('recall_macro() >= 0.1', '', 'champion', four))[0]).toMatchObject({
      verdict: 'inconclusive',
      reason: 'undefined-metric',
    })
    const two = termOf((await decide('accuracy() >= 0.01', '', 'champion', '{ 0: setosa, 1: versicolor }', ''))[0])
    expect(two.value).toBeCloseTo(
      among(
        rowsWhere(() => true),
        (row) => labels[row] === answers[row] && answers[row] !== 2,
      ),
      9,
    )
  })
})
