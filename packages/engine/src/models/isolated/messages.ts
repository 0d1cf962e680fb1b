import type { SessionOptions } from '../onnx-session.ts'
import type { Outcome } from '../outcome.ts'
import type { ModelSignature } from '../signature.ts'
import type { Feed, TensorResult } from '../tensor-calls.ts'

/** What the child is asked: first to load a file, then to run it on tensors, one after the other. */
export type Question =
  | { readonly kind: 'load'; readonly bytes: Uint8Array; readonly options: SessionOptions }
  | { readonly kind: 'run'; readonly feeds: readonly Feed[]; readonly tensors: readonly string[] }

/** What it answers, in the order of the questions. */
export type Answer =
  | { readonly kind: 'loaded'; readonly loaded: Outcome<Loaded> }
  | { readonly kind: 'answered'; readonly answered: Outcome<ReadonlyMap<string, TensorResult>> }

/** A file that the child has loaded. */
export interface Loaded {
  readonly signature: ModelSignature
  readonly runtimeVersion: string
}
