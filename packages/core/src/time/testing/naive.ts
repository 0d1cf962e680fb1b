import type { Verdict } from '../../evidence/evidence.ts'
import type { History } from '../history.ts'

/** A condition over events as a tree of its own, so that this meaning shares no code with the one under test. */
export type Condition =
  | { readonly is: 'kind' | 'subject'; readonly value: string }
  | { readonly is: 'violated' | 'satisfied' | 'undecided'; readonly clause: string }
  | { readonly is: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly is: 'not'; readonly operand: Condition }

/** The condition as a spec writes it. */
export function conditionText(condition: Condition): string {
  switch (condition.is) {
    case 'kind':
    case 'subject':
      return `${condition.is} == "${condition.value}"`
    case 'and':
    case 'or':
      return `(${conditionText(condition.left)} ${condition.is === 'and' ? '&&' : '||'} ${conditionText(condition.right)})`
    case 'not':
      return `!(${conditionText(condition.operand)})`
    default:
      return `${condition.is}("${condition.clause}")`
  }
}

/** A place on the time axis: one event, or one instant at which windows ended. */
type Point = { readonly at: number; readonly event?: { readonly kind: string; readonly subject: string } }

function points(history: History, named: readonly string[]): readonly Point[] {
  const all: Point[] = []
  const instants = [...history.events.map((e) => e.at), ...history.verdicts.map((v) => v.to)]
  for (const at of [...new Set(instants)].toSorted((a, b) => a - b)) {
    if (history.verdicts.some((v) => v.to === at && named.includes(v.clause))) all.push({ at })
    for (const event of history.events) if (event.at === at) all.push({ at, event })
  }
  return all
}

const ORDER: readonly Verdict[] = ['error', 'violated', 'inconclusive', 'satisfied', 'skipped']

/** The worst verdict of the latest windows of a clause that ended by then; undefined where none has. */
function stateAt(history: History, clause: string, at: number): Verdict | undefined {
  const ended = history.verdicts.filter((v) => v.clause === clause && v.to <= at)
  const latest = Math.max(...ended.map((v) => v.to))
  return ORDER.find((verdict) => ended.some((v) => v.to === latest && v.verdict === verdict))
}

function truth(condition: Condition, history: History, point: Point): boolean | 'unknown' {
  switch (condition.is) {
    case 'kind':
    case 'subject':
      return point.event === undefined ? 'unknown' : point.event[condition.is] === condition.value
    case 'not': {
      const value = truth(condition.operand, history, point)
      return value === 'unknown' ? value : !value
    }
    case 'and':
    case 'or': {
      const values = [truth(condition.left, history, point), truth(condition.right, history, point)]
      const decisive = condition.is === 'or'
      if (values.includes(decisive)) return decisive
      return values.includes('unknown') ? 'unknown' : !decisive
    }
    case 'undecided':
      return ['inconclusive', 'error', 'skipped'].includes(stateAt(history, condition.clause, point.at) ?? 'none')
    default:
      return stateAt(history, condition.clause, point.at) === condition.is
  }
}

function leaves(condition: Condition): readonly Condition[] {
  if (condition.is === 'not') return leaves(condition.operand)
  if (condition.is === 'and' || condition.is === 'or') return [...leaves(condition.left), ...leaves(condition.right)]
  return [condition]
}

/** The clauses a condition names. */
function named(condition: Condition): readonly string[] {
  return leaves(condition).flatMap((leaf) => ('clause' in leaf ? [leaf.clause] : []))
}

function holds(condition: Condition, history: History, point: Point): boolean {
  const asked =
    point.event === undefined
      ? history.verdicts.some((v) => v.to === point.at && named(condition).includes(v.clause))
      : leaves(condition).some((leaf) => leaf.is === 'kind' || leaf.is === 'subject')
  return asked && truth(condition, history, point) === true
}

/** Whether the condition is false where every clause it names that was decided there was decided either way. */
function isDecidedlyFalse(condition: Condition, history: History, point: Point): boolean {
  const here = named(condition).filter((id) => history.verdicts.some((v) => v.to === point.at && v.clause === id))
  const states = here.map((id) => stateAt(history, id, point.at))
  const decided = states.every((state) => state === 'satisfied' || state === 'violated')
  return point.event === undefined && here.length > 0 && decided && !holds(condition, history, point)
}

/** For each trigger, in order: when, and whether it was answered in time, is overdue, or still has time. */
export function naiveWhenever(
  trigger: Condition,
  response: Condition,
  within: number,
  history: History,
): readonly { readonly at: number; readonly is: 'answered' | 'overdue' | 'pending' }[] {
  const all = points(history, [...named(trigger), ...named(response)])
  return all.flatMap((point, i) => {
    if (!holds(trigger, history, point)) return []
    const answers = (j: number): boolean => {
      const other = all[j]
      return other !== undefined && Math.abs(other.at - point.at) <= within && holds(response, history, other)
    }
    // An earlier answer counts at the end of a window, if a window of the same episode ended before it.
    const ended = all.findLastIndex((other, j) => j < i && isDecidedlyFalse(trigger, history, other))
    const began = all.findIndex((other, j) => j > ended && other.event === undefined && holds(trigger, history, other))
    const answered = all.some((_, j) => answers(j) && (j > i || (point.event === undefined && j > began && j < i)))
    const is = answered ? 'answered' : point.at + within < history.knownUntil ? 'overdue' : 'pending'
    return [{ at: point.at, is }]
  })
}

/** Whether the condition came in time after the first event; undefined where there is no event. */
export function naiveEventually(
  condition: Condition,
  within: number,
  history: History,
): 'answered' | 'overdue' | 'pending' | undefined {
  if (history.events.length === 0) return undefined
  const start = Math.min(...history.events.map((e) => e.at))
  const came = points(history, named(condition)).some(
    (point) => point.at >= start && point.at <= start + within && holds(condition, history, point),
  )
  return came ? 'answered' : start + within < history.knownUntil ? 'overdue' : 'pending'
}

/** Whether the last window ends a run of at least n violated ones, windows that are not decided left out. */
export function naiveAlways(conditions: readonly Verdict[], n: number): Verdict | 'pending' {
  const last = conditions.at(-1)
  if (last !== 'violated') return last ?? 'skipped'
  let run = 0
  for (const verdict of conditions) {
    if (verdict === 'satisfied') run = 0
    if (verdict === 'violated') run++
  }
  return run >= n ? 'violated' : 'pending'
}
