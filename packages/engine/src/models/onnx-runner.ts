import { readFile } from 'node:fs/promises'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { TensorStorage } from './convert.ts'
import { type Outcome, failure, success, textOf } from './outcome.ts'
import type { Runner } from './runner.ts'
import { type CallTensors, predictTensors, type TensorResult } from './tensor-calls.ts'
import type { Dimension, ElementType, ModelSignature, TensorInfo } from './signature.ts'

/** How a model is opened. */
export interface OpenOptions {
  /**
   * Threads inside one operator (default 1). With one thread equal rows give equal bits wherever they stand in a batch,
   * which replay, decisions and proofs rely on; 2 is for bulk metrics.
   */
  readonly threads?: 1 | 2 | undefined
  /** Rewriting of the graph by the runtime; `disabled` (default) runs the arithmetic that the file states and proofs read. */
  readonly optimization?: 'disabled' | 'basic' | 'extended' | 'all' | undefined
  /** The import of the runtime; tests replace it. */
  readonly loadRuntime?: (() => Promise<typeof import('onnxruntime-node')>) | undefined
}

/** An opened model; `close` frees its memory. Caching by digest is the caller's. */
export interface OnnxModel extends Runner {
  readonly signature: ModelSignature
  readonly runtimeVersion: string
}

// Vector code of the runtime handles 16 values at most at a time and the rest one by one, with other rounding (its double
// exp differs in the last bit). Calls of a multiple of 16 rows have no rest, so a row's place does not matter.
const LANES = 16

/**
 * Opens an ONNX file in process, from its bytes or its path (onnxruntime, loaded when first needed).
 * Errors: `engine/onnxruntime-missing`, `engine/model-not-found`, `engine/not-an-onnx-file`, `engine/model-load-failed`.
 */
export async function openOnnxModel(
  source: Uint8Array | string,
  options: OpenOptions = {},
): Promise<Outcome<OnnxModel>> {
  const bytes = await readSource(source)
  if (!bytes.ok) return bytes
  let runtime: typeof import('onnxruntime-node')
  try {
    runtime = await (options.loadRuntime ?? (() => import('onnxruntime-node')))()
  } catch (thrown) {
    return failure(
      'engine/onnxruntime-missing',
      `Running an ONNX model needs the package onnxruntime-node, which is not installed here (${textOf(thrown)}). Run: npm install onnxruntime-node`,
    )
  }
  let session: InferenceSession
  try {
    session = await runtime.InferenceSession.create(bytes.value, {
      intraOpNumThreads: options.threads ?? 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: options.optimization ?? 'disabled',
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
  const signature: ModelSignature = {
    inputs: session.inputMetadata.map(tensorInfo),
    outputs: session.outputMetadata.map(tensorInfo),
  }
  const call = callSession(runtime, session)
  return success({
    signature,
    runtimeVersion: runtime.env.versions.node ?? runtime.env.versions.common,
    predict: (request) => predictTensors(signature, request, { call, lanes: LANES }),
    close: () => session.release(),
  })
}

async function readSource(source: Uint8Array | string): Promise<Outcome<Uint8Array>> {
  if (typeof source !== 'string') return checkSize(source)
  try {
    return checkSize(await readFile(source))
  } catch (thrown) {
    return failure('engine/model-not-found', `The model file cannot be read: ${textOf(thrown)}`)
  }
}

function checkSize(bytes: Uint8Array): Outcome<Uint8Array> {
  return bytes.byteLength === 0
    ? failure('engine/not-an-onnx-file', 'This is not an ONNX file: it is empty.')
    : success(bytes)
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
  if (!meta.isTensor) return { name: meta.name, type: undefined, typeName: 'a sequence or map', shape: undefined }
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
