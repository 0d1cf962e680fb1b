import { codeSpan, escapeMarkdown, markdownTable } from '../markdown.ts'
import { isWaiting, type LaneWindow, type WindowAnswer } from '../production/lanes.ts'
import { type ReadLane, readProduction } from '../production/production.ts'
import { answerWords } from '../timeline/lane-words.ts'
import { spanText } from '../words/time.ts'
import { countVerdicts } from '../words/verdict.ts'
import { verdictText } from './metrics.ts'
import type { CardSubject } from './subject.ts'

/** What production found of this version, clause by clause; empty where it never answered there. Contracts that held are counted. */
export function inProduction({ input, version }: CardSubject): string {
  if (version === undefined) return ''
  const { lanes, simulated } = readProduction(input)
  const own = lanes.flatMap((lane): readonly OwnLane[] => {
    const answers = lane.windows.flatMap((window) =>
      window.answers.flatMap((answer) => (answer.version === version.digest ? [{ window, answer }] : [])),
    )
    return answers.length === 0 ? [] : [{ lane, answers }]
  })
  if (own.length === 0) return ''
  const held = own.filter(isHeldContract)
  const rows = own.filter((each) => !held.includes(each)).map(laneRow)
  const ends = own.flatMap(({ answers }) => answers.map(({ window }) => window))
  const [from, to] = [Math.min(...ends.map((w) => w.from)), Math.max(...ends.map((w) => w.to))]
  const clock = simulated ? ' The clock was simulated: nothing here happened when it says.' : ''
  const contracts = held.length === 0 ? '' : `\n\n${held.length} contracts were violated in no window.`
  const head = ['clause', 'satisfied', 'violated', 'undecided', 'last said']
  return `## In production\n\nWindows of requests that this version answered, ${spanText(from, to, true)}.${clock}\n\n${markdownTable(head, rows).trimEnd()}${contracts}`
}

interface OwnLane {
  readonly lane: ReadLane
  readonly answers: readonly { readonly window: LaneWindow; readonly answer: WindowAnswer }[]
}

const verdictsOf = ({ answers }: OwnLane) =>
  countVerdicts(answers.map(({ answer }) => answer.evidence.statement.verdict))

function isHeldContract(own: OwnLane): boolean {
  const { violated, error } = verdictsOf(own)
  return own.lane.clause?.origin === 'contract' && violated + error === 0
}

function laneRow(own: OwnLane): readonly string[] {
  const { lane, answers } = own
  const { satisfied, violated, inconclusive, error } = verdictsOf(own)
  const last = answers.findLast(({ answer }) => !isWaiting(answer.evidence)) ?? answers.at(-1)
  const statement = last?.answer.evidence.statement
  const words =
    last === undefined || statement === undefined
      ? ''
      : `${verdictText(statement.verdict)}, ${spanText(last.window.from, last.window.to)}: ${escapeMarkdown(answerWords(lane, statement, lane.series?.expression))}`
  const slice = lane.slice === 'all' ? '' : ` ${escapeMarkdown(lane.slice)}`
  return [`${codeSpan(lane.id)}${slice}`, String(satisfied), String(violated), String(inconclusive + error), words]
}
