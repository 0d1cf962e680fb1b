import { readFile } from 'node:fs/promises'
import { type Outcome, failure, success, textOf } from './outcome.ts'
import { openSession, type SessionOptions } from './onnx-session.ts'
import type { Runner } from './runner.ts'
import type { ModelSignature } from './signature.ts'
import { predictTensors } from './tensor-calls.ts'

/** How a model is opened. */
export interface OpenOptions extends SessionOptions {
  /** The import of the runtime; tests replace it. */
  readonly loadRuntime?: (() => Promise<typeof import('onnxruntime-node')>) | undefined
}

/** An opened model; `close` frees its memory. Caching by digest is the caller's. */
export interface OnnxModel extends Runner {
  readonly signature: ModelSignature
  readonly runtimeVersion: string
}

/**
 * Vector code of the runtime handles 16 values at most at a time and the rest one by one, with other rounding (its double
 * exp differs in the last bit). Calls of a multiple of 16 rows have no rest, so a row's place does not matter.
 */
export const LANES = 16

/**
 * Opens an ONNX file in process, from its bytes or its path (onnxruntime, loaded when first needed). A file whose work has
 * no bound holds this process up for as long as it runs: `isolated/` is for those.
 * Errors: `engine/onnxruntime-missing`, `engine/model-not-found`, `engine/not-an-onnx-file`, `engine/model-load-failed`.
 */
export async function openOnnxModel(
  source: Uint8Array | string,
  { loadRuntime, ...options }: OpenOptions = {},
): Promise<Outcome<OnnxModel>> {
  const bytes = await readSource(source)
  if (!bytes.ok) return bytes
  const session = await openSession(bytes.value, options, loadRuntime)
  if (!session.ok) return session
  const { signature, runtimeVersion, call, release } = session.value
  return success({
    signature,
    runtimeVersion,
    predict: (request) => predictTensors(signature, request, { call, lanes: LANES }),
    close: release,
  })
}

async function readSource(source: Uint8Array | string): Promise<Outcome<Uint8Array>> {
  if (typeof source !== 'string') return success(source)
  try {
    return success(await readFile(source))
  } catch (thrown) {
    return failure('engine/model-not-found', `The model file cannot be read: ${textOf(thrown)}`)
  }
}
