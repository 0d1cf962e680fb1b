import { expect, test } from 'vitest'
import { type OnnxModel, openOnnxModel } from '../models/onnx-runner.ts'
import { buildOnnx } from './testing/build-onnx.ts'

const CHUNK = 1 << 15
// Neighbouring float32 numbers from here on: where an exp is most likely to slip.
const STARTS = [2 ** -60, 2 ** -30, 2 ** -27, 2 ** -26, 2 ** -20, 0.01, 0.34657359, 0.69314718, 1, 4, 12, 17, 30, 36.7]

async function openSigmoids(): Promise<OnnxModel> {
  const model = await openOnnxModel(
    buildOnnx({
      inputs: [{ name: 'x', type: 'float', shape: [null] }],
      outputs: [
        { name: 'narrow', type: 'float', shape: [null] },
        { name: 'wide', type: 'double', shape: [null] },
      ],
      nodes: [
        { op: 'Sigmoid', inputs: ['x'], outputs: ['narrow'] },
        { op: 'Cast', inputs: ['x'], outputs: ['d'], attributes: { to: 11n } },
        { op: 'Sigmoid', inputs: ['d'], outputs: ['wide'] },
      ],
    }),
  )
  if (!model.ok) throw new Error(model.error.message)
  return model.value
}

/** How often each output falls along `count` neighbouring float32 numbers from a bit pattern on, on one side of 0. */
async function countFalls(model: OnnxModel, from: number, count: number, sign: 1 | -1) {
  const bits = new Int32Array(1)
  const float = new Float32Array(bits.buffer)
  const values = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    bits[0] = from + (sign === 1 ? i : count - 1 - i)
    values[i] = sign * (float[0] ?? 0)
  }
  const data = new Map([['x', { values }]])
  const result = await model.predict({
    columns: ['x'],
    data,
    rows: count,
    outputs: [{ name: 'narrow' }, { name: 'wide' }],
  })
  if (!result.ok) throw new Error(result.error.message)
  const falls = (name: string): number => {
    const y = result.value.outputs.get(name) ?? []
    let found = 0
    for (let i = 1; i < count; i++) if (Number(y[i]) < Number(y[i - 1])) found++
    return found
  }
  return { narrow: falls('narrow'), wide: falls('wide') }
}

function bitsOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0] ?? 0
}

test('float32 Sigmoid does fall in places, double Sigmoid of float32 values does not', async () => {
  const model = await openSigmoids()
  const total = { narrow: 0, wide: 0 }
  for (const start of STARTS) {
    for (const sign of [1, -1] as const) {
      const { narrow, wide } = await countFalls(model, bitsOf(start), CHUNK, sign)
      total.narrow += narrow
      total.wide += wide
    }
  }
  await model.close()
  expect(total.narrow).toBeGreaterThan(0)
  expect(total.wide).toBe(0)
})

test.runIf(process.env['PLUMBLINE_EXHAUSTIVE'] === '1')(
  'double Sigmoid does not fall between any two neighbouring float32 values of magnitude 2^-60 to 128',
  async () => {
    const model = await openSigmoids()
    const size = 1 << 20
    for (const sign of [1, -1] as const) {
      // Chunks overlap by one number, so that no neighbours are missed.
      for (let from = bitsOf(2 ** -60); from < bitsOf(128); from += size - 1) {
        expect((await countFalls(model, from, size, sign)).wide).toBe(0)
      }
    }
    await model.close()
  },
  3_600_000,
)
