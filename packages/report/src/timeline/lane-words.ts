import type { Statement, Verdict } from '@plumbline/core'
import type { Bin } from '../production/bins.ts'
import { isRevised, type WindowAnswer } from '../production/lanes.ts'
import { drawnOf } from '../production/measured.ts'
import type { ReadLane } from '../production/production.ts'
import { boundText, intervalText, valueText } from '../svg/interval.ts'
import { plural } from '../words/clause.ts'
import { formatCount, formatLevel } from '../words/number.ts'
import { whyUndecided } from '../words/reason.ts'
import { spanText } from '../words/time.ts'
import { countsText, countVerdicts } from '../words/verdict.ts'

/** What was found in one window: failing rows, or the value with its interval and bound, or why nothing was decided. */
export function answerWords({ clause }: Pick<ReadLane, 'clause'>, statement: Statement, expression?: string): string {
  if (statement.verdict === 'error' || statement.verdict === 'skipped') return whyUndecided(statement)
  const drawn = drawnOf(clause, statement, expression)
  const why = statement.verdict === 'inconclusive' ? whyUndecided(statement) : ''
  const found = statement.form === 'every' ? rowsWords(statement) : drawn === undefined ? '' : drawnWords(drawn)
  return [found, obligationWords(statement), why].filter((part) => part !== '').join('; ')
}

function rowsWords(statement: Exclude<Statement, { verdict: 'error' | 'skipped' }>): string {
  const { failing, n } = statement
  if (n === undefined) return ''
  return failing === undefined || failing === 0
    ? `all ${formatCount(n)} ${plural(n, 'row')}`
    : `${formatCount(failing)} of ${formatCount(n)} ${plural(n, 'row')} ${plural(failing, 'fails', 'fail')}`
}

function drawnWords(drawn: NonNullable<ReturnType<typeof drawnOf>>): string {
  const level = drawn.interval?.level === undefined ? '' : `${formatLevel(drawn.interval.level)} `
  const interval = drawn.interval === undefined ? '' : `, ${level}interval ${intervalText(drawn)}`
  return `${valueText(drawn)}${interval}; allowed ${boundText(drawn)}`
}

function obligationWords(statement: Exclude<Statement, { verdict: 'error' | 'skipped' }>): string {
  const open = statement.obligations ?? []
  const overdue = open.filter((each) => each.overdue).length
  const waiting = open.length - overdue
  return [
    overdue > 0 ? `${overdue} not answered in time` : '',
    waiting > 0 ? `${waiting} still ${plural(waiting, 'has', 'have')} time` : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}

/** What pointing at a cell says. */
export function cellWords(lane: ReadLane, bin: Bin, nameOf: (digest: string) => string): string {
  const when = spanText(bin.from, bin.to)
  if (bin.windows.length > 1) return `${when}, ${bin.windows.length} windows: ${countsText(bin.counts)}`
  const answers = bin.windows.flatMap(({ answers: found }) => found)
  const several = answers.length > 1
  const texts = answers.map((answer) => answerLine(lane, answer, several, nameOf))
  return `${when}: ${texts.join(' · ')}`
}

function answerLine(
  lane: ReadLane,
  answer: WindowAnswer,
  several: boolean,
  nameOf: (digest: string) => string,
): string {
  const { evidence, version, replaced } = answer
  const { statement } = evidence
  const who = several && version !== undefined ? `${nameOf(version)} ` : ''
  const again = isRevised(answer) ? `; decided again, was ${replaced.at(-1)?.statement.verdict ?? ''}` : ''
  const found = answerWords(lane, statement, lane.series?.expression)
  return `${who}${statement.verdict}${found === '' ? '' : `, ${found}`}${again}`
}

/** A lane in words, for who cannot see it. */
export function laneWords({ windows, episodes, id }: Pick<ReadLane, 'windows' | 'episodes' | 'id'>): string {
  const counts = countsText(countVerdicts(windows.map(({ verdict }): Verdict => verdict)))
  const stretches = episodes.map(({ windows: found, ongoing }) => {
    const [from, to] = [found[0]?.from ?? 0, found.at(-1)?.to ?? 0]
    return `${spanText(from, to)}${ongoing ? ' and not over' : ''}`
  })
  const violated = stretches.length === 0 ? '' : `; violated ${stretches.join(', ')}`
  return `${id} over ${windows.length} ${plural(windows.length, 'window')}: ${counts}${violated}`
}
