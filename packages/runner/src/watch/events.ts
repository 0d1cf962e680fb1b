import type { Evidence, TimeWindow } from '@plumbline/core'
import type { StageFailure } from './stage-port.ts'

/** What a watch does, for people to follow. */
export type WatchEvent =
  /** Evidence was written; `late` = rows that came after the window had been decided. */
  | { readonly kind: 'decided'; readonly evidence: Evidence }
  /** Labels that a window still waits for: k of n have arrived, for all of its versions. */
  | { readonly kind: 'labels'; readonly window: TimeWindow; readonly arrived: number; readonly of: number }
  | { readonly kind: 'late-rows'; readonly window: TimeWindow; readonly rows: number }
  /** Rows whose time is yet to come: they wait for their window. */
  | { readonly kind: 'future-rows'; readonly rows: number }
  /** Segments of the log that somebody took away: their rows are in no window. */
  | { readonly kind: 'absent-segments'; readonly segments: number }
  /** Something could not be read; what needs it stays undecided and is tried again. */
  | { readonly kind: 'problem'; readonly failure: StageFailure }
