import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { seeded } from '../falsify/testing/seeded.ts'
import { readGraph } from '../proofs/graph.ts'
import { proveMonotone } from '../proofs/monotone.ts'
import { type NodeSpec, buildOnnx, sequenceOfFloats, sequenceOfMaps, tensor } from '../proofs/testing/build-onnx.ts'
import { treeClassifier, treeRegressor } from '../proofs/testing/build-trees.ts'
import type { ColumnData } from './column-data.ts'
import { type OnnxModel, type OpenOptions, openOnnxModel } from './onnx-runner.ts'
import type { Outcome } from './outcome.ts'
import type { OutputRequest } from './output-binding.ts'
import type { Predictions } from './predictions.ts'
import { withoutMaps } from './zip-map.ts'

async function opened(bytes: Uint8Array, options: OpenOptions = {}): Promise<OnnxModel> {
  const model = await openOnnxModel(bytes, options)
  if (!model.ok) throw new Error(model.error.message)
  return model.value
}

async function predict(
  bytes: Uint8Array,
  data: Readonly<Record<string, ColumnData>>,
  outputs: readonly OutputRequest[],
  columns: readonly string[] = Object.keys(data),
): Promise<Outcome<Predictions>> {
  const model = await opened(bytes)
  const rows = Object.values(data)[0]?.values.length ?? 0
  const result = await model.predict({ columns, data: new Map(Object.entries(data)), rows, outputs })
  await model.close()
  return result
}

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.error.message)
  return outcome.value
}

const failed = (code: string, ...words: string[]) => ({
  ok: false,
  error: expect.objectContaining({ code, message: expect.stringMatching(words.join('[^]*')) }),
})

/** y = 2a - b of a float matrix. */
const MATRIX = buildOnnx({
  inputs: [{ name: 'x', type: 'float', shape: [null, 2] }],
  outputs: [{ name: 'y', type: 'float', shape: [null, 1] }],
  nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
  initializers: [tensor('w', 'float', [2, 1], [2, -1])],
})

/** Every element type as a column of its own, given back unchanged. */
const ECHO = buildOnnx({
  inputs: (['float', 'double', 'int64', 'int32', 'bool', 'string'] as const).map((type, i) => ({
    name: type,
    type,
    shape: i % 2 === 0 ? [null, 1] : [null],
  })),
  outputs: (['float', 'double', 'int64', 'int32', 'bool', 'string'] as const).map((type, i) => ({
    name: `out_${type}`,
    type,
    shape: i % 2 === 0 ? [null, 1] : [null],
  })),
  nodes: ['float', 'double', 'int64', 'int32', 'bool', 'string'].map((type) => ({
    op: 'Identity',
    inputs: [type],
    outputs: [`out_${type}`],
  })),
})

const numbers = (...values: number[]): ColumnData => ({ values: Float64Array.from(values) })

describe('openOnnxModel', () => {
  test('reads the signature', async () => {
    const model = await opened(MATRIX)
    expect(model.signature).toEqual({
      inputs: [{ name: 'x', type: 'float', typeName: 'float', shape: ['unknown', 2] }],
      outputs: [{ name: 'y', type: 'float', typeName: 'float', shape: ['unknown', 1] }],
    })
    expect(model.runtimeVersion).toMatch(/^\d+\.\d+/)
    await model.close()
  })

  test('opens a path; says what is wrong with a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onnx-'))
    const path = join(folder, 'm.onnx')
    await writeFile(path, MATRIX)
    expect((await openOnnxModel(path)).ok).toBe(true)
    expect(await openOnnxModel(join(folder, 'none.onnx'))).toEqual(failed('engine/model-not-found'))
    expect(await openOnnxModel(new Uint8Array())).toEqual(failed('engine/not-an-onnx-file', 'empty'))
    const text = new TextEncoder().encode('id,age\n1,2\n'.repeat(50))
    expect(await openOnnxModel(text)).toEqual(failed('engine/not-an-onnx-file', 'not an ONNX file'))
    expect(await openOnnxModel(MATRIX.slice(0, MATRIX.length / 2))).toEqual(failed('engine/not-an-onnx-file'))
    const unknown = buildOnnx({
      inputs: [{ name: 'x', type: 'float', shape: [null] }],
      outputs: [{ name: 'y', type: 'float', shape: [null] }],
      nodes: [{ op: 'NoSuchOperator', inputs: ['x'], outputs: ['y'] }],
    })
    expect(await openOnnxModel(unknown)).toEqual(failed('engine/model-load-failed', 'NoSuchOperator'))
  })

  test('says how to install the runtime when it is absent', async () => {
    const loadRuntime = () => Promise.reject(new Error("Cannot find package 'onnxruntime-node'"))
    expect(await openOnnxModel(MATRIX, { loadRuntime })).toEqual(
      failed('engine/onnxruntime-missing', 'npm install onnxruntime-node'),
    )
  })
})

describe('predict', () => {
  test('one [N, k] tensor in the order of the columns', async () => {
    const data = { b: numbers(10, 20, 30), a: numbers(1, 2, 3) }
    const result = value(await predict(MATRIX, data, [{ name: 'y' }], ['a', 'b']))
    expect(result.outputs.get('y')).toEqual(Float64Array.from([-8, -16, -24]))
    const turned = value(await predict(MATRIX, data, [{ name: 'y' }], ['b', 'a']))
    expect(turned.outputs.get('y')).toEqual(Float64Array.from([19, 38, 57]))
  })

  test('one tensor per column, every type, both shapes, back unchanged', async () => {
    const edge = 2n ** 63n - 1n
    const data: Record<string, ColumnData> = {
      float: numbers(0.1, -Infinity, Number.NaN),
      double: numbers(0.1, 1e300, Number.NaN),
      int64: { values: BigInt64Array.from([edge, -(2n ** 63n), 0n]) },
      int32: { values: Int32Array.from([1, -2, 3]) },
      bool: { values: [true, false, true] },
      string: { values: ['', 'naïve 🙂', '"; DROP TABLE x; --'] },
    }
    const outputs = Object.keys(data).map((name) => ({ name: `o-${name}`, tensor: `out_${name}` }))
    const result = value(await predict(ECHO, data, outputs))
    expect(result.outputs.get('o-float')).toEqual(Float64Array.from([Math.fround(0.1), -Infinity, Number.NaN]))
    expect(result.outputs.get('o-double')).toEqual(Float64Array.from([0.1, 1e300, Number.NaN]))
    expect(result.outputs.get('o-int64')).toEqual(BigInt64Array.from([edge, -(2n ** 63n), 0n]))
    expect(result.outputs.get('o-int32')).toEqual(BigInt64Array.from([1n, -2n, 3n]))
    expect(result.outputs.get('o-bool')).toEqual([true, false, true])
    expect(result.outputs.get('o-string')).toEqual(data['string']?.values)
    expect(result.nan).toEqual([
      { output: 'o-float', count: 1, firstRows: [2] },
      { output: 'o-double', count: 1, firstRows: [2] },
    ])
  })

  test('conversions are checked per cell, and named by column and row', async () => {
    const good: Record<string, ColumnData> = {
      float: numbers(1, 2),
      double: numbers(1, 2),
      int64: numbers(1, 2),
      int32: numbers(1, 2),
      bool: { values: Int32Array.from([0, 1]) },
      string: { values: ['a', 'b'] },
    }
    const outputs = [{ name: 'y', tensor: 'out_int64' }]
    expect(value(await predict(ECHO, good, outputs)).outputs.get('y')).toEqual(BigInt64Array.from([1n, 2n]))
    const bad: readonly [string, ColumnData, string, string][] = [
      ['float', numbers(1, 1e39), 'engine/model-value-range', 'float32'],
      ['int64', numbers(1, 1.5), 'engine/model-value-range', '64-bit'],
      ['int64', numbers(1, 2 ** 63), 'engine/model-value-range', '64-bit'],
      ['int32', numbers(1, 2 ** 31), 'engine/model-value-range', '32-bit'],
      ['int32', { values: BigInt64Array.from([1n, 2n ** 40n]) }, 'engine/model-value-range', '32-bit'],
      ['bool', { values: Int32Array.from([0, 2]) }, 'engine/model-value-range', 'neither 0 nor 1'],
      [
        'int64',
        { values: BigInt64Array.from([1n, 2n]), validity: Uint8Array.of(0b01) },
        'engine/model-missing-cell',
        'row 2',
      ],
      ['int64', { values: BigInt64Array.from([1n, 2n]), missing: [1] }, 'engine/model-missing-cell', 'row 2'],
      ['int64', numbers(1, Number.NaN), 'engine/model-missing-cell', 'row 2'],
    ]
    for (const [name, column, code, word] of bad) {
      expect(await predict(ECHO, { ...good, [name]: column }, outputs)).toEqual(failed(code, `"${name}"`, word))
    }
    expect(await predict(ECHO, { ...good, float: { values: ['1', '2'] } }, outputs)).toEqual(
      failed('engine/model-column-type', '"float" holds text', 'tensor\\(float\\)'),
    )
    expect(await predict(ECHO, { ...good, string: numbers(1, 2) }, outputs)).toEqual(failed('engine/model-column-type'))
    const { float: _, ...without } = good
    const model = await opened(ECHO)
    expect(
      await model.predict({ columns: Object.keys(good), data: new Map(Object.entries(without)), rows: 2, outputs }),
    ).toEqual(failed('engine/model-column-absent', '"float"'))
  })

  test('missing cells reach a float tensor as NaN', async () => {
    const tree = { feature: 0, threshold: 0, missingTrue: true, yes: { leaf: 1 }, no: { leaf: 2 } }
    const bytes = buildOnnx({
      inputs: [{ name: 'x', type: 'float', shape: [null, 1] }],
      outputs: [{ name: 'y', type: 'float', shape: [null, 1] }],
      nodes: [treeRegressor({ trees: [tree] }, 'x', 'y')],
    })
    const data = { a: { values: BigInt64Array.from([5n, 5n, -5n]), validity: Uint8Array.of(0b101) } }
    expect(value(await predict(bytes, data, [{ name: 'y' }])).outputs.get('y')).toEqual(Float64Array.from([2, 1, 1]))
  })

  test('mismatches list both sides', async () => {
    const data = { a: numbers(1), b: numbers(1), c: numbers(1) }
    expect(await predict(MATRIX, data, [{ name: 'y' }])).toEqual(
      failed('engine/model-inputs-mismatch', 'takes 2 columns, the spec lists 3', 'x: float\\[\\?, 2\\]', 'a, b, c'),
    )
    expect(await predict(ECHO, { float: numbers(1), age: numbers(1) }, [])).toEqual(
      failed('engine/model-inputs-mismatch', '"double", "int64"', 'no input for the column "age"'),
    )
    const two = { a: numbers(1), b: numbers(1) }
    expect(await predict(MATRIX, two, [{ name: 'score' }])).toEqual(
      failed('engine/model-outputs-mismatch', 'no output "score"', 'y: float\\[\\?, 1\\]'),
    )
    expect(await predict(MATRIX, two, [{ name: 'y', index: 1 }])).toEqual(
      failed('engine/model-outputs-mismatch', 'index 1 is outside'),
    )
  })

  test('scores of a classifier by index, behind a ZipMap, too; another sequence is refused with the way out', async () => {
    const tree = { feature: 0, threshold: 0, yes: { leaf: { 0: 0.75, 1: 0.25 } }, no: { leaf: { 0: 0.125, 1: 0.875 } } }
    const inputs = [{ name: 'x', type: 'float' as const, shape: [null, 1] }]
    const nodes = [treeClassifier({ trees: [tree] }, 2, 'x', ['label', 'probabilities'])]
    const bytes = buildOnnx({
      inputs,
      outputs: [
        { name: 'label', type: 'int64', shape: [null] },
        { name: 'probabilities', type: 'float', shape: [null, 2] },
      ],
      nodes,
    })
    const requests = [{ name: 'risk', tensor: 'probabilities', index: 1 }, { name: 'label' }]
    const result = value(await predict(bytes, { a: numbers(-1, 1) }, requests))
    expect(result.outputs.get('risk')).toEqual(Float64Array.from([0.25, 0.875]))
    expect(result.outputs.get('label')).toEqual(BigInt64Array.from([1n, 1n]))
    expect(await predict(bytes, { a: numbers(-1, 1) }, [{ name: 'probabilities' }])).toEqual(
      failed('engine/model-outputs-mismatch', 'has 2 columns'),
    )
    const zipped = buildOnnx({
      inputs,
      outputs: [sequenceOfMaps('maps')],
      nodes: [...nodes, zipMap('probabilities', 'maps')],
    })
    const read = value(await predict(zipped, { a: numbers(-1, 1) }, [{ name: 'maps', index: 1 }]))
    expect(read.outputs.get('maps')).toEqual(Float64Array.from([0.25, 0.875]))
    // What proofs read is what runs.
    const graph = value(readGraph(zipped))
    expect(graph.signature.outputs).toMatchObject([{ name: 'maps', type: 'float', classes: ['0', '1'] }])
    const output = { name: 'maps', index: 1 }
    const grows = {
      columns: [{ name: 'a', low: -9, high: 9 }],
      column: 'a',
      output,
      direction: 'non-decreasing' as const,
    }
    expect(proveMonotone(graph, grows)).toMatchObject({ status: 'proved' })
    // One that something reads within the graph has to stay a map.
    const further = buildOnnx({
      inputs,
      outputs: [sequenceOfMaps('maps')],
      nodes: [...nodes, zipMap('probabilities', 'maps'), { op: 'Identity', inputs: ['maps'], outputs: ['same'] }],
    })
    expect(withoutMaps(further)).toEqual({ bytes: further, classes: new Map() })
    const sequence = buildOnnx({
      inputs,
      outputs: [sequenceOfFloats('parts')],
      nodes: [{ op: 'SequenceConstruct', inputs: ['x'], outputs: ['parts'] }],
    })
    expect(await predict(sequence, { a: numbers(-1, 1) }, [{ name: 'parts' }])).toEqual(
      failed('engine/model-output-not-a-tensor', 'a sequence or map, not a tensor'),
    )
    // Bytes that are cut off are no exception; where a whole field is missing, they are still a message.
    for (let cut = 1; cut < zipped.length; cut++)
      expect(withoutMaps(zipped.subarray(0, cut)).classes.size).toBeLessThan(2)
  })

  test('a batch size fixed by the file is kept, the last call filled up', async () => {
    const bytes = buildOnnx({
      inputs: [{ name: 'a', type: 'float', shape: [3, 1] }],
      outputs: [{ name: 'y', type: 'float', shape: [3, 1] }],
      nodes: [{ op: 'Neg', inputs: ['a'], outputs: ['y'] }],
    })
    const result = value(await predict(bytes, { a: numbers(1, 2, 3, 4, 5) }, [{ name: 'y' }]))
    expect(result.outputs.get('y')).toEqual(Float64Array.from([-1, -2, -3, -4, -5]))
  })

  test('no rows, a column named __proto__, an abort', async () => {
    const bytes = buildOnnx({
      inputs: [{ name: '__proto__', type: 'float', shape: [null, 1] }],
      outputs: [{ name: 'y', type: 'float', shape: [null, 1] }],
      nodes: [{ op: 'Neg', inputs: ['__proto__'], outputs: ['y'] }],
    })
    const model = await opened(bytes)
    const request = { columns: ['__proto__'], data: new Map([['__proto__', numbers(1, 2)]]), outputs: [{ name: 'y' }] }
    expect(value(await model.predict({ ...request, rows: 2 })).outputs.get('y')).toEqual(Float64Array.from([-1, -2]))
    expect(value(await model.predict({ ...request, rows: 0 })).outputs.get('y')).toEqual(new Float64Array())
    const aborted = AbortSignal.abort()
    expect(await model.predict({ ...request, rows: 2, signal: aborted })).toEqual(failed('engine/interrupted'))
    await model.close()
  })

  test('rows that fill up a call are copies: no value that the caller did not give', async () => {
    const bytes = buildOnnx({
      inputs: [{ name: 'a', type: 'int64', shape: [null, 1] }],
      outputs: [{ name: 'y', type: 'float', shape: [null, 1, 2] }],
      nodes: [
        {
          op: 'OneHotEncoder',
          domain: 'ai.onnx.ml',
          inputs: ['a'],
          outputs: ['h'],
          attributes: { cats_int64s: [7n, 9n], zeros: 0n },
        },
        { op: 'Identity', inputs: ['h'], outputs: ['y'] },
      ],
    })
    const flat = buildOnnx({
      inputs: [{ name: 'a', type: 'int64', shape: [null, 1] }],
      outputs: [{ name: 'y', type: 'float', shape: [null, 2] }],
      nodes: [
        {
          op: 'OneHotEncoder',
          domain: 'ai.onnx.ml',
          inputs: ['a'],
          outputs: ['h'],
          attributes: { cats_int64s: [7n, 9n], zeros: 0n },
        },
        { op: 'Flatten', inputs: ['h'], outputs: ['y'] },
      ],
    })
    const result = value(
      await predict(flat, { a: { values: BigInt64Array.from([7n, 9n, 9n]) } }, [{ name: 'y', index: 1 }]),
    )
    expect(result.outputs.get('y')).toEqual(Float64Array.from([0, 1, 1]))
    expect(await predict(flat, { a: { values: BigInt64Array.from([7n, 8n]) } }, [{ name: 'y', index: 1 }])).toEqual(
      failed('engine/model-run-failed'),
    )
    expect(await predict(bytes, { a: { values: BigInt64Array.from([7n]) } }, [{ name: 'y', index: 1 }])).toEqual(
      failed('engine/model-outputs-mismatch', 'two dimensions'),
    )
  })

  test('the double Sigmoid of equal values is equal at every place, although vector and scalar code differ', async () => {
    const bytes = buildOnnx({
      inputs: [{ name: 'a', type: 'float', shape: [null, 1] }],
      outputs: [{ name: 'y', type: 'double', shape: [null, 1] }],
      nodes: [
        { op: 'Cast', inputs: ['a'], outputs: ['d'], attributes: { to: 11n } },
        { op: 'Sigmoid', inputs: ['d'], outputs: ['y'] },
      ],
    })
    const model = await opened(bytes)
    const random = seeded(17)
    for (let round = 0; round < 400; round++) {
      const a = 6 * random.normal()
      const seen = new Set<number>()
      for (const rows of [1, 3, 16, 18, 31]) {
        const values = new Float64Array(rows).fill(a)
        const result = value(
          await model.predict({ columns: ['a'], data: new Map([['a', { values }]]), rows, outputs: [{ name: 'y' }] }),
        )
        const y = result.outputs.get('y')
        if (y instanceof Float64Array) for (const v of y) seen.add(v)
      }
      expect(seen.size, String(a)).toBe(1)
    }
    await model.close()
  })

  test('equal rows give equal bits at every place of every batch', async () => {
    const random = seeded(5)
    const tail: NodeSpec[] = [
      { op: 'MatMul', inputs: ['x', 'w1'], outputs: ['h1'] },
      { op: 'Relu', inputs: ['h1'], outputs: ['h2'] },
      { op: 'MatMul', inputs: ['h2', 'w2'], outputs: ['s'] },
      { op: 'Cast', inputs: ['s'], outputs: ['d'], attributes: { to: 11n } },
      { op: 'Sigmoid', inputs: ['d'], outputs: ['y'] },
      { op: 'Sigmoid', inputs: ['s'], outputs: ['z'] },
    ]
    const weights = (n: number) => Array.from({ length: n }, () => Math.fround(random.normal()))
    const bytes = buildOnnx({
      inputs: [{ name: 'x', type: 'float', shape: [null, 5] }],
      outputs: [
        { name: 'y', type: 'double', shape: [null, 1] },
        { name: 'z', type: 'float', shape: [null, 1] },
      ],
      nodes: tail,
      initializers: [tensor('w1', 'float', [5, 7], weights(35)), tensor('w2', 'float', [7, 1], weights(7))],
    })
    const model = await opened(bytes)
    const columns = ['a', 'b', 'c', 'd', 'e']
    const different = { y: 0, z: 0 }
    for (let round = 0; round < 60; round++) {
      const row = columns.map(() => random.normal() * 10 ** (2 * random.float() - 1))
      const seen = { y: new Set<number>(), z: new Set<number>() }
      for (const rows of [1, 2, 7, 15, 16, 17, 33, 100]) {
        const data = new Map(columns.map((name, c) => [name, { values: new Float64Array(rows).fill(row[c] ?? 0) }]))
        const result = value(
          await model.predict({ columns, data, rows, outputs: [{ name: 'y' }, { name: 'z' }], batchSize: 48 }),
        )
        for (const name of ['y', 'z'] as const) {
          const values = result.outputs.get(name)
          if (values instanceof Float64Array) for (const v of values) seen[name].add(v)
        }
      }
      if (seen.y.size !== 1) different.y++
      if (seen.z.size !== 1) different.z++
    }
    await model.close()
    expect(different).toEqual({ y: 0, z: 0 })
  })
})

function zipMap(from: string, to: string): NodeSpec {
  return {
    op: 'ZipMap',
    domain: 'ai.onnx.ml',
    inputs: [from],
    outputs: [to],
    attributes: { classlabels_int64s: [0n, 1n] },
  }
}
