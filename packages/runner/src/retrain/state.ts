/** A version in the history of production; times are microseconds since 1970 UTC. */
export interface Tenure {
  /** Record of the promotion. */
  readonly seq: number
  readonly digest: string
  readonly since: number
  /** It was brought back because of this evidence; absent for a version that was promoted on its own merits. */
  readonly reason?: string
}

/** A violated verdict about production traffic that was not overtaken by a later record about the same window. */
export interface Violation {
  /** Record of the evidence. */
  readonly seq: number
  readonly evidence: string
  readonly clause: string
  /** Versions that answered the rows; empty where the verdict does not depend on one. */
  readonly versions: readonly string[]
  /** The window it speaks of; absent where it speaks of none. */
  readonly window?: { readonly from: number; readonly to: number }
}

/** Somebody asked for a retraining by hand. */
export interface Command {
  readonly seq: number
  readonly cause: string
}

/** Where a retraining stands: the last transition recorded. */
export type Phase = 'suspected' | 'decided' | 'trained' | 'validated' | 'staged' | 'promoted'

/** The retraining that is under way. */
export interface Cycle {
  /** Record of the suspicion. */
  readonly seq: number
  /** What caused it: evidence, a command, a due date, or new data; names the cycle. */
  readonly cause: string
  /** A clause, `new-data`, `schedule` or `command`. */
  readonly subject: string
  readonly phase: Phase
  /** The version in production when it began; empty if there was none. */
  readonly champion: string
  /** Record of the decision to retrain; all causes before it are answered by it. */
  readonly decidedSeq?: number
  /** The requests it learns from, in microseconds; absent before the decision, or where it uses none. */
  readonly span?: { readonly from: number; readonly to: number }
  /** The model it made. */
  readonly candidate?: string
}

/** All that the loop knows. Plain JSON, made from the ledger and from nothing else. */
export interface LoopState {
  /** Versions in the order they entered production; the last is there now. */
  readonly tenures: readonly Tenure[]
  /** By version: record of the last time it was read back from production. */
  readonly deployed: Readonly<Record<string, number>>
  /** By version: record of the last time something else was read back. */
  readonly mismatched: Readonly<Record<string, number>>
  /** By version: record of the last time a rollback to it was said to be done. */
  readonly broughtBack: Readonly<Record<string, number>>
  /** Versions that were taken out because the evidence spoke against them. */
  readonly takenOut: readonly string[]
  /** By clause, slice, window and version. */
  readonly violations: Readonly<Record<string, Violation>>
  /** Commands that came while another retraining was under way, oldest first. */
  readonly commands: readonly Command[]
  readonly cycle?: Cycle
  /** Record up to which everything that asked for a retraining was answered by a decision or a refusal. */
  readonly answeredUpTo: number
  /** When a retraining was decided, oldest first; those that a budget may still count. */
  readonly decisions: readonly number[]
  /** What the stages needed when they ran last, by path. */
  readonly needs: Readonly<Record<string, string>>
  /** The needs that the last decision saw. */
  readonly decidedNeeds?: string
}

/** What is known before the first record. */
export const NOTHING_YET: LoopState = {
  tenures: [],
  deployed: {},
  mismatched: {},
  broughtBack: {},
  takenOut: [],
  violations: {},
  commands: [],
  answeredUpTo: 0,
  decisions: [],
  needs: {},
}

/** The version in production now. */
export function championOf(state: Pick<LoopState, 'tenures'>): Tenure | undefined {
  return state.tenures.at(-1)
}
