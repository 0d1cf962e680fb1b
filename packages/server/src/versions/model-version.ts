import type { Digest } from '@plumbline/core'
import type { Answerer } from '@plumbline/guard'

/** An opened version of a model. */
export interface ModelVersion {
  /** Of the bytes it was opened from; absent where they are not here (a model behind another server). */
  readonly digest?: Digest
  /** What the protocol calls `model_version`. */
  readonly version: string
  readonly answer: Answerer
  /** The very bytes the session was made from, for who reads back what is loaded. */
  readonly artifact?: Uint8Array
  /** Frees it; called once, after its last answer. */
  close(): Promise<void>
}

/** The `model_version` of a digest: its first 12 hexadecimal digits. */
export function versionOfDigest(digest: Digest): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12)
}
