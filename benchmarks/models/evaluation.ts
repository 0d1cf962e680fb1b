// Run by bench.ts: CPU of one evaluation of all rows, ours and onnxruntime's own, in turns.
import * as ort from 'onnxruntime-node'
import { stats } from '@plumbline/core'
import { buildOnnx, tensor } from '../../packages/engine/src/proofs/testing/build-onnx.ts'
import { openIsolatedModel } from '../../packages/engine/src/models/isolated/open-isolated-model.ts'
import { openOnnxModel } from '../../packages/engine/src/models/onnx-runner.ts'
import { COLUMNS, forest } from './make-rows.ts'

const [, , asked = 'trees', rowsText = '100000', roundsText = '3'] = process.argv
const [rows, rounds] = [Number(rowsText), Number(roundsText)]
const BATCH = 4096
const random = stats.createRandom('benchmark', 'evaluation')

function network(op: string): Uint8Array {
  const weights = (n: number): number[] => Array.from({ length: n }, () => random.normal() / 10)
  return buildOnnx({
    inputs: [{ name: 'x', type: 'float', shape: [null, COLUMNS] }],
    outputs: [{ name: 'y', type: 'float', shape: [null, 1] }],
    initializers: [
      tensor('a', 'float', [COLUMNS, 256], weights(COLUMNS * 256)),
      tensor('b', 'float', [256, 256], weights(256 * 256)),
      tensor('c', 'float', [256, 1], weights(256)),
    ],
    nodes: [
      { op: 'MatMul', inputs: ['x', 'a'], outputs: ['h1'] },
      { op, inputs: ['h1'], outputs: ['s1'] },
      { op: 'MatMul', inputs: ['s1', 'b'], outputs: ['h2'] },
      { op, inputs: ['h2'], outputs: ['s2'] },
      { op: 'MatMul', inputs: ['s2', 'c'], outputs: ['y'] },
    ],
  })
}

// A sine is not among the operators that are known to end, so such a network runs in a process of its own.
const bytes = asked === 'trees' ? forest() : network(asked === 'isolated' ? 'Sin' : 'Relu')
const columns = Array.from({ length: COLUMNS }, (_, i) => `c${i}`)
const data = new Map(
  columns.map((name) => [name, { values: Float64Array.from({ length: rows }, () => random.normal()) }]),
)
const opened = await (asked === 'isolated' ? openIsolatedModel(bytes) : openOnnxModel(bytes))
if (!opened.ok) throw new Error(opened.error.message)
const model = opened.value
const session = await ort.InferenceSession.create(bytes, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'disabled',
})
const values = columns.map((name) => data.get(name)?.values as Float64Array)
const tensors: ort.Tensor[] = []
for (let from = 0; from < rows; from += BATCH) {
  const n = Math.min(BATCH, rows - from)
  const cells = new Float32Array(n * COLUMNS)
  for (let row = 0; row < n; row++)
    for (let i = 0; i < COLUMNS; i++) cells[row * COLUMNS + i] = (values[i] as Float64Array)[from + row] as number
  tensors.push(new ort.Tensor('float32', cells, [n, COLUMNS]))
}

/** Of processes apart CPU is not seen from here, so those are timed by the clock. */
const now = (): number => {
  if (asked === 'isolated') return performance.now()
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const [ours, peer]: [number[], number[]] = [[], []]
let differing = 0
for (let round = -1; round < rounds; round++) {
  let began = now()
  const found = await model.predict({ columns, data, rows, outputs: [{ name: 'y' }] })
  const own = now() - began
  if (!found.ok) throw new Error(found.error.message)
  began = now()
  const answers: Float32Array[] = []
  for (const x of tensors) answers.push((await session.run({ x }, ['y']))['y']?.data as Float32Array)
  const other = now() - began
  const answered = found.value.outputs.get('y') as Float64Array
  let at = 0
  for (const answer of answers)
    for (const value of answer)
      if (Math.abs((answered[at++] as number) - value) > 1e-6 * Math.max(1, Math.abs(value))) differing++
  // The first round warms both.
  if (round < 0) continue
  ours.push(own)
  peer.push(other)
}
if (differing > 0) throw new Error(`${differing} answers are not those of onnxruntime`)
await model.close()
process.stdout.write(JSON.stringify({ ours, peer }))
