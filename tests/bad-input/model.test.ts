import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildOnnx, tensor } from '../../packages/engine/src/proofs/testing/build-onnx.ts'
import { plumb } from '../support/plumb.ts'
import { expectLedger, expectNoTrace, expectRefusal, people, type Tested } from './support.ts'

const SPEC = `plumbline: 1
system: { name: scores, version: 1.0.0, purpose: A model to break. }
data:
  people:
    source: people.csv
    key: [id]
    columns:
      id: { type: integer }
      age: { type: integer, range: [0, 120] }
      income: { type: number, range: [0, 1000] }
      late: { type: boolean, role: label }
models:
  champion:
    artifact: model.onnx
    task: binary-classification
    input: { from: people, columns: [age, income] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: late
    decision: risk >= 0.5
clauses:
  everybody:
    says: Nobody is left out.
    of: people
    must: count() >= 3
  in-range:
    says: A risk is a probability.
    of: champion
    every: risk >= 0.0 && risk <= 1.0
  ranks:
    says: Late payers rank above others.
    of: champion
    must: roc_auc() >= 0.5
  income-helps:
    says: Income never raises the risk.
    of: champion
    forall: { x: people }
    let: { y: "x.with({'income': x.income + 1.0})" }
    holds: champion(y).risk <= champion(x).risk
`
const DATA = `id,age,income,late\n${Array.from({ length: 12 }, (_, i) => `${i},${20 + i},${i * 10},${i % 3 === 0}`).join('\n')}\n`

type Node = Parameters<typeof buildOnnx>[0]['nodes'][number]

/** A model of a matrix [N, k] whose answer is what the nodes make of it. */
function model(width: number, nodes: readonly Node[], output = 'risk', type: 'float' | 'string' = 'float'): Uint8Array {
  return buildOnnx({
    inputs: [{ name: 'x', type: 'float', shape: [null, width] }],
    outputs: [{ name: output, type, shape: [null, 1] }],
    nodes,
    initializers: [
      tensor(
        'w',
        'float',
        [width, 1],
        Array.from({ length: width }, () => 0.01),
      ),
      tensor('zero', 'float', [1], [0]),
    ],
  })
}
const score: Node = { op: 'MatMul', inputs: ['x', 'w'], outputs: ['s'] }
const squash: Node = { op: 'Sigmoid', inputs: ['s'], outputs: ['risk'] }
const GOOD = model(2, [score, squash])
const NAN = model(2, [
  score,
  { op: 'Mul', inputs: ['s', 'zero'], outputs: ['z'] },
  { op: 'Div', inputs: ['z', 'z'], outputs: ['risk'] },
])
const THREE = model(3, [score, squash])
const OTHER_OUTPUT = model(2, [score, { op: 'Sigmoid', inputs: ['s'], outputs: ['score'] }], 'score')
const BY_NAME = buildOnnx({
  inputs: ['age', 'salary'].map((name) => ({ name, type: 'float' as const, shape: [null, 1] })),
  outputs: [{ name: 'risk', type: 'float', shape: [null, 1] }],
  nodes: [{ op: 'Add', inputs: ['age', 'salary'], outputs: ['risk'] }],
})
const UNKNOWN_OPERATOR = model(2, [{ op: 'NoSuchOperator', inputs: ['x'], outputs: ['risk'] }])

let folder = ''
beforeAll(() => {
  folder = people('model', { 'plumb.yaml': SPEC, 'people.csv': DATA, 'model.onnx': GOOD })
  const tested = plumb(folder, 'test', '--json')
  expectNoTrace(tested)
  expect(tested.json<Tested>().evidence.find((e) => e.clause === 'in-range')?.verdict).toBe('satisfied')
})

const about = (tested: Tested, clause: string) => tested.evidence.find((e) => e.clause === clause)

describe('a model that cannot be used', () => {
  test.each<readonly [string, string | Uint8Array, string, RegExp]>([
    ['a text', 'id,age\n1,2\n'.repeat(50), 'model-unreadable', /not an ONNX file/],
    ['an empty file', '', 'model-unreadable', /not an ONNX file: it is empty/],
    ['half a file', GOOD.slice(0, GOOD.length / 2), 'model-unreadable', /not an ONNX file/],
    ['an operator that the runtime does not have', UNKNOWN_OPERATOR, 'model-unreadable', /NoSuchOperator/],
    [
      'another number of inputs',
      THREE,
      'model-mismatch',
      /takes 3 columns, the spec lists 2.*the spec gives age, income/s,
    ],
    [
      'inputs of other names',
      BY_NAME,
      'model-mismatch',
      /no column feeds the input "salary".*no input for the column "income".*The model takes .*age.*salary.*the spec gives age, income/s,
    ],
    ['another output', OTHER_OUTPUT, 'model-mismatch', /no output "risk".*It gives .*score/s],
    ['predictions that are NaN', NAN, 'prediction-not-finite', /NaN/],
  ])('%s', (_name, bytes, reason, cause) => {
    writeFileSync(join(folder, 'candidate.onnx'), bytes)
    const tested = plumb(folder, 'test', '--candidate', 'candidate.onnx', '--json')
    expectNoTrace(tested)
    expect(tested.code).toBe(3)
    const result = tested.json<Tested>()
    // What does not need the model is decided.
    expect(about(result, 'everybody')?.verdict).toBe('satisfied')
    for (const clause of ['in-range', 'ranks']) {
      expect(about(result, clause)).toMatchObject({ verdict: 'error', reason })
      expect(about(result, clause)?.cause).toMatch(cause)
    }
    expect(about(result, 'income-helps')?.verdict).not.toBe('satisfied')
    if (reason === 'model-unreadable') return
    const gate = plumb(folder, 'gate', '--candidate', 'candidate.onnx')
    expectNoTrace(gate)
    expect(gate.code).toBe(1)
    expect(gate.out).toMatch(cause)
  })

  test('a file that is not there', () => {
    expectRefusal(plumb(folder, 'test', '--candidate', 'none.onnx'), {
      exit: 2,
      code: 'cli/no-candidate',
      says: 'none.onnx',
      fix: 'plumb run',
    })
    const bare = people('model-none', { 'plumb.yaml': SPEC, 'people.csv': DATA })
    const tested = plumb(bare, 'test', '--json')
    expect(tested.code).toBe(3)
    expect(about(tested.json(), 'in-range')).toMatchObject({ verdict: 'skipped', reason: 'no-candidate' })
    const gate = plumb(bare, 'gate')
    expect(gate.code).toBe(1)
    expect(gate.out).toContain('no-candidate')
  })

  test('a folder in its place', () => {
    mkdirSync(join(folder, 'folder.onnx'), { recursive: true })
    expectRefusal(plumb(folder, 'test', '--candidate', 'folder.onnx'), {
      exit: 2,
      code: 'cli/no-candidate',
      says: 'folder.onnx',
    })
  })

  test('a missing value in an input', () => {
    const holed = people('model-holed', {
      'plumb.yaml': SPEC,
      'people.csv': DATA.replace('3,23,30,', '3,23,,'),
      'model.onnx': GOOD,
    })
    const tested = plumb(holed, 'test', '--json')
    expectNoTrace(tested)
    expect(tested.code).not.toBe(0)
    const risk = about(tested.json(), 'in-range')
    expect(risk?.verdict).not.toBe('satisfied')
  })

  test('the evidence of the good model is still there, and replays', () => {
    const verified = plumb(folder, 'verify', '--json')
    expect(verified.json()).toMatchObject({ kind: 'ok' })
    const explained = plumb(folder, 'explain', 'in-range', '--json').json<{
      evidence: { id: string; verdict: string }[]
    }>()
    const first = explained.evidence[0]
    expect(first?.verdict).toBe('satisfied')
    // Also after its file is gone: its bytes are kept.
    copyFileSync(join(folder, 'model.onnx'), join(folder, 'model.bak'))
    rmSync(join(folder, 'model.onnx'))
    expect(plumb(folder, 'replay', first?.id ?? '', '--json').json()).toMatchObject({ confirmed: true })
    copyFileSync(join(folder, 'model.bak'), join(folder, 'model.onnx'))
    expectLedger(folder, verified.json<{ records: number }>().records)
  })
})
