import { create, toBinary } from '@bufbuild/protobuf'
import {
  GraphProtoSchema,
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProtoSchema,
} from 'onnx-buf'
import { describe, expect, test } from 'vitest'
import { openOnnxModel } from '../models/onnx-runner.ts'
import { readGraph } from './graph.ts'
import { proveIndependent } from './independence.ts'
import { proveMonotone } from './monotone.ts'
import { type ModelSpec, type NodeSpec, buildOnnx, tensor } from './testing/build-onnx.ts'
import { type EnsembleSpec, treeClassifier, treeRegressor } from './testing/build-trees.ts'
import { splitThresholds } from './thresholds.ts'

const failed = (code: string, ...words: string[]) => ({
  ok: false,
  error: expect.objectContaining({ code, message: expect.stringMatching(words.join('[^]*')) }),
})
const node = (op: string, inputs: readonly string[], outputs: readonly string[]): NodeSpec => ({ op, inputs, outputs })
const io = (nodes: readonly NodeSpec[], more: Partial<ModelSpec> = {}): ModelSpec => ({
  inputs: [{ name: 'x', type: 'float', shape: [null, 1] }],
  outputs: [{ name: 'y', type: 'float', shape: [null, 1] }],
  nodes,
  ...more,
})

describe('readGraph', () => {
  test('agrees with onnxruntime on the signature', async () => {
    const bytes = buildOnnx({
      inputs: [
        { name: 'a', type: 'float', shape: [null, 1] },
        { name: 'b', type: 'int64', shape: [null] },
      ],
      outputs: [{ name: 'y', type: 'double', shape: [null, 1] }],
      nodes: [
        { op: 'Cast', inputs: ['a'], outputs: ['y'], attributes: { to: 11n } },
        { op: 'Identity', inputs: ['b'], outputs: ['unused'] },
      ],
    })
    const graph = readGraph(bytes)
    const model = await openOnnxModel(bytes)
    expect(graph.ok && model.ok && graph.value.signature).toEqual(model.ok && model.value.signature)
  })

  test('refuses what is no ONNX file', () => {
    expect(readGraph(new Uint8Array())).toEqual(failed('engine/not-an-onnx-file'))
    expect(readGraph(new TextEncoder().encode('a,b\n1,2\n'))).toEqual(failed('engine/not-an-onnx-file'))
    const bytes = buildOnnx(io([node('Neg', ['x'], ['y'])]))
    // Every cut of a real file is an error or another readable graph, never an exception.
    for (let length = 0; length < bytes.length; length++)
      expect(typeof readGraph(bytes.slice(0, length)).ok).toBe('boolean')
    for (let at = 0; at < bytes.length; at++) {
      const broken = bytes.slice()
      broken[at] = (broken[at] ?? 0) ^ 0xff
      const graph = readGraph(broken)
      if (graph.ok) {
        const query = { columns: [{ name: 'x' }], column: 'x', output: { name: 'y' } }
        expect(['proved', 'refused']).toContain(
          proveMonotone(graph.value, { ...query, direction: 'non-increasing' }).status,
        )
      }
    }
    expect(readGraph(bytes, 10)).toEqual(failed('engine/proof-model-too-large'))
  })

  test('refuses what no proof can be sound about', () => {
    const code = 'engine/proof-model-unsupported'
    expect(readGraph(buildOnnx(io([node('Neg', ['x'], ['y']), node('Neg', ['x'], ['y'])])))).toEqual(
      failed(code, 'several writers'),
    )
    expect(readGraph(buildOnnx(io([node('Neg', ['x'], ['x']), node('Neg', ['x'], ['y'])])))).toEqual(
      failed(code, 'several writers'),
    )
    expect(readGraph(buildOnnx(io([node('Neg', ['z'], ['y']), node('Neg', ['x'], ['z'])])))).toEqual(
      failed(code, 'nothing before it writes'),
    )
    expect(readGraph(buildOnnx(io([node('Neg', ['x'], ['z'])])))).toEqual(failed(code, 'nothing writes its output'))
    const external = create(ModelProtoSchema, {
      opsetImport: [create(OperatorSetIdProtoSchema, { version: 17n })],
      graph: create(GraphProtoSchema, {
        output: [{ name: 'y' }],
        initializer: [
          create(TensorProtoSchema, {
            name: 'w',
            dataType: 1,
            dims: [1n],
            externalData: [create(StringStringEntryProtoSchema, { key: 'location', value: '../secret' })],
          }),
        ],
      }),
    })
    expect(readGraph(toBinary(ModelProtoSchema, external))).toEqual(failed(code, 'another file'))
    const short = tensor('w', 'float', [4], [1, 2, 3])
    expect(readGraph(buildOnnx(io([node('Add', ['x', 'w'], ['y'])], { initializers: [short] })))).toEqual(
      failed(code, 'as many values'),
    )
  })
})

describe('a malformed or hostile ensemble is refused, whatever onnxruntime makes of it', () => {
  const good: EnsembleSpec = { trees: [{ feature: 0, threshold: 0, yes: { leaf: 0 }, no: { leaf: 1 } }] }
  const attributes = treeRegressor(good, 'x', 'y').attributes ?? {}
  const prove = (changed: NodeSpec) => {
    const graph = readGraph(buildOnnx(io([changed])))
    if (!graph.ok) throw new Error(graph.error.message)
    const query = { columns: [{ name: 'a' }], column: 'a', output: { name: 'y' } }
    return proveMonotone(graph.value, { ...query, direction: 'non-decreasing' })
  }
  const regressor = (changes: NonNullable<NodeSpec['attributes']>): NodeSpec => ({
    ...treeRegressor(good, 'x', 'y'),
    attributes: { ...attributes, ...changes },
  })

  test.each<[string, NonNullable<NodeSpec['attributes']>, string]>([
    ['a cycle', { nodes_falsenodeids: [0n, 0n, 0n] }, 'two parents'],
    ['a shared child', { nodes_falsenodeids: [1n, 0n, 0n] }, 'two parents'],
    ['an orphan', { nodes_modes: ['LEAF', 'LEAF', 'LEAF'], target_nodeids: [0n, 1n] }, 'reached from no root'],
    ['a missing child', { nodes_falsenodeids: [7n, 0n, 0n] }, 'leads to no node'],
    ['lists of different length', { nodes_values: [0] }, 'differ in length'],
    ['a leaf without weight', { target_nodeids: [1n, 1n] }, 'two weights'],
    ['a weight on a split', { target_nodeids: [0n, 2n] }, 'inner node'],
    ['a weight for another target', { target_ids: [0n, 3n] }, 'target 3'],
    ['an infinite weight', { target_weights: [0, Number.POSITIVE_INFINITY] }, 'not finite'],
    ['a NaN threshold', { nodes_values: [Number.NaN, 0, 0] }, 'NaN'],
    ['an unknown mode', { nodes_modes: ['BRANCH_FUZZY', 'LEAF', 'LEAF'] }, 'BRANCH_FUZZY'],
    ['an unknown aggregate', { aggregate_function: 'MEDIAN' }, 'MEDIAN'],
    ['an unknown attribute', { shuffle: 1n }, 'shuffle'],
    ['a post_transform', { post_transform: 'LOGISTIC' }, 'LOGISTIC'],
    ['an attribute of another type', { nodes_modes: [1n, 2n, 3n] }, 'nodes_modes'],
    ['a feature that is not there', { nodes_featureids: [5n, 0n, 0n] }, 'column 5'],
    ['trees out of order', { nodes_treeids: [0n, 1n, 0n], target_treeids: [1n, 0n] }, 'listed together'],
    ['sums beyond float32', { target_weights: [0, 3e38], base_values: [3e38] }, 'overflow'],
  ])('%s', (_, changes, word) => {
    expect(prove(regressor({}))).toMatchObject({ status: 'proved' })
    expect(prove(regressor(changes))).toMatchObject({ status: 'refused', reason: expect.stringContaining(word) })
  })

  test('double thresholds and weights need a double input', () => {
    const { nodes_values: _, target_weights: __, ...rest } = attributes
    const changed = {
      ...regressor({}),
      attributes: {
        ...rest,
        nodes_values_as_tensor: tensor('', 'double', [3], [0.1, 0, 0]),
        target_weights_as_tensor: tensor('', 'double', [2], [0, 1]),
      },
    }
    expect(prove(changed)).toMatchObject({ status: 'refused', reason: expect.stringContaining('double') })
    const wide = readGraph(buildOnnx({ ...io([changed]), inputs: [{ name: 'x', type: 'double', shape: [null, 1] }] }))
    const query = { columns: [{ name: 'a' }], column: 'a', output: { name: 'y' } }
    expect(wide.ok && proveMonotone(wide.value, { ...query, direction: 'non-decreasing' })).toMatchObject({
      status: 'proved',
    })
  })
})

test('an operator without a rule matters only where the output depends on it', () => {
  const bytes = buildOnnx({
    inputs: [{ name: 'x', type: 'float', shape: [null, 1] }],
    outputs: [
      { name: 'y', type: 'float', shape: [null, 1] },
      { name: 'z', type: 'float', shape: [null, 1] },
    ],
    nodes: [node('Neg', ['x'], ['y']), node('Sin', ['x'], ['s']), node('Neg', ['s'], ['z'])],
  })
  const graph = readGraph(bytes)
  if (!graph.ok) throw new Error(graph.error.message)
  const query = { columns: [{ name: 'x' }], column: 'x', direction: 'non-increasing' as const }
  expect(proveMonotone(graph.value, { ...query, output: { name: 'y' } })).toMatchObject({
    status: 'proved',
    nodes: ['Neg "y"'],
  })
  expect(proveMonotone(graph.value, { ...query, output: { name: 'z' } })).toMatchObject({
    status: 'refused',
    node: 'Sin "s"',
    reason: expect.stringContaining('ai.onnx.Sin'),
  })
  expect(proveIndependent(graph.value, { columns: [{ name: 'q' }], column: 'x', output: { name: 'y' } }).status).toBe(
    'refused',
  )
})

test('splitThresholds follows columns through casts and joins', () => {
  const tree = (feature: number, threshold: number): EnsembleSpec['trees'][number] => ({
    feature,
    threshold,
    yes: { leaf: { 0: 0.5 } },
    no: { leaf: { 0: 1 } },
  })
  const bytes = buildOnnx({
    inputs: [
      { name: 'age', type: 'int64', shape: [null, 1] },
      { name: 'income', type: 'float', shape: [null, 1] },
    ],
    outputs: [
      { name: 'label', type: 'int64', shape: [null] },
      { name: 'p', type: 'float', shape: [null, 2] },
    ],
    nodes: [
      { op: 'Cast', inputs: ['age'], outputs: ['age_f'], attributes: { to: 1n } },
      { op: 'Concat', inputs: ['income', 'age_f'], outputs: ['all'], attributes: { axis: 1n } },
      treeClassifier({ trees: [tree(0, 2.5), tree(1, 40), tree(0, 1.5), tree(0, 2.5)] }, 2, 'all', ['label', 'p']),
    ],
  })
  const graph = readGraph(bytes)
  if (!graph.ok) throw new Error(graph.error.message)
  expect(splitThresholds(graph.value, ['age', 'income'])).toEqual(
    new Map([
      ['income', [1.5, 2.5]],
      ['age', [40]],
    ]),
  )
  expect(splitThresholds(graph.value, ['nope'])).toEqual(new Map())
})
