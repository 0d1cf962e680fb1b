import { readFile } from 'node:fs/promises'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ColumnData } from './column-data.ts'
import { type TensorStorage, createStorage, writeColumn } from './convert.ts'
import { type InputBinding, bindInputs } from './input-binding.ts'
import { type Outcome, failure, success, textOf } from './outcome.ts'
import { type BoundOutput, type OutputRequest, bindOutputs } from './output-binding.ts'
import { type Predictions, type NanReport, type OutputCollector, collectOutput, reportNan } from './predictions.ts'
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

/** What to predict: `columns` lists the inputs in the order of the spec; `data` may hold more columns. */
export interface PredictRequest {
  readonly columns: readonly string[]
  readonly data: ReadonlyMap<string, ColumnData>
  readonly rows: number
  readonly outputs: readonly OutputRequest[]
  /** Rows per call (default 4096). */
  readonly batchSize?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** An opened model; `close` frees its memory. Caching by digest is the caller's. */
export interface OnnxModel {
  readonly signature: ModelSignature
  readonly runtimeVersion: string
  readonly predict: (request: PredictRequest) => Promise<Outcome<Predictions>>
  readonly close: () => Promise<void>
}

// Vector code of the runtime handles 16 values at most at a time and the rest one by one, with other rounding (its double
// exp differs in the last bit). Calls of a multiple of 16 rows have no rest, so a row's place does not matter.
const LANES = 16
const DEFAULT_BATCH = 4096

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
  const feed = (type: ElementType, storage: TensorStorage, dims: number[]): Tensor =>
    createTensor(runtime, type, storage, dims)
  return success({
    signature,
    runtimeVersion: runtime.env.versions.node ?? runtime.env.versions.common,
    predict: (request) => predict(session, signature, feed, request),
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

type Feed = (type: ElementType, storage: TensorStorage, dims: number[]) => Tensor

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

async function predict(
  session: InferenceSession,
  signature: ModelSignature,
  feed: Feed,
  request: PredictRequest,
): Promise<Outcome<Predictions>> {
  const binding = bindInputs(signature, request.columns)
  if (!binding.ok) return binding
  const outputs = bindOutputs(signature, request.outputs)
  if (!outputs.ok) return outputs
  for (const name of request.columns) {
    const length = request.data.get(name)?.values.length
    if (length === undefined)
      return failure('engine/model-column-absent', `The batch has no column "${name}".`, { column: name })
    if (length < request.rows) {
      return failure('engine/model-column-absent', `The column "${name}" has ${length} of ${request.rows} rows.`, {
        column: name,
      })
    }
  }
  const collectors = outputs.value.map((output) => collectOutput(output, request.rows))
  const size = binding.value.batch ?? Math.max(LANES, Math.floor((request.batchSize ?? DEFAULT_BATCH) / LANES) * LANES)
  for (let from = 0; from < request.rows; from += size) {
    if (request.signal?.aborted === true) return interrupted()
    const to = Math.min(request.rows, from + size)
    const call = binding.value.batch ?? Math.ceil((to - from) / LANES) * LANES
    const feeds = makeFeeds(binding.value, request.data, from, to, call, feed)
    if (!feeds.ok) return feeds
    const done = await runCall(session, feeds.value, outputs.value, collectors, to - from, from)
    if (!done.ok) return done
  }
  if (request.signal?.aborted === true) return interrupted()
  const nan: NanReport[] = []
  const values = new Map<string, OutputCollector['values']>()
  for (const [i, output] of outputs.value.entries()) {
    const collected = collectors[i]?.values
    if (collected === undefined) continue
    values.set(output.name, collected)
    const report = reportNan(output.name, collected)
    if (report !== undefined) nan.push(report)
  }
  return success({ rows: request.rows, outputs: values, nan })
}

function interrupted(): Outcome<never> {
  return failure('engine/interrupted', 'The prediction was interrupted.')
}

function makeFeeds(
  binding: InputBinding,
  data: ReadonlyMap<string, ColumnData>,
  from: number,
  to: number,
  call: number,
  feed: Feed,
): Outcome<Record<string, Tensor>> {
  const entries: [string, Tensor][] = []
  const empty: ColumnData = { values: [] }
  if (binding.kind === 'matrix') {
    const stride = binding.columns.length
    const storage = createStorage(binding.type, call * stride)
    for (const [offset, name] of binding.columns.entries()) {
      const written = writeColumn(storage, binding.type, name, data.get(name) ?? empty, { from, to, offset, stride })
      if (!written.ok) return written
    }
    repeatLastRow(storage, to - from, call, stride)
    entries.push([binding.tensor, feed(binding.type, storage, [call, stride])])
  } else {
    for (const input of binding.inputs) {
      const storage = createStorage(input.type, call)
      const column = data.get(input.column) ?? empty
      const written = writeColumn(storage, input.type, input.column, column, { from, to, offset: 0, stride: 1 })
      if (!written.ok) return written
      repeatLastRow(storage, to - from, call, 1)
      entries.push([input.tensor, feed(input.type, storage, input.flat ? [call] : [call, 1])])
    }
  }
  // fromEntries defines own properties, so that a column named __proto__ stays a column.
  return success(Object.fromEntries(entries))
}

function repeatLastRow(storage: TensorStorage, rows: number, call: number, stride: number): void {
  for (let row = rows; row < call; row++) {
    for (let i = 0; i < stride; i++) {
      const value = storage[(rows - 1) * stride + i]
      if (value !== undefined) storage[row * stride + i] = value
    }
  }
}

async function runCall(
  session: InferenceSession,
  feeds: Record<string, Tensor>,
  outputs: readonly BoundOutput[],
  collectors: readonly OutputCollector[],
  rows: number,
  from: number,
): Promise<Outcome<true>> {
  let results: InferenceSession.OnnxValueMapType
  try {
    results = await session.run(feeds, [...new Set(outputs.map((output) => output.tensor))])
  } catch (thrown) {
    return failure('engine/model-run-failed', `onnxruntime could not run the model: ${textOf(thrown)}`)
  }
  for (const [i, output] of outputs.entries()) {
    const result = results[output.tensor]
    if (result === undefined || !('data' in result)) {
      return failure('engine/model-output-not-a-tensor', `The output "${output.tensor}" is not a tensor.`)
    }
    const data = result.data
    if (!('length' in data))
      return failure('engine/model-output-not-a-tensor', `The output "${output.tensor}" is not readable.`)
    const taken = collectors[i]?.take(data, result.dims, rows, from)
    if (taken !== undefined && !taken.ok) return taken
  }
  return success(true)
}
