import { defineDiagnostic } from '../define.ts'

const list = (ids: readonly string[]): string => ids.map((id) => `\`${id}\``).join(', ')
const together = (ids: readonly string[]): string =>
  ids.length < 2 ? list(ids) : `${list(ids.slice(0, -1))} and \`${ids.at(-1)}\``

/** A bound that could be moved, with the others, so that a conflict is none. */
interface BoundMoved {
  readonly clause: string
  readonly from: string
  readonly to: string
  readonly up: boolean
}

const either = (
  repair: readonly BoundMoved[] | undefined,
  authored: readonly string[],
  searched: boolean | undefined = false,
): string => {
  const moves = (repair ?? []).map(
    ({ clause, from, to, up }) => `${up ? 'raise' : 'lower'} ${from} to ${to} in \`${clause}\``,
  )
  const together = moves.length < 2 ? moves : [`${moves.slice(0, -1).join(', ')} and ${moves.at(-1)}`]
  const moved = together.map((text) => (searched ? `${text} (the least that was found)` : text))
  const dropped = authored.length === 0 ? [] : [`drop ${authored.map((id) => `\`${id}\``).join(' or ')}`]
  const ways = [...moved, ...dropped].join(', or ')
  return ways === '' ? 'Change one of them.' : `${ways[0]?.toUpperCase()}${ways.slice(1)}.`
}

export const contradiction = defineDiagnostic<{
  clauses: readonly string[]
  relation: string
  given: readonly string[]
  repair?: readonly BoundMoved[] | undefined
  authored: readonly string[]
  /** Some of them allow a share of the rows to fail. */
  shares: boolean
}>({
  code: 'check/contradiction',
  severity: 'error',
  message: ({ clauses, relation, given }) => {
    const rows = given.length === 0 ? `row of \`${relation}\`` : `row of \`${relation}\` in ${together(given)}`
    return clauses.length === 1
      ? `No ${rows} can satisfy ${together(clauses)}.`
      : `No ${rows} can satisfy ${together(clauses)} together.`
  },
  why: ({ shares }) =>
    shares
      ? 'Each row fails one of them, and the rows that `mostly` lets fail are too few for that. The solver proved it, and each of them is needed for it.'
      : 'Whatever the data is, one of them fails. The solver proved it, and each of them is needed for it.',
  fix: ({ repair, authored }) => either(repair, authored),
})

/** Labels of the data at hand, by what makes a row one of those counted (empty: all are). */
interface CountedLabels {
  readonly relation: string
  readonly condition: string
  readonly rows: number
  readonly positives: number
}

const labelText = ({ relation, condition, rows, positives }: CountedLabels): string =>
  `${positives} of ${rows} rows of \`${relation}\`${condition === '' ? '' : ` where ${condition}`} are positive`

const BOUND_BY = {
  decision: 'Metrics of one decision count the same rows (true and false positives and negatives)',
  rows: 'Aggregates are measured on the same rows (a mean lies between the least and the greatest value, parts are at most the whole)',
} as const

export const impossibleMetrics = defineDiagnostic<{
  clauses: readonly string[]
  relation: string
  measured: 'decision' | 'rows'
  /** Those that were written as clauses; a contract of a column is not dropped for a number. */
  authored: readonly string[]
  repair?: readonly BoundMoved[] | undefined
  /** That no smaller repair exists was searched, not proved. */
  searched?: boolean
  given?: readonly CountedLabels[] | undefined
}>({
  code: 'check/impossible-metrics',
  severity: 'error',
  message: ({ clauses, relation, given }) => {
    const rows = given === undefined ? `\`${relation}\`` : `\`${relation}\`, with the labels that the data has,`
    return clauses.length === 1
      ? `No numbers measured on ${rows} can satisfy ${together(clauses)}.`
      : `No numbers measured on ${rows} can satisfy ${together(clauses)} together.`
  },
  why: ({ given, measured }) =>
    `${BOUND_BY[measured]}, so that they bound each other; these bounds leave nothing${given === undefined ? '.' : `: ${given.map(labelText).join(', ')}.`}`,
  fix: ({ repair, authored, searched }) => either(repair, authored, searched),
})

export const redundantClause = defineDiagnostic<{
  clause: string
  by: readonly string[]
  /** It asks something of numbers; `unlessEmpty`: which may have no value. */
  measures: boolean
  unlessEmpty: boolean
}>({
  code: 'check/redundant-clause',
  severity: 'warning',
  message: ({ clause, by, measures, unlessEmpty }) =>
    by.length === 0
      ? measures
        ? `\`${clause}\` is never violated, whatever the data is.`
        : `\`${clause}\` is true of every row there can be.`
      : unlessEmpty
        ? `All that \`${clause}\` asks beyond ${together(by)} is that there is something to measure.`
        : `\`${clause}\` asks nothing that ${together(by)} ${by.length === 1 ? 'does' : 'do'} not ask.`,
  why: 'A clause that cannot fail alone tests nothing, and a reader takes it for more protection than there is.',
  fix: ({ clause }) => `Drop \`${clause}\`, or make it ask more.`,
})

export const emptySlice = defineDiagnostic<{ slice: string; relation: string; by: readonly string[] }>({
  code: 'check/empty-slice',
  severity: 'warning',
  message: ({ slice, relation, by }) =>
    by.length === 0
      ? `No row of \`${relation}\` can be in the slice \`${slice}\`.`
      : `No row of \`${relation}\` that satisfies ${together(by)} is in the slice \`${slice}\`.`,
  why: 'Clauses asked of it are asked of nothing: they stay inconclusive for ever.',
  fix: ({ slice }) => `Correct the condition of \`${slice}\`, or drop it.`,
})

export const vacuousClause = defineDiagnostic<{ clause: string; by: readonly string[] }>({
  code: 'check/vacuous-clause',
  severity: 'warning',
  message: ({ clause, by }) =>
    by.length === 0
      ? `The premise of \`${clause}\` is never true.`
      : `The premise of \`${clause}\` is true of no row that satisfies ${together(by)}.`,
  why: 'What it asks of such rows is asked of none.',
  fix: ({ clause }) => `Correct the premise of \`${clause}\`, or drop the clause.`,
})

export const undecidedQuestions = defineDiagnostic<{ together: number; idle: number }>({
  code: 'check/undecided-by-solver',
  severity: 'info',
  message: ({ together, idle }) => {
    const parts = [
      ...(together === 0 ? [] : [`whether ${together} set${together === 1 ? '' : 's'} of clauses can be met together`]),
      ...(idle === 0 ? [] : [`whether ${idle} clause${idle === 1 ? ' asks' : 's ask'} anything that others do not`]),
    ]
    return `The time was not enough to tell ${parts.join(', and ')}.`
  },
  why: 'There may be a contradiction or a clause too many that this check does not show.',
  fix: 'Nothing has to be done; `--time 5s` gives each question, and all of them together, twelve times as long; simpler conditions, or longer ones divided into several clauses, are decided more often.',
})
