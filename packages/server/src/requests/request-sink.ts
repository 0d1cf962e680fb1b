import type { Cell } from '@plumbline/guard'

/** One row of a request as it is logged: key columns, inputs, outputs, `decision`, and the columns that begin with `_`. */
export type RequestRow = Readonly<Record<string, Cell>>

/** Whether rows were taken; a reason in words where they were not. */
export type SinkResult = { readonly ok: true } | { readonly ok: false; readonly reason: string }

/** Where requests are written down. */
export interface RequestSink {
  /** Resolves when the rows are written: only then is their request answered. Never rejects. */
  append(rows: readonly RequestRow[]): Promise<SinkResult>
  /** Writes what is left; nothing is appended afterwards. */
  close(): Promise<void>
}
