import type { Digest } from '@plumbline/core'
import type { Row } from '@plumbline/guard'
import type { Deadline } from './deadline.ts'

/** What a version is told of a request beside its rows. */
export interface RequestAbout {
  /** Under which it is logged. */
  readonly id: string
  /** W3C trace context of the caller. */
  readonly traceparent?: string | undefined
}

/** What a version answers: a record of outputs for each row, by the names of the spec. */
export interface ModelAnswer {
  readonly rows: readonly unknown[]
  /** The version that answered, where another server says so itself; else that of the {@link ModelVersion}. */
  readonly version?: string
}

/** An opened version of a model. */
export interface ModelVersion {
  /** Of the bytes it was opened from; absent where they are not here (a model behind another server). */
  readonly digest?: Digest
  /** What the protocol calls `model_version`. */
  readonly version: string
  /** Rejects with a {@link ModelFailure} where it can say what went wrong. */
  answer(rows: readonly Row[], deadline: Deadline | undefined, about: RequestAbout): Promise<ModelAnswer> | ModelAnswer
  /** Whether it would answer now; absent where it always does. */
  ready?(): Promise<boolean>
  /** The very bytes the session was made from, for who reads back what is loaded. */
  readonly artifact?: Uint8Array
  /** Frees it; called once, after its last answer. */
  close(): Promise<void>
}

/** The `model_version` of a digest: its first 12 hexadecimal digits. */
export function versionOfDigest(digest: Digest): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12)
}
