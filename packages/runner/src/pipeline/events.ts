import type { FileDigest, PipelineFailure } from './stage.ts'

/** What happens while a pipeline runs, in order; for progress, never for decisions. */
export type PipelineEvent =
  | { readonly kind: 'planned'; readonly run: string; readonly stages: readonly string[] }
  /** The program of a stage is started; `log` is the file that keeps its output. */
  | { readonly kind: 'started'; readonly stage: string; readonly command: readonly string[]; readonly log: string }
  | { readonly kind: 'output'; readonly stage: string; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  /** A stage is done; `cached`: its outputs came from an earlier execution. */
  | {
      readonly kind: 'finished'
      readonly stage: string
      readonly cached: boolean
      readonly durationMs: number
      readonly makes: readonly FileDigest[]
    }
  | { readonly kind: 'failed'; readonly stage: string; readonly durationMs: number; readonly failure: PipelineFailure }
