import type { FaultBudget, Program, Versions } from '@plumbline/core'
import type { SessionOptions } from '../duckdb/session.ts'
import type { ModelFile } from '../model-stage/model-shelf.ts'
import type { RunnerPorts } from '../models/open-runner.ts'

/** What a run plants its faults in. */
export interface MutationRequest {
  readonly program: Program
  readonly root: string
  readonly toolVersion: string
  readonly versions: Versions
  readonly files: ReadonlyMap<string, ModelFile>
  /** For models that a program or server runs. */
  readonly runners?: RunnerPorts
  readonly budget: FaultBudget
  /** Faults of the spec, too. */
  readonly spec: boolean
  /** The program with one clause more, written in YAML as under `clauses:`; undefined where that does not compile. */
  readonly withClause?: ((yaml: string) => Program | undefined) | undefined
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: MutationEvent) => void) | undefined
  readonly session?: Omit<SessionOptions, 'signal'>
}

/** Progress, for people to watch. */
export type MutationEvent =
  | { readonly kind: 'planned'; readonly faults: number; readonly controls: number }
  | { readonly kind: 'asked'; readonly done: number; readonly of: number; readonly what: string }
