import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openBoundModel } from '../../bound-models/bound-model.ts'
import { readGraph } from '../../proofs/graph.ts'
import { buildOnnx, type NodeSpec, tensor } from '../../proofs/testing/build-onnx.ts'
import { treeClassifier } from '../../proofs/testing/build-trees.ts'
import { failureReason } from '../failure-reason.ts'
import { openOnnxModel, type OnnxModel } from '../onnx-runner.ts'
import type { Outcome } from '../outcome.ts'
import type { PredictRequest } from '../runner.ts'
import { hasBoundedWork } from './bounded-work.ts'
import { openIsolatedModel } from './open-isolated-model.ts'
import { startChild } from './start-child.ts'
import { endlessAbove100 } from './testing/endless.ts'

function opened<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.error.message)
  return outcome.value
}

const asking = (values: readonly number[], signal?: AbortSignal): PredictRequest => ({
  columns: ['x'],
  data: new Map([['x', { values: Float64Array.from(values) }]]),
  rows: values.length,
  outputs: [{ name: 'y' }],
  signal,
})

const code = (outcome: Outcome<unknown>): string => (outcome.ok ? 'ok' : outcome.error.code)

/** y = (x·a)·b with 300 columns between, and a sine, which is not among the operators that are known to end. */
const network = (op: string): Uint8Array =>
  buildOnnx({
    inputs: [{ name: 'x', type: 'float', shape: [null, 1] }],
    outputs: [{ name: 'y', type: 'float', shape: [null, 1] }],
    initializers: [
      tensor(
        'a',
        'float',
        [1, 300],
        Array.from({ length: 300 }, (_, i) => Math.sin(i)),
      ),
      tensor(
        'b',
        'float',
        [300, 1],
        Array.from({ length: 300 }, (_, i) => Math.cos(i)),
      ),
    ],
    nodes: [
      { op: 'MatMul', inputs: ['x', 'a'], outputs: ['h'] },
      { op, inputs: ['h'], outputs: ['s'] },
      { op: 'MatMul', inputs: ['s', 'b'], outputs: ['y'] },
    ],
  })

/** Nodes from x to y, both a column of floats. */
const single = (nodes: readonly NodeSpec[]): Uint8Array =>
  buildOnnx({
    inputs: [{ name: 'x', type: 'float', shape: [null, 1] }],
    outputs: [{ name: 'y', type: 'float', shape: [null, 1] }],
    initializers: [tensor('shape', 'int64', [2], [1, -1])],
    nodes,
  })

describe('a model in a process of its own', () => {
  test('answers bit for bit what it answers in this one, in calls of other sizes', async () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => Math.sin(i * 7) * 50)
    const here = opened(await openOnnxModel(network('Sin')))
    const there = opened(await openIsolatedModel(network('Sin')))
    const ask = async (model: OnnxModel) => opened(await model.predict(asking(rows))).outputs.get('y')
    expect(there.signature).toEqual(here.signature)
    expect(there.runtimeVersion).toBe(here.runtimeVersion)
    expect(await ask(there)).toEqual(await ask(here))
    await there.close()
    await here.close()
  })

  test('answers what is asked at the same time, each its own rows', async () => {
    const model = opened(await openIsolatedModel(network('Sin')))
    const rows = Array.from({ length: 20 }, (_, i) => [i, i + 0.5])
    const values = (outcome: Awaited<ReturnType<typeof model.predict>>) => [...(opened(outcome).outputs.get('y') ?? [])]
    const together = await Promise.all(rows.map((each) => model.predict(asking(each))))
    for (const [i, each] of rows.entries())
      expect(values(together[i] as (typeof together)[number])).toEqual(values(await model.predict(asking(each))))
    expect(new Set(together.map((each) => values(each)[0])).size).toBe(rows.length)
    await model.close()
  })

  test('is ended when it does not come to an end, and says so at once when it is asked again', async () => {
    const model = opened(await openIsolatedModel(endlessAbove100(), { timeoutMs: 1500 }))
    expect(opened(await model.predict(asking([1, 2, 3]))).outputs.get('y')).toEqual(Float64Array.of(1, 2, 3))
    const hung = await model.predict(asking([1, 101]))
    expect(hung).toMatchObject({
      error: { code: 'engine/model-timeout', message: expect.stringMatching(/did not answer 16 rows within 1\.5 s/) },
    })
    expect(hung.ok || failureReason(hung.error)).toBe('model-failed')
    const began = performance.now()
    expect(code(await model.predict(asking([1])))).toBe('engine/model-timeout')
    expect(performance.now() - began).toBeLessThan(1_000)
    await model.close()
  })

  test('is ended when the work is interrupted', async () => {
    const model = opened(await openIsolatedModel(endlessAbove100()))
    const signal = AbortSignal.timeout(300)
    expect(code(await model.predict(asking([101], signal)))).toBe('engine/interrupted')
  })

  test('a process that dies is told with what it died of', async () => {
    const child = startChild()
    const model = opened(await openIsolatedModel(network('Sin'), { start: () => child }))
    child.kill()
    expect(await model.predict(asking([1]))).toMatchObject({
      error: { code: 'engine/model-crashed', message: expect.stringContaining('by SIGKILL') },
    })
  })

  test('a file that is none is refused as in this process', async () => {
    for (const bytes of [new Uint8Array(), new TextEncoder().encode('no model at all')])
      expect(await openIsolatedModel(bytes)).toEqual(await openOnnxModel(bytes))
  })
})

describe('hasBoundedWork', () => {
  const isBounded = (bytes: Uint8Array): boolean => hasBoundedWork(opened(readGraph(bytes)))

  test('trees, linear models and small networks', () => {
    expect(isBounded(network('Relu'))).toBe(true)
    const trees = treeClassifier({ trees: [{ leaf: { 0: 0.5, 1: 0.5 } }] }, 2, 'x', ['label', 'y'])
    expect(isBounded(single([trees]))).toBe(true)
  })

  test.each([
    ['a loop', endlessAbove100()],
    ['an operator of another kind', network('Sin')],
    ['a product of two answers', single([{ op: 'MatMul', inputs: ['x', 'x'], outputs: ['y'] }])],
    ['a size that follows from values', single([{ op: 'Expand', inputs: ['x', 'shape'], outputs: ['y'] }])],
    [
      'rows that double in width with each node',
      single([
        ...Array.from({ length: 20 }, (_, i) => ({
          op: 'Concat',
          inputs: [i === 0 ? 'x' : `c${i}`, i === 0 ? 'x' : `c${i}`],
          outputs: [`c${i + 1}`],
          attributes: { axis: 1n },
        })),
        { op: 'ReduceSum', inputs: ['c20'], outputs: ['y'] },
      ]),
    ],
    [
      'every row beside every other',
      single([
        { op: 'Reshape', inputs: ['x', 'shape'], outputs: ['line'] },
        { op: 'Add', inputs: ['x', 'line'], outputs: ['y'] },
      ]),
    ],
  ])('not %s', (_, bytes) => {
    expect(isBounded(bytes)).toBe(false)
  })
})

describe('openBoundModel', () => {
  const bound = async (bytes: Uint8Array) => {
    const path = join(await mkdtemp(join(tmpdir(), 'plumb-isolated-')), 'model.onnx')
    await writeFile(path, bytes)
    const program = { name: 'm', task: 'regression', from: 'rows', input: [], outputs: [] } as const
    const dataset = {
      name: 'rows',
      source: { path: 'rows.csv', format: 'csv' },
      key: [],
      columns: [],
      splits: [],
    } as const
    return opened(await openBoundModel(program, dataset, { path, digest: 'sha256:0' }, undefined, 1500))
  }

  test('a file that hangs is an answer, not a process that hangs', async () => {
    const model = await bound(endlessAbove100())
    expect(code(await model.runtime.predict(asking([500])))).toBe('engine/model-timeout')
    await model.runtime.close()
  })

  test('a file of bounded work stays in this process', async () => {
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap').length
    const model = await bound(network('Relu'))
    expect(process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap')).toHaveLength(before)
    await model.runtime.close()
  })
})
