import type { Guard } from '@plumbline/guard'
import type { ServingMetrics } from '../metrics/serving-metrics.ts'
import type { RequestSink } from '../requests/request-sink.ts'
import type { Loader } from '../versions/loader.ts'
import type { ModelSlot } from '../versions/model-slot.ts'
import type { ModelVersion } from '../versions/model-version.ts'

/** A guarded model as the routes see it. */
export interface Service {
  /** Name of the model in paths. */
  readonly name: string
  /** Random name of this run of the server, so that what was written about another is noticed. */
  readonly instance: string
  /** Version of the server. */
  readonly software: string
  readonly guard: Guard
  readonly slot: ModelSlot
  /** The model that the plan names as its fallback. */
  readonly fallback?: ModelVersion
  readonly loader: Loader
  /** What steering needs; without it nobody may. */
  readonly token?: string
  /** Where requests are written down; without it they are not. */
  readonly sink?: RequestSink
  readonly metrics: ServingMetrics
  /** Time a request has for model, fallback and log together, in milliseconds. */
  readonly timeoutMs: number
  /** Rows of one request at most. */
  readonly mostRows: number
  /** Whether it is ready for requests. */
  readonly ready: () => boolean
  /** Microseconds since 1970: the column `_at`. */
  readonly now: () => number
  /** A clock in milliseconds that never goes back. */
  readonly monotonic: () => number
  /** Something that whoever runs the server should know; not for callers. */
  readonly onTrouble?: (message: string) => void
}
