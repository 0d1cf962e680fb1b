import type { CountedForeign } from './foreign.ts'
import type { Evidence, Interval, Measured, Verdict } from '../evidence/evidence.ts'

/** Why a gate is closed; a closed list. */
export type GateReasonCode =
  | 'violated'
  | 'inconclusive'
  | 'error'
  | 'skipped'
  | 'no-evidence'
  | 'stale-evidence'
  | 'contradictory-evidence'
  | 'exploratory-evidence'
  | 'unpinned-data'
  /** A server answered that does not say which version of the model it runs. */
  | 'unpinned-model'
  | 'no-blocking-clause'
  | 'no-candidate'
  | 'unenforced'
  | 'weakened'

/** One reason, with what would change it. */
export interface GateReason {
  readonly code: GateReasonCode
  /** One sentence. */
  readonly message: string
  readonly clause?: string
  readonly relation?: string
  readonly slice?: string
  readonly verdict?: Verdict
  /** The bound as written. */
  readonly bound?: string
  readonly measured?: Measured
  readonly interval?: Interval
  /** What would change the answer. */
  readonly change: string
  readonly evidence?: string
}

/** A weakening that a person took upon themselves. */
export interface Waived {
  /** Id of the clause, or name of the setting. */
  readonly clause: string
  readonly waiver: string
  readonly person: string
  readonly reason: string
  /** The last day it counts, in UTC. */
  readonly expires: string
  /** What makes it count: it was committed by the person, or bears the signature of their key. */
  readonly by: 'commit' | 'signature'
}

/** The decision of a gate; `open` exactly when there is no reason. */
export interface GateDecision {
  readonly open: boolean
  readonly reasons: readonly GateReason[]
  /** Evidence of the blocking instances that count, by id. */
  readonly supporting: readonly string[]
  /** Non-blocking instances that are not satisfied: shown, never decisive. */
  readonly notes: readonly Evidence[]
  /** What is weaker than in production and was allowed to be. */
  readonly waived?: readonly Waived[]
  /** Blocking questions answered by results of other tools, since their clauses accept them. */
  readonly foreign?: readonly CountedForeign[]
  /** Models of which the evidence knows a name that their servers give, and no digest: weaker, and said so. */
  readonly named?: readonly NamedVersion[]
}

/** A version that is known by name only. */
export interface NamedVersion {
  readonly model: string
  readonly version: string
}
