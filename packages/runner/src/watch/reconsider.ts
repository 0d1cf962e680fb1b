import type { Statement, TimeWindow } from '@plumbline/core'
import { asRecorded, type PassContext, recordOf, type ToWrite } from './context.ts'
import { done, stopped, type WatchResult } from './failure.ts'
import type { WindowLine } from './plan.ts'
import { conditionOf, type Recorded } from './window-history.ts'

/** Which window is decided again, and why. What the ledger says of it is known to the history. */
export interface Reconsidered {
  readonly window: TimeWindow
  readonly lines: readonly WindowLine[]
  /** Rows that came since. */
  readonly late?: number
}

/**
 * Decides a window again and writes what is not what the ledger says, each statement in the place of the one before: the
 * earlier one stays, and is superseded. The same rows and labels never give a second record.
 *
 * Where the condition of an `always` clause turned, the windows after it that counted it are counted again. They are
 * written first: a watch that is killed in between finds the window still unanswered, and does the rest.
 */
export async function reconsider<Seen>(context: PassContext<Seen>, asked: Reconsidered): Promise<WatchResult<void>> {
  const { window, lines, late } = asked
  const statements = await decideAgain(context, window, lines)
  if (!statements.ok) return statements
  const writing: ToWrite[] = []
  const turned: Recorded[] = []
  for (const statement of statements.value) {
    const next = asRecorded(context.history, context.program, statement)
    const before = placeOf(context, next)
    if (before !== undefined && !hasOtherRows(next, before)) continue
    writing.push({ ...superseding(next, before), ...(late === undefined ? {} : { late }) })
    const record = next.form === 'always' ? recordOf(next) : undefined
    if (record !== undefined && conditionOf(record) !== (before === undefined ? undefined : conditionOf(before)))
      turned.push(record)
  }
  const after = await countAgain(context, turned, lines)
  return after.ok ? context.write([...after.value, ...writing]) : after
}

async function decideAgain<Seen>(
  context: PassContext<Seen>,
  window: TimeWindow,
  lines: readonly WindowLine[],
): Promise<WatchResult<readonly Statement[]>> {
  if (context.interrupted()) return stopped({ kind: 'interrupted' })
  const { stage, now } = context
  const decided = await stage.decide({ window, now, instances: lines.flatMap((line) => line.instances) })
  if (!decided.ok) {
    if (context.interrupted()) return stopped({ kind: 'interrupted' })
    context.problem(decided.failure)
    return done([])
  }
  for (const problem of decided.value.problems) context.problem(problem)
  return done(decided.value.statements)
}

/**
 * What a statement takes the place of: the record of its slice and version, or the one from when no version had answered
 * in the window. Once one has, every row is some version's.
 */
function placeOf<Seen>({ history }: PassContext<Seen>, statement: Statement): Recorded | undefined {
  const own = recordOf(statement)
  const recorded = own === undefined ? [] : (history.recorded(own.clause, own.window) ?? [])
  const same = recorded.filter(({ slice }) => slice === own?.slice)
  return same.find(({ model }) => model === own?.model) ?? same.find(({ model }) => model === null)
}

function superseding(statement: Statement, before: Recorded | undefined): ToWrite {
  return { statement, ...(before === undefined ? {} : { supersedes: before.id }) }
}

function hasOtherRows(statement: Statement, before: Recorded): boolean {
  const { clause, data } = statement.digests
  const waited = before.reason === 'labels-pending'
  // What the clause asks has changed: the window was judged by what it asked then.
  if (clause !== before.clauseDigest && !waited) return false
  if (waited) return !('reason' in statement && statement.reason === 'labels-pending')
  return data['requests'] !== before.data['requests'] || data['monitor.labels'] !== before.data['monitor.labels']
}

/** The statements of the windows after some whose condition turned, up to the next one that stays satisfied. */
async function countAgain<Seen>(
  context: PassContext<Seen>,
  turned: readonly Recorded[],
  lines: readonly WindowLine[],
): Promise<WatchResult<readonly ToWrite[]>> {
  const { history, program } = context
  const writing: ToWrite[] = []
  for (const first of turned) {
    const line = lines.filter(({ clause }) => clause.id === first.clause)
    const assumed = [first]
    for (const { window, verdict } of history.conditionsAfter(first)) {
      const recalled = await context.recall([{ clause: first.clause, window }])
      if (!recalled.ok) return recalled
      const statements = await decideAgain(context, window, line)
      if (!statements.ok) return statements
      const own = statements.value.find(
        (each) => each.slice === first.slice && (recordOf(each)?.model ?? null) === first.model,
      )
      const before = own === undefined ? undefined : placeOf(context, own)
      if (own === undefined || before === undefined) continue
      const next = asRecorded(history, program, own, assumed)
      const record = recordOf(next)
      if (record === undefined) continue
      if (saysOtherwise(record, before)) writing.push(superseding(next, before))
      if (verdict === 'satisfied' && conditionOf(record) === 'satisfied') break
      assumed.push(record)
    }
  }
  return done(writing)
}

function saysOtherwise(next: Recorded, before: Recorded): boolean {
  if (next.clauseDigest !== before.clauseDigest) return false
  return next.verdict !== before.verdict || next.reason !== before.reason || next.streak !== before.streak
}
