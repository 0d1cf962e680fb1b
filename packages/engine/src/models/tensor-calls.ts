import type { ColumnData } from './column-data.ts'
import { createStorage, type TensorStorage, writeColumn } from './convert.ts'
import { bindInputs, type InputBinding } from './input-binding.ts'
import { failure, interrupted, isAborted, type Outcome, success } from './outcome.ts'
import { bindOutputs } from './output-binding.ts'
import { collectOutput, type NanReport, type OutputCollector, type Predictions, reportNan } from './predictions.ts'
import type { PredictRequest } from './runner.ts'
import type { ElementType, ModelSignature } from './signature.ts'

/** One input tensor of a call. */
export interface Feed {
  readonly tensor: string
  readonly type: ElementType
  readonly storage: TensorStorage
  readonly dims: number[]
}

/** One output tensor of a call. */
export interface TensorResult {
  readonly data: ArrayLike<unknown>
  readonly dims: readonly number[]
}

/** Runs a model once, on tensors. `bytes`: size of the answer where it came over a wire. */
export type CallTensors = (
  feeds: readonly Feed[],
  tensors: readonly string[],
  signal: AbortSignal | undefined,
) => Promise<Outcome<{ readonly results: ReadonlyMap<string, TensorResult>; readonly bytes?: number }>>

/** How tensors are asked. */
export interface TensorCalls {
  readonly call: CallTensors
  /** Calls are filled up to a multiple of so many rows (default 1). */
  readonly lanes?: number | undefined
  /** Rows per call (default 4096). */
  readonly batch?: number | undefined
  /** A clock in milliseconds; with it the time and size of each call are kept. */
  readonly now?: (() => number) | undefined
}

const DEFAULT_BATCH = 4096

/** Asks a model of tensors for rows: columns are bound to its inputs by their names, batches called one after the other. */
export async function predictTensors(
  signature: ModelSignature,
  request: PredictRequest,
  { call, lanes = 1, batch = DEFAULT_BATCH, now }: TensorCalls,
): Promise<Outcome<Predictions>> {
  const binding = bindInputs(signature, request.columns, request.trailing)
  if (!binding.ok) return binding
  const outputs = bindOutputs(signature, request.outputs)
  if (!outputs.ok) return outputs
  const short = shortColumn(request)
  if (short !== undefined) return short
  const collectors = outputs.value.map((output) => collectOutput(output, request.rows))
  const latencyMs = new Float64Array(now === undefined ? 0 : request.rows)
  const bytes = new Float64Array(now === undefined ? 0 : request.rows)
  const size = binding.value.batch ?? Math.max(lanes, Math.floor((request.batchSize ?? batch) / lanes) * lanes)
  const tensors = [...new Set(outputs.value.map((output) => output.tensor))]
  const make = feeding(binding.value, request.data)
  for (let from = 0; from < request.rows; from += size) {
    if (isAborted(request.signal)) return interrupted()
    const to = Math.min(request.rows, from + size)
    const called = binding.value.batch ?? Math.ceil((to - from) / lanes) * lanes
    const feeds = make(from, to, called)
    if (!feeds.ok) return feeds
    const began = now?.() ?? 0
    const done = await call(feeds.value, tensors, request.signal)
    if (!done.ok) return isAborted(request.signal) ? interrupted() : done
    if (now !== undefined) {
      latencyMs.fill(now() - began, from, to)
      bytes.fill((done.value.bytes ?? 0) / (to - from), from, to)
    }
    for (const [i, output] of outputs.value.entries()) {
      const result = done.value.results.get(output.tensor)
      if (result === undefined)
        return failure('engine/model-output-not-a-tensor', `The output "${output.tensor}" was not answered.`)
      const taken = collectors[i]?.take(result.data, result.dims, to - from, from, called)
      if (taken !== undefined && !taken.ok) return taken
    }
  }
  if (isAborted(request.signal)) return interrupted()
  const nan: NanReport[] = []
  const values = new Map<string, OutputCollector['values']>()
  for (const [i, output] of outputs.value.entries()) {
    const collected = collectors[i]?.values
    if (collected === undefined) continue
    values.set(output.name, collected)
    const report = reportNan(output.name, collected)
    if (report !== undefined) nan.push(report)
  }
  const calls = now === undefined ? {} : { calls: { latencyMs, bytes, errors: new Map<number, string>() } }
  return success({ rows: request.rows, outputs: values, nan, ...calls })
}

function shortColumn({ columns, data, rows }: PredictRequest): Outcome<never> | undefined {
  for (const name of columns) {
    const length = data.get(name)?.values.length
    if (length === undefined)
      return failure('engine/model-column-absent', `The batch has no column "${name}".`, { column: name })
    if (length < rows)
      return failure('engine/model-column-absent', `The column "${name}" has ${length} of ${rows} rows.`, {
        column: name,
      })
  }
  return undefined
}

/** Rows of a matrix that are written together: of so many the cells of all columns fit the fastest cache. */
const BLOCK = 256

/**
 * Makes the input tensors of the rows `from` to `to` (excluded), of a call on `call` rows. A storage is written anew for the next call:
 * calls are made one after the other, and who answers keeps none of it.
 */
function feeding(
  binding: InputBinding,
  data: ReadonlyMap<string, ColumnData>,
): (from: number, to: number, call: number) => Outcome<readonly Feed[]> {
  const empty: ColumnData = { values: [] }
  const kept = new Map<string, TensorStorage>()
  const storageOf = (tensor: string, type: ElementType, length: number): TensorStorage => {
    const known = kept.get(tensor)
    if (known?.length === length) return known
    const storage = createStorage(type, length)
    kept.set(tensor, storage)
    return storage
  }
  return (from, to, call) => {
    const feeds: Feed[] = []
    if (binding.kind === 'matrix') {
      const stride = binding.columns.length
      const storage = storageOf(binding.tensor, binding.type, call * stride)
      const columns = binding.columns.map((name) => ({ name, column: data.get(name) ?? empty }))
      // Lists of missing cells are read once a call, so their columns are written in one go.
      const block = columns.some(({ column }) => (column.missing?.length ?? 0) > 0) ? to - from : BLOCK
      for (let start = from; start < to; start += block)
        for (const [place, { name, column }] of columns.entries()) {
          const offset = (start - from) * stride + place
          const rows = { from: start, to: Math.min(to, start + block), offset, stride }
          const written = writeColumn(storage, binding.type, name, column, rows)
          if (!written.ok) return written
        }
      repeatLastRow(storage, to - from, call, stride)
      feeds.push({ tensor: binding.tensor, type: binding.type, storage, dims: [call, ...(binding.dims ?? [stride])] })
      return success(feeds)
    }
    for (const input of binding.inputs) {
      const storage = storageOf(input.tensor, input.type, call)
      const column = data.get(input.column) ?? empty
      const written = writeColumn(storage, input.type, input.column, column, { from, to, offset: 0, stride: 1 })
      if (!written.ok) return written
      repeatLastRow(storage, to - from, call, 1)
      feeds.push({ tensor: input.tensor, type: input.type, storage, dims: input.flat ? [call] : [call, 1] })
    }
    return success(feeds)
  }
}

function repeatLastRow(storage: TensorStorage, rows: number, call: number, stride: number): void {
  for (let row = rows; row < call; row++) {
    for (let i = 0; i < stride; i++) {
      const value = storage[(rows - 1) * stride + i]
      if (value !== undefined) storage[row * stride + i] = value
    }
  }
}
