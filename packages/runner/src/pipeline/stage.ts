import type { Digest, HostError, JsonObject } from '@plumbline/core'
import type { ArtifactFailure, LedgerFailure } from '@plumbline/store'

/** A stage as the spec writes it. Paths are relative to the project and use `/`. */
export type Stage = {
  /** Letters, digits, `-` and `_`; it names the log. */
  readonly name: string
  /** The program and its arguments; a text is split at white space. No shell in either case. */
  readonly run: string | readonly string[]
  readonly needs: readonly string[]
  readonly makes: readonly string[]
  readonly params?: JsonObject
}

/** A file and its digest. */
export type FileDigest = { readonly path: string; readonly digest: Digest }

/** Why a pipeline cannot run, or ended early. `stage` is the stage concerned. */
export type PipelineFailure =
  /** A name that cannot name a file. */
  | { readonly kind: 'bad-name'; readonly stage: string }
  /** Two stages have one name. */
  | { readonly kind: 'duplicate-stage'; readonly stage: string }
  | { readonly kind: 'bad-command'; readonly stage: string; readonly why: string }
  /** Parameters that have no canonical JSON form. */
  | { readonly kind: 'bad-params'; readonly stage: string; readonly why: string }
  | { readonly kind: 'unknown-param'; readonly stage: string; readonly param: string }
  /** A path that is absolute, leaves the project, or is Plumbline's own. */
  | { readonly kind: 'bad-path'; readonly stage: string; readonly path: string; readonly why: string }
  /** Two stages make one file. */
  | { readonly kind: 'two-producers'; readonly path: string; readonly stages: readonly [string, string] }
  /** A needed file does not exist and no stage makes it. */
  | { readonly kind: 'missing-need'; readonly stage: string; readonly path: string }
  /** Each stage needs what the one before it makes, and the first what the last makes. */
  | { readonly kind: 'cycle'; readonly stages: readonly string[] }
  | { readonly kind: 'unknown-stage'; readonly stage: string; readonly known: readonly string[] }
  /** A program would have to run, but the project is not trusted. */
  | { readonly kind: 'untrusted'; readonly stage: string; readonly command: readonly string[] }
  /** The program could not be started. */
  | { readonly kind: 'not-started'; readonly stage: string; readonly error: HostError }
  /** The program ended with a code other than 0, or by a signal. */
  | {
      readonly kind: 'stage-failed'
      readonly stage: string
      readonly exitCode: number | null
      readonly signal: string | null
      readonly log: string
    }
  /** The program ended well but did not make a file it should. */
  | { readonly kind: 'missing-output'; readonly stage: string; readonly path: string; readonly log: string }
  /** A needed file changed while the program ran, so the outputs belong to no known input. */
  | { readonly kind: 'needs-changed'; readonly stage: string; readonly path: string }
  | { readonly kind: 'interrupted'; readonly stage: string }
  | { readonly kind: 'host'; readonly stage: string; readonly error: HostError }
  | { readonly kind: 'artifact'; readonly stage: string; readonly failure: ArtifactFailure }
  | { readonly kind: 'ledger'; readonly failure: LedgerFailure }
  /** Another run of this project is going on. */
  | { readonly kind: 'busy' }
  /** The state directory cannot be used. */
  | { readonly kind: 'state'; readonly error: HostError }

/** A value, or why there is none. */
export type PipelineResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: PipelineFailure }

/** The failing half of a `PipelineResult`. */
export function refuse(failure: PipelineFailure): { readonly ok: false; readonly failure: PipelineFailure } {
  return { ok: false, failure }
}
