import { buildOnnx, graphOf, tensor } from '../../../proofs/testing/build-onnx.ts'

/** y = x, after a `Loop` that does not end where a value of the batch is above 100. */
export function endlessAbove100(): Uint8Array {
  const scalar = { type: 'bool', shape: [] } as const
  const column = { type: 'float', shape: [null, 1] } as const
  const body = graphOf({
    inputs: [
      { name: 'i', type: 'int64', shape: [] },
      { name: 'going', ...scalar },
      { name: 'v', ...column },
    ],
    outputs: [
      { name: 'goes_on', ...scalar },
      { name: 'w', ...column },
    ],
    nodes: [
      { op: 'Identity', inputs: ['going'], outputs: ['goes_on'] },
      { op: 'Identity', inputs: ['v'], outputs: ['w'] },
    ],
  })
  return buildOnnx({
    inputs: [{ name: 'x', ...column }],
    outputs: [{ name: 'y', ...column }],
    initializers: [tensor('bound', 'float', [], [100])],
    nodes: [
      { op: 'ReduceMax', inputs: ['x'], outputs: ['most'], attributes: { keepdims: 0n } },
      { op: 'Greater', inputs: ['most', 'bound'], outputs: ['above'] },
      { op: 'Loop', inputs: ['', 'above', 'x'], outputs: ['y'], attributes: { body } },
    ],
  })
}
