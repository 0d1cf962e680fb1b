import {
  decideEventually,
  decideWhenever,
  digestOf,
  type EventDecision,
  type EventuallyClause,
  formatTimestamp,
  type History,
  type Instant,
  type Obligation,
  type Program,
  type Statement,
  type TimeWindow,
  type WheneverClause,
  windowText,
} from '@plumbline/core'
import type { EventClause } from './plan.ts'

/** Obligations that a statement names, at most. */
const NAMED = 100

/** What a statement of a clause over events says, so far as a later one may say something else. */
export function sayingOf(statement: Statement): string {
  const { verdict } = statement
  const reason = 'reason' in statement ? statement.reason : null
  const counts = 'n' in statement ? [statement.n, statement.measured ?? null, statement.obligations?.length ?? 0] : []
  return JSON.stringify([verdict, reason, ...counts])
}

/** The statement of a `whenever` clause for what began in a window. */
export function wheneverStatement(
  program: Program,
  toolVersion: string,
  clause: WheneverClause,
  window: TimeWindow,
  history: History,
): Statement {
  const decision = decideWhenever(clause, history, window)
  return statementOf(program, toolVersion, clause, window, decision, history)
}

/** The statement of an `eventually` clause; undefined before anything happened. */
export function eventuallyStatement(
  program: Program,
  toolVersion: string,
  clause: EventuallyClause,
  history: History,
): Statement | undefined {
  const begin = history.events.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY)
  if (!Number.isFinite(begin)) return undefined
  const window = { from: begin, to: begin + clause.within }
  return statementOf(program, toolVersion, clause, window, decideEventually(clause, history), history)
}

function statementOf(
  program: Program,
  toolVersion: string,
  clause: EventClause,
  window: TimeWindow,
  decision: EventDecision,
  history: History,
): Statement {
  const { verdict, reason, triggers, answered, overdue, pending } = decision
  const base = {
    clause: clause.id,
    form: clause.form,
    stage: 'runtime',
    severity: clause.severity,
    relation: 'system',
    slice: 'all',
    window: windowText(window),
    method: 'exact',
    digests: {
      spec: program.spec.digest,
      clause: clause.digest,
      data: { system: digestOfHistory(history, window.from, window.to + clause.within) },
      models: {},
      tool: toolVersion,
    },
  } as const
  const counts = {
    n: triggers,
    measured: answered,
    missing: 0,
    excluded: 0,
    unassigned_rows: 0,
    obligations: [...named(overdue, true), ...named(pending, false)].slice(0, NAMED),
  }
  if (verdict === 'inconclusive') return { ...base, ...counts, verdict, reason: reason ?? 'pending' }
  return { ...base, ...counts, verdict }
}

function named(obligations: readonly Obligation[], overdue: boolean) {
  const text = (at: Instant): string => formatTimestamp(BigInt(at))
  return obligations.map(({ at, deadline, because }) => ({ at: text(at), deadline: text(deadline), because, overdue }))
}

/** What a verdict on a window was reached on: all that happened from its beginning until the last answer to it counts. */
function digestOfHistory({ events, verdicts }: History, from: Instant, to: Instant): string {
  const inside = {
    events: events.filter(({ at }) => at >= from && at <= to),
    verdicts: verdicts.filter((each) => each.to >= from && each.to <= to),
  }
  return `snapshot:${digestOf(inside)}`
}
