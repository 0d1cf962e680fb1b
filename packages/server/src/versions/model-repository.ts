import type { Digest } from '@plumbline/core'
import type { ModelVersion } from './model-version.ts'

/** Why a version was not opened. `unknown`: there is no such artifact; `unfit`: it cannot stand behind this guard. */
export interface RepositoryRefusal {
  readonly kind: 'unknown' | 'unfit' | 'failed' | 'unsupported'
  /** In words, for whoever asked; no paths. */
  readonly message: string
}

/** A version, or why there is none. */
export type RepositoryResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: RepositoryRefusal }

/** Where the versions of the served model come from. */
export interface ModelRepository {
  /** The version that the repository itself names now, for a load that names none; undefined where it knows no digests. */
  latest(): Promise<RepositoryResult<Digest | undefined>>
  /**
   * Opens the version of a digest (undefined: its latest), the digest of the very bytes checked where they are here, and
   * has it answer once: a version that comes out of here is warm and fits the plan.
   */
  open(digest: Digest | undefined): Promise<RepositoryResult<ModelVersion>>
}
