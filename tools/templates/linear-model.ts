import { buildOnnx, type NodeSpec, tensor } from '../../packages/engine/src/proofs/testing/build-onnx.ts'

/** A column that a model reads, each as a tensor [N, 1] of its own. */
export interface ModelInput {
  readonly name: string
  readonly type: 'float' | 'int64' | 'bool'
}

/** Weighted sums of the inputs: one row of weights for each input, as many in each as there are sums. */
export interface Sums {
  readonly inputs: readonly ModelInput[]
  readonly weights: readonly (readonly number[])[]
  readonly intercepts: readonly number[]
}

/**
 * Nodes that compute the sums in double, since their order differs between batch sizes, and round them to float32:
 * `sums` is [N, k]. Equal rows then get equal bits, wherever in a batch they stand.
 */
export function sumNodes({ inputs, weights, intercepts }: Sums): {
  readonly nodes: readonly NodeSpec[]
  readonly initializers: readonly ReturnType<typeof tensor>[]
} {
  const k = intercepts.length
  return {
    initializers: [
      tensor('weights', 'double', [inputs.length, k], weights.flat()),
      tensor('intercepts', 'double', [k], intercepts),
    ],
    nodes: [
      ...inputs.map(({ name }) => ({
        op: 'Cast',
        inputs: [name],
        outputs: [`${name}:double`],
        attributes: { to: 11n },
      })),
      {
        op: 'Concat',
        inputs: inputs.map(({ name }) => `${name}:double`),
        outputs: ['features'],
        attributes: { axis: 1n },
      },
      { op: 'MatMul', inputs: ['features', 'weights'], outputs: ['weighted'] },
      { op: 'Add', inputs: ['weighted', 'intercepts'], outputs: ['sums:double'] },
      { op: 'Cast', inputs: ['sums:double'], outputs: ['sums'], attributes: { to: 1n } },
    ],
  }
}

/** A linear model whose sums are its outputs, each a column of the tensor `sums`. */
export function linearModel(sums: Sums): Uint8Array {
  const { nodes, initializers } = sumNodes(sums)
  return buildOnnx({
    inputs: sums.inputs.map((input) => ({ ...input, shape: [null, 1] })),
    outputs: [{ name: 'sums', type: 'float', shape: [null, sums.intercepts.length] }],
    nodes,
    initializers,
  })
}

/** A multinomial logistic model: `answer` the code of the class with the greatest sum, `probabilities` [N, k]. */
export function softmaxModel(sums: Sums): Uint8Array {
  const { nodes, initializers } = sumNodes(sums)
  return buildOnnx({
    inputs: sums.inputs.map((input) => ({ ...input, shape: [null, 1] })),
    outputs: [
      { name: 'answer', type: 'int64', shape: [null, 1] },
      { name: 'probabilities', type: 'float', shape: [null, sums.intercepts.length] },
    ],
    nodes: [
      ...nodes,
      { op: 'ArgMax', inputs: ['sums'], outputs: ['answer'], attributes: { axis: 1n, keepdims: 1n } },
      { op: 'Softmax', inputs: ['sums'], outputs: ['probabilities'], attributes: { axis: 1n } },
    ],
    initializers,
  })
}
