import type { EventuallyClause, WheneverClause } from '../clause/clause.ts'
import type { History, Instant } from './history.ts'
import { clausesOf, eventCondition, type Moment, momentsOf } from './moments.ts'

/** Something that must follow, and until when. */
export interface Obligation {
  /** What began it. */
  readonly at: Instant
  /** The last instant at which an answer counts. */
  readonly deadline: Instant
  /** What began it, in words: `retrain.suspected population-stable`, or `population-stable: violated`. */
  readonly because: string
}

/** What a clause over events was found to be, so far. */
export interface EventDecision {
  readonly verdict: 'satisfied' | 'violated' | 'inconclusive'
  /** Present where the verdict is `inconclusive`: nothing happened yet, or what must follow still has time. */
  readonly reason?: 'empty-relation' | 'pending'
  /** How often something had to follow. */
  readonly triggers: number
  /** Of these, how often it followed in time. */
  readonly answered: number
  /** What did not follow in time. */
  readonly overdue: readonly Obligation[]
  /** What still has time. */
  readonly pending: readonly Obligation[]
}

/**
 * `whenever trigger then response within w`: after each moment at which the trigger holds there comes another one, at
 * most `w` later, at which the response holds. (Metric temporal logic: G(trigger → F(0,w] response), where "after" is the
 * order of the history, so that an event answers others and never itself.) A trigger that ends in an error on an event
 * counts as one: it cannot be ruled out; a response that does answers nothing.
 *
 * Windows at whose ends the trigger goes on holding are one episode; a window that is not decided does not end it. An
 * answer counts for the windows of its episode up to `w` after it, too: drift that was answered and is still there on the
 * next day is not drift unanswered, and drift that lasts must be answered again.
 *
 * With `between`, only triggers in [from, to) are counted: the evidence of a window.
 */
export function decideWhenever(
  clause: Pick<WheneverClause, 'trigger' | 'response' | 'within'>,
  history: History,
  between?: { readonly from: Instant; readonly to: Instant },
): EventDecision {
  const [trigger, response] = [eventCondition(clause.trigger), eventCondition(clause.response)]
  const moments = momentsOf(history, new Set([...clausesOf(clause.trigger), ...clausesOf(clause.response)]))
  const open: Obligation[] = []
  const unanswered: Obligation[] = []
  let [triggers, answered] = [0, 0]
  let episode: Episode | undefined
  for (const moment of moments) {
    const holds = trigger.at(moment)
    const triggered = holds === true || holds === 'error'
    const ends = moment.event === undefined
    if (ends && holds === false && trigger.isDecided(moment)) episode = undefined
    const covered = ends && episode?.answered !== undefined && moment.at - episode.answered <= clause.within
    // Answers first: this moment answers those before it, not itself.
    if (response.at(moment) === true) {
      for (const obligation of open) {
        if (moment.at <= obligation.deadline) answered++
        else unanswered.push(obligation)
      }
      open.length = 0
      if (episode !== undefined) episode = { answered: moment.at }
    }
    if (!triggered) continue
    if (ends) episode ??= {}
    if (between !== undefined && (moment.at < between.from || moment.at >= between.to)) continue
    triggers++
    if (covered) answered++
    else open.push(obligationAt(moment, clause))
  }
  unanswered.push(...open)
  const overdue = unanswered.filter(({ deadline }) => deadline < history.knownUntil)
  const pending = unanswered.filter(({ deadline }) => deadline >= history.knownUntil)
  return { ...verdictOf(moments.length === 0, overdue, pending), triggers, answered, overdue, pending }
}

/** Windows in a row at whose ends a trigger holds, and when it was last answered since the first of them. */
interface Episode {
  readonly answered?: Instant
}

function obligationAt(moment: Moment, { trigger, within }: Pick<WheneverClause, 'trigger' | 'within'>): Obligation {
  return { at: moment.at, deadline: moment.at + within, because: wordsOf(moment, clausesOf(trigger)) }
}

/**
 * `eventually condition within w`: at most `w` after the first event of the history there is a moment at which the
 * condition holds.
 */
export function decideEventually(
  clause: Pick<EventuallyClause, 'condition' | 'within'>,
  history: History,
): EventDecision {
  const condition = eventCondition(clause.condition)
  const [start] = history.events.toSorted((a, b) => a.at - b.at)
  if (start === undefined) return { ...verdictOf(true, [], []), triggers: 0, answered: 0, overdue: [], pending: [] }
  const deadline = start.at + clause.within
  const found = momentsOf(history, clausesOf(clause.condition)).some(
    (moment) => moment.at >= start.at && moment.at <= deadline && condition.at(moment) === true,
  )
  const obligation: Obligation = { at: start.at, deadline, because: `${start.kind} ${start.subject}`.trim() }
  const overdue = !found && deadline < history.knownUntil ? [obligation] : []
  const pending = !found && deadline >= history.knownUntil ? [obligation] : []
  return { ...verdictOf(false, overdue, pending), triggers: 1, answered: found ? 1 : 0, overdue, pending }
}

function verdictOf(
  empty: boolean,
  overdue: readonly Obligation[],
  pending: readonly Obligation[],
): Pick<EventDecision, 'verdict' | 'reason'> {
  if (empty) return { verdict: 'inconclusive', reason: 'empty-relation' }
  if (overdue.length > 0) return { verdict: 'violated' }
  return pending.length > 0 ? { verdict: 'inconclusive', reason: 'pending' } : { verdict: 'satisfied' }
}

function wordsOf({ event, decided, verdicts }: Moment, read: ReadonlySet<string>): string {
  if (event !== undefined) return `${event.kind} ${event.subject}`.trim()
  const ids = [...decided].filter((id) => read.has(id)).toSorted()
  return ids.map((id) => `${id}: ${verdicts.get(id) ?? 'skipped'}`).join(', ')
}
