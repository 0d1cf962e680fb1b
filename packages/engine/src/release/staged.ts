/** One HTTP request to what is staged. */
export interface StagedCall {
  readonly method: 'GET' | 'POST'
  /** Path on the server, from its root. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** What came back. */
export interface StagedReply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** From the first byte sent to the last one received, in milliseconds. */
  readonly millis: number
}

/** A reply, or why there is none, in one phrase. */
export type StagedOutcome =
  | { readonly ok: true; readonly reply: StagedReply }
  | { readonly ok: false; readonly problem: string }

/**
 * The staged candidate, as the release stage reaches it. The engine does no HTTP itself: whoever knows the server gives
 * this port.
 */
export interface Staged {
  /** The model's name in paths of the protocol. */
  readonly model: string
  /** Full digest of the version that the server says it serves. */
  readonly digest: string
  /** Sends one request; expected failures (refused, reset, timed out) are outcomes. */
  readonly call: (call: StagedCall) => Promise<StagedOutcome>
}

/** A value of an answer that a test makes up. */
export type DoctoredCell = number | string | boolean | null

/** One row of answers that a test makes up: outputs by name. */
export type DoctoredRow = Readonly<Record<string, DoctoredCell>>

/** How the guard ended a request when the answers were made up. */
export interface BenchOutcome {
  readonly kind: 'answered' | 'rejected' | 'unavailable'
  readonly by?: 'model' | 'fallback'
  /** Ids of all clauses among the findings. */
  readonly clauses: readonly string[]
  /** Answered rows: outputs and `decision`. */
  readonly rows?: readonly Readonly<Record<string, unknown>>[]
}

/**
 * The same generated guard as in front of the staged candidate, in process, before answers of our choosing: no request
 * can force a model to break an output clause.
 */
export interface GuardBench {
  /** `model` undefined: the model fails. `fallback` is what the fallback model would answer, where the plan names one. */
  readonly answer: (
    rows: readonly Readonly<Record<string, unknown>>[],
    model: readonly DoctoredRow[] | undefined,
    fallback: readonly DoctoredRow[] | undefined,
  ) => Promise<BenchOutcome>
}
