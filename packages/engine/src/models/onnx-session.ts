import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { TensorStorage } from './convert.ts'
import { type Outcome, failure, success, textOf } from './outcome.ts'
import { type Dimension, type ElementType, type ModelSignature, NO_TENSOR, type TensorInfo } from './signature.ts'
import type { CallTensors, TensorResult } from './tensor-calls.ts'
import { withClasses, withoutMaps } from './zip-map.ts'

/** How the runtime is asked to run a file. */
export interface SessionOptions {
  /**
   * Threads inside one operator (default 1). With one thread equal rows give equal bits wherever they stand in a batch,
   * which replay, decisions and proofs rely on; 2 is for bulk metrics.
   */
  readonly threads?: 1 | 2 | undefined
  /** Rewriting of the graph by the runtime; `disabled` (default) runs the arithmetic that the file states and proofs read. */
  readonly optimization?: 'disabled' | 'basic' | 'extended' | 'all' | undefined
}

/** A file that the runtime has loaded into this process. */
export interface OnnxSession {
  readonly signature: ModelSignature
  readonly runtimeVersion: string
  readonly call: CallTensors
  readonly release: () => Promise<void>
}

/**
 * Loads an ONNX file into this process; `loadRuntime` imports onnxruntime.
 * Errors: `engine/onnxruntime-missing`, `engine/not-an-onnx-file`, `engine/model-load-failed`.
 */
export async function openSession(
  bytes: Uint8Array,
  { threads = 1, optimization = 'disabled' }: SessionOptions = {},
  loadRuntime: () => Promise<typeof import('onnxruntime-node')> = () => import('onnxruntime-node'),
): Promise<Outcome<OnnxSession>> {
  if (bytes.byteLength === 0) return failure('engine/not-an-onnx-file', 'This is not an ONNX file: it is empty.')
  let runtime: typeof import('onnxruntime-node')
  try {
    runtime = await loadRuntime()
  } catch (thrown) {
    return failure(
      'engine/onnxruntime-missing',
      `Running an ONNX model needs the package onnxruntime-node, which is not installed here (${textOf(thrown)}). Run: npm install onnxruntime-node`,
    )
  }
  const read = withoutMaps(bytes)
  let session: InferenceSession
  try {
    session = await runtime.InferenceSession.create(read.bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: optimization,
      logSeverityLevel: 4,
    })
  } catch (thrown) {
    const text = textOf(thrown)
    // Both are how the runtime says that the protobuf is none, or holds no graph.
    const alien = /protobuf parsing failed|no graph was found|invalid_protobuf|modelproto does not have a graph/i.test(
      text,
    )
    return alien
      ? failure('engine/not-an-onnx-file', `This is not an ONNX file: ${text}`)
      : failure('engine/model-load-failed', `onnxruntime cannot load the model: ${text}`)
  }
  return success({
    signature: {
      inputs: session.inputMetadata.map(tensorInfo),
      outputs: withClasses(session.outputMetadata.map(tensorInfo), read),
    },
    runtimeVersion: runtime.env.versions.node ?? runtime.env.versions.common,
    call: callSession(runtime, session),
    release: () => session.release(),
  })
}

const RUNTIME_TYPES: ReadonlyMap<string, ElementType> = new Map([
  ['float32', 'float'],
  ['float64', 'double'],
  ['int64', 'int64'],
  ['int32', 'int32'],
  ['bool', 'bool'],
  ['string', 'string'],
])

function tensorInfo(meta: InferenceSession.ValueMetadata): TensorInfo {
  if (!meta.isTensor) return { name: meta.name, type: undefined, typeName: NO_TENSOR, shape: undefined }
  const type = RUNTIME_TYPES.get(meta.type)
  const shape = meta.shape.map((d): Dimension => (typeof d === 'number' && d > 0 ? d : 'unknown'))
  // The runtime gives [] both for a scalar and for a shape that the file does not declare.
  return { name: meta.name, type, typeName: type ?? meta.type, shape: shape.length === 0 ? undefined : shape }
}

function createTensor(
  runtime: typeof import('onnxruntime-node'),
  type: ElementType,
  storage: TensorStorage,
  dims: number[],
): Tensor {
  if (storage instanceof Float32Array) return new runtime.Tensor('float32', storage, dims)
  if (storage instanceof Float64Array) return new runtime.Tensor('float64', storage, dims)
  if (storage instanceof BigInt64Array) return new runtime.Tensor('int64', storage, dims)
  if (storage instanceof Int32Array) return new runtime.Tensor('int32', storage, dims)
  if (storage instanceof Uint8Array) return new runtime.Tensor('bool', storage, dims)
  return new runtime.Tensor('string', storage, dims)
}

function callSession(runtime: typeof import('onnxruntime-node'), session: InferenceSession): CallTensors {
  return async (feeds, tensors) => {
    // fromEntries defines own properties, so that a column named __proto__ stays a column.
    const given = Object.fromEntries(
      feeds.map(({ tensor, type, storage, dims }) => [tensor, createTensor(runtime, type, storage, dims)]),
    )
    let results: InferenceSession.OnnxValueMapType
    try {
      results = await session.run(given, [...tensors])
    } catch (thrown) {
      return failure('engine/model-run-failed', `onnxruntime could not run the model: ${textOf(thrown)}`)
    }
    const read = new Map<string, TensorResult>()
    for (const tensor of tensors) {
      const result = results[tensor]
      if (result === undefined || !('data' in result))
        return failure('engine/model-output-not-a-tensor', `The output "${tensor}" is not a tensor.`)
      const { data } = result
      if (!('length' in data))
        return failure('engine/model-output-not-a-tensor', `The output "${tensor}" is not readable.`)
      read.set(tensor, { data, dims: result.dims })
    }
    return success({ results: read })
  }
}
