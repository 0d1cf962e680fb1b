import type { AlwaysClause, Program, Statement, TimeWindow } from '@plumbline/core'
import type { WatchResult } from './failure.ts'
import type { EventHistory } from './event-history.ts'
import type { WatchEvent } from './events.ts'
import { lastingStatement } from './lasting.ts'
import type { WatchPlan } from './plan.ts'
import type { StageFailure, WindowStage } from './stage-port.ts'
import { conditionOf, type Recorded, recordedOf, type WindowHistory } from './window-history.ts'

/** A statement to be written, and the evidence it takes the place of. */
export interface ToWrite {
  readonly statement: Statement
  readonly supersedes?: string
  /** Rows that came after the window had been decided. */
  readonly late?: number
}

/** A clause on a window. */
export interface RecordAsked {
  readonly clause: string
  readonly window: TimeWindow
}

/** What the steps of a pass work with. */
export interface PassContext<Seen> {
  readonly program: Program
  readonly plan: WatchPlan
  readonly toolVersion: string
  readonly stage: WindowStage<Seen>
  readonly history: WindowHistory
  readonly events: EventHistory
  /** Windows that were decided in this pass, by their text: they have the labels there were when it began. */
  readonly decidedNow: Set<string>
  /** When the pass began, in microseconds since 1970 UTC: what is due at this instant is decided. */
  readonly now: number
  /** Writes evidence and takes it into the histories. */
  readonly write: (statements: readonly ToWrite[]) => Promise<WatchResult<void>>
  /** Has the history know what the ledger says of clauses on windows. */
  readonly recall: (asked: readonly RecordAsked[]) => Promise<WatchResult<void>>
  readonly emit: (event: WatchEvent) => void
  /** Reports what could not be read. */
  readonly problem: (failure: StageFailure) => void
  /** How many were reported in this pass. */
  readonly failures: () => number
  readonly interrupted: () => boolean
}

/**
 * A statement on a window as it is recorded: `always` speaks of the windows before, too. `assumed` stands for records
 * that are about to be written.
 */
export function asRecorded(
  history: WindowHistory,
  program: Program,
  statement: Statement,
  assumed: readonly Recorded[] = [],
): Statement {
  const recorded = statement.form === 'always' ? recordOf(statement) : undefined
  const clause = program.clauses.find(
    (each): each is AlwaysClause => each.id === statement.clause && each.form === 'always',
  )
  if (clause === undefined || recorded === undefined) return statement
  const others = assumed.filter((each) => isOfLine(each, recorded) && each.window.from < recorded.window.from)
  const replaced = new Set(others.map(({ window }) => window.from))
  const before = [
    ...history.conditionsBefore(recorded).filter(({ window }) => !replaced.has(window.from)),
    ...others.map((each) => ({ window: each.window, verdict: conditionOf(each) })),
  ].toSorted((a, b) => a.window.from - b.window.from)
  return lastingStatement(
    statement,
    clause,
    before.map(({ verdict }) => verdict),
  )
}

function isOfLine(a: Recorded, b: Recorded): boolean {
  return a.clause === b.clause && a.slice === b.slice && a.model === b.model && a.clauseDigest === b.clauseDigest
}

/** What the history would remember of a statement; undefined for one that is not about a window of requests. */
export function recordOf(statement: Statement): Recorded | undefined {
  return recordedOf({ id: '', statement })
}

/** What is known of clauses on a window; it was recalled before. */
export function recordsOn(
  { history }: PassContext<unknown>,
  clauses: readonly string[],
  window: TimeWindow,
): readonly Recorded[] {
  return clauses.flatMap((clause) => history.recorded(clause, window) ?? [])
}
