import type { RunnerReport } from '@plumbline/core'
import type { ColumnData } from './column-data.ts'
import type { Outcome } from './outcome.ts'
import type { OutputRequest } from './output-binding.ts'
import type { Predictions } from './predictions.ts'

/** What to predict: `columns` lists the inputs in the order of the spec; `data` may hold more columns. */
export interface PredictRequest {
  readonly columns: readonly string[]
  readonly data: ReadonlyMap<string, ColumnData>
  readonly rows: number
  readonly outputs: readonly OutputRequest[]
  /** Rows per call (default 4096). */
  readonly batchSize?: number | undefined
  /** The dimensions that the columns of one row are together, where they are one image: its tensor may then have them. */
  readonly trailing?: readonly number[] | undefined
  readonly signal?: AbortSignal | undefined
  /** No answer that was kept may stand for a new one. */
  readonly fresh?: boolean | undefined
}

/**
 * A model as a function on relations: columns of rows in, columns of answers out, however it is run. An answer that does
 * not fit its declaration (shape, type, a missing output) is a failure, never a guess. Nothing is thrown.
 */
export interface Runner {
  readonly predict: (request: PredictRequest) => Promise<Outcome<Predictions>>
  /** Frees what runs it; closing twice is harmless. */
  readonly close: () => Promise<void>
  /** What it says it is; absent where its digest is that of the bytes that ran. */
  readonly says?: (() => Readonly<Record<string, string>>) | undefined
  readonly kind?: RunnerReport['kind'] | undefined
  /** Rows to ask a second time, at most, where each costs something. */
  readonly repeats?: number | undefined
}
