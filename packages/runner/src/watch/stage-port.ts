import type { ErrorReason, Instance, Statement, TimeWindow } from '@plumbline/core'

/** Why something of the log could not be read. */
export interface StageFailure {
  readonly reason: ErrorReason
  /** What, why, what to do. */
  readonly cause: string
}

/** A value, or why it cannot be read. */
export type StageResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: StageFailure }

/** A window, and when it is looked at, in microseconds since 1970 UTC: labels that arrived later are not seen. */
export interface WindowAsked {
  readonly window: TimeWindow
  readonly now: number
}

/** What came into the log since it was last looked at. `Seen` is plain JSON that only the stage reads. */
export interface StageArrivals<Seen> {
  readonly seen: Seen
  /** Spans of time that got rows, by their beginning, and how many. */
  readonly touched: ReadonlyMap<number, number>
  readonly earliest?: number
  readonly latest?: number
  readonly truncated: boolean
  readonly absent: number
}

/** The part of the engine that reads the log of requests: what a watch asks of it. */
export interface WindowStage<Seen> {
  arrivals(seen: Seen): Promise<StageResult<StageArrivals<Seen>>>
  decide(
    request: WindowAsked & { readonly instances: readonly Instance[] },
  ): Promise<StageResult<{ readonly statements: readonly Statement[]; readonly problems: readonly StageFailure[] }>>
  snapshot(
    request: WindowAsked,
  ): Promise<
    StageResult<readonly { readonly version: string | null; readonly digests: Statement['digests']['data'] }[]>
  >
  labels(request: WindowAsked & { readonly width: number }): Promise<StageResult<StageLabels>>
  /** Changes whenever the file of labels may have. */
  labelsStamp(): Promise<string>
}

/** The labels of windows at one instant; `later` = the file names some that have yet to arrive. */
export interface StageLabels {
  readonly counts: readonly {
    readonly window: TimeWindow
    readonly version: string | null
    readonly served: number
    readonly labelled: number
    /** Changes with the labels. */
    readonly mark: string
  }[]
  readonly later: boolean
}
