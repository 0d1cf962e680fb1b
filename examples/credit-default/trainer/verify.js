import ort from 'onnxruntime-node'

/**
 * The risks an ONNX file gives, by onnxruntime.
 * @param {Uint8Array} bytes
 * @param {readonly import('./table.js').Input[]} inputs
 * @param {import('./table.js').Table} table
 * @returns {Promise<Float64Array>}
 */
export async function run(bytes, inputs, table) {
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1 })
  try {
    const feeds = Object.fromEntries(inputs.map(({ name, integer }) => [name, tensor(table.features[name], integer)]))
    const { risk } = await session.run(feeds)
    return Float64Array.from(risk.data)
  } finally {
    await session.release()
  }
}

/**
 * The largest difference between two series.
 * @param {Float64Array} one
 * @param {Float64Array} other of the same length
 * @returns {number} NaN if any value is NaN
 */
export const largestDifference = (one, other) =>
  one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0)

function tensor(values, integer) {
  const shape = [values.length, 1]
  return integer
    ? new ort.Tensor(
        'int64',
        BigInt64Array.from(values, (value) => BigInt(value)),
        shape,
      )
    : new ort.Tensor('float32', values, shape)
}
