import type { Verdict } from '../evidence/evidence.ts'
import { evaluate } from '../expr/evaluate/evaluate.ts'
import type { Expr, VerdictOf } from '../expr/expr.ts'
import { isError, type RecordValue, type Value } from '../expr/value.ts'
import { columnsOf, walk } from '../targets/children.ts'
import { type History, type Instant, type TimedEvent, worstVerdict } from './history.ts'

/**
 * A point of a history at which conditions are asked: an event, or an instant at which windows were decided. Of one
 * instant the decided windows come first: what happened at the end of a window happened after it.
 */
export interface Moment {
  readonly at: Instant
  /** Absent where windows were decided. */
  readonly event?: TimedEvent
  /** The clauses decided at this instant; empty for an event. */
  readonly decided: ReadonlySet<string>
  /** The last verdict of each clause up to here. */
  readonly verdicts: ReadonlyMap<string, Verdict>
}

/** The ids of the clauses whose verdicts a condition reads. */
export function clausesOf(condition: Expr): ReadonlySet<string> {
  return new Set([...walk(condition)].flatMap((node) => (node.node === 'verdict-of' ? [node.clause] : [])))
}

/** The moments of a history in their order, as far as conditions that read these clauses can tell them apart. */
export function momentsOf(history: History, clauses: ReadonlySet<string>): readonly Moment[] {
  const decided = Map.groupBy(
    history.verdicts.filter(({ clause }) => clauses.has(clause)),
    ({ to }) => to,
  )
  const points = [
    ...[...decided].map(([at, verdicts]) => ({ at, verdicts, event: undefined })),
    ...history.events.map((event) => ({ at: event.at, verdicts: [], event })),
  ].toSorted((a, b) => a.at - b.at)
  let known: ReadonlyMap<string, Verdict> = new Map()
  return points.map(({ at, verdicts, event }): Moment => {
    if (event !== undefined) return { at, event, decided: new Set(), verdicts: known }
    const now = Map.groupBy(verdicts, ({ clause }) => clause)
    known = new Map([...known, ...[...now].map(([id, all]) => [id, worstVerdict(all.map((v) => v.verdict))] as const)])
    return { at, decided: new Set(now.keys()), verdicts: known }
  })
}

/** A condition made ready: which moments it is asked at, and whether it holds there. */
export interface EventCondition {
  /** True, false, or `error` where it ends in one. Undefined at a moment at which it is not asked. */
  readonly at: (moment: Moment) => boolean | 'error' | undefined
  /** Whether every clause it names that was decided at this moment was decided either way. */
  readonly isDecided: (moment: Moment) => boolean
}

/**
 * A condition over moments. It is asked at each event if it reads a column of it, and wherever a clause it names was
 * decided; there columns are missing, so that `kind == "x" || violated("y")` is true of either.
 */
export function eventCondition(condition: Expr): EventCondition {
  const readsEvents = columnsOf(condition).size > 0
  const reads = clausesOf(condition)
  return {
    at: (moment) => {
      const { event, decided, verdicts } = moment
      const asked = event === undefined ? [...decided].some((id) => reads.has(id)) : readsEvents
      if (!asked) return undefined
      const outcome = evaluate(condition, {
        ...(event === undefined ? {} : { row: rowOf(event) }),
        verdict: (id, is) => isVerdict(verdicts.get(id), is),
      })
      if (!isError(outcome)) return outcome === true
      return event === undefined ? false : 'error'
    },
    isDecided: ({ decided, verdicts }) =>
      [...decided].every((id) => !reads.has(id) || !isVerdict(verdicts.get(id), 'undecided')),
  }
}

function rowOf({ at, kind, subject, digest }: TimedEvent): RecordValue {
  return new Map<string, Value>([
    ['at', { timestamp: BigInt(at) }],
    ['kind', kind],
    ['subject', subject],
    ['digest', digest],
  ])
}

/** Whether a verdict is what the word asks; before the first one none of them is true. */
function isVerdict(verdict: Verdict | undefined, is: VerdictOf['is']): boolean {
  if (is !== 'undecided') return verdict === is
  return verdict === 'inconclusive' || verdict === 'error' || verdict === 'skipped'
}
