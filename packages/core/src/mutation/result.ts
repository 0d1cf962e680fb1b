import type { ClauseSeverity } from '../clause/clause.ts'
import type { Control, Fault } from './fault.ts'
import type { Proposal } from './propose.ts'

/** A clause whose answer changed, on one relation and slice. */
export interface Reaction {
  readonly clause: string
  readonly severity: ClauseSeverity
  readonly relation: string
  readonly slice: string
}

/**
 * What became of a planted fault. `killed`: a clause that was satisfied is violated. `undecided`: none is, but one that was
 * satisfied is so no more (too wide an interval, a column that cannot be read): a gate would close without saying what is
 * wrong, which is no kill. `survived`: every answer stayed. `unchanged`: the fault changed no cell and no answer of the model,
 * so there was nothing to notice. `failed`: it could not be planted.
 */
export type FaultOutcome = 'killed' | 'undecided' | 'survived' | 'unchanged' | 'failed'

/** One fault and what noticed it. */
export interface FaultResult {
  readonly fault: Fault
  readonly outcome: FaultOutcome
  /** Rows (of a model: answers) that differ from those without the fault. */
  readonly changed: number
  /** Questions that were asked again, and had been satisfied before. */
  readonly asked: number
  /** Satisfied without the fault, violated with it. */
  readonly kills: readonly Reaction[]
  /** Satisfied without the fault, undecided or an error with it. */
  readonly undecided: readonly Reaction[]
  /** `failed`: why. */
  readonly cause?: string
  /** Survivors: a clause that would have killed it and raises no alarm on any control. */
  readonly proposal?: Proposal
}

/** A control and who cried wolf. */
export interface ControlResult {
  readonly control: Control
  readonly alarms: readonly Reaction[]
  readonly undecided: readonly Reaction[]
  /** Why it could not be made; it is then left out of the count. */
  readonly cause?: string
}

/** A fault in the spec, and what shows it: the data as they are, or a fault of the data that the clause no longer kills. */
export interface SpecResult {
  readonly id: string
  readonly operator: 'relaxed-bound' | 'flipped-operator' | 'dropped-conjunct'
  readonly clause: string
  readonly says: string
  readonly outcome: 'killed' | 'survived'
  /** `as-is`, or the id of a fault. */
  readonly by?: string
}
