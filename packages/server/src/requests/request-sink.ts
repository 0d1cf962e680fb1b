import type { LoggedRow, LogResult, RequestLogState } from '@plumbline/engine'

/** Where requests are written down: the engine's log of requests, or what stands for it in a test. */
export interface RequestSink {
  /** Adds the rows of a request, all or none; its request is answered only when this resolves. Never rejects. */
  append(rows: readonly LoggedRow[]): Promise<LogResult<void>>
  /** Writes what is left; nothing is appended afterwards. */
  close(): Promise<void>
  /** Figures for the metrics. */
  state?(): RequestLogState
}
