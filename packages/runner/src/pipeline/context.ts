import type { Host } from '@plumbline/core'
import type { Artifacts } from '@plumbline/store'
import type { StageCache } from './cache.ts'
import type { PipelineEvent } from './events.ts'

/** What one run of a pipeline carries to each of its stages. */
export type RunContext = {
  readonly host: Host
  /** The project directory. */
  readonly root: string
  /** Where this run keeps logs and, while a stage runs, what its outputs replace. */
  readonly directory: string
  readonly artifacts: Artifacts
  readonly cache: StageCache
  /** Whether programs that the spec names may be started. */
  readonly trusted: boolean
  readonly signal: AbortSignal | undefined
  readonly onEvent: (event: PipelineEvent) => void
}

/** Whether the run was asked to stop. */
export function isInterrupted(context: RunContext): boolean {
  return context.signal?.aborted === true
}
