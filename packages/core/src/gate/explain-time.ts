import type { AlwaysClause, EventuallyClause, WheneverClause } from '../clause/clause.ts'
import type { Statement } from '../evidence/evidence.ts'
import { durationText } from '../language/literals.ts'
import type { GateReason } from './decision.ts'

type Words = Pick<GateReason, 'message' | 'bound' | 'measured' | 'interval' | 'change'>
type Measured = Exclude<Statement, { verdict: 'error' | 'skipped' }>

/** What `always` adds to the words of its condition: in how many windows in a row it is violated, and of how many. */
export function streakText(clause: AlwaysClause, { streak = 0, verdict }: Measured): string {
  if (streak === 0 || verdict === 'satisfied') return ''
  const windows = `${streak} decided ${streak === 1 ? 'window' : 'windows'} of ${durationText(clause.window)} in a row`
  return verdict === 'violated'
    ? ` That was so in ${windows}.`
    : ` That was so in ${windows}; ${clause.for} violate it.`
}

/** Says what did not follow in time, or still has time to. */
export function eventWords(clause: WheneverClause | EventuallyClause, statement: Measured, name: string): Words {
  const bound = `${clause.form} ${clause.text}, within ${durationText(clause.within)}`
  const { obligations = [] } = statement
  const told = obligations.find(({ overdue }) => overdue === (statement.verdict === 'violated'))
  if (told === undefined) {
    const nothing = statement.verdict === 'inconclusive' && statement.reason === 'empty-relation'
    const message = nothing ? `${name} is undecided: nothing has happened yet.` : `${name} is ${statement.verdict}.`
    return { message, bound, change: 'It is decided by what happens.' }
  }
  const like = obligations.filter(({ overdue }) => overdue === told.overdue).length
  const others = like === 1 ? '' : ` (and ${like - 1} more)`
  const what = `${told.because} at ${told.at}${others}`
  return told.overdue
    ? {
        message: `${name}: ${what} was to be answered by ${told.deadline}, and was not.`,
        bound,
        change: 'What is overdue stays so; see why nothing answered it.',
      }
    : {
        message: `${name}: ${what} has time until ${told.deadline}.`,
        bound,
        change: 'It is decided by then.',
      }
}
