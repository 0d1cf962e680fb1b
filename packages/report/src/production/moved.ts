import type { AgainstBound, Clause, Expr, Statement } from '@plumbline/core'
import type { Lane, LaneWindow } from './lanes.ts'
import type { LaneSeries } from './measured.ts'

/** One of the parts a measured extreme was taken over (`max_over(columns, …)`), and how it went. */
export interface MovedTerm {
  /** What tells it from the others: `limit_bal` of `psi(limit_bal, accounts.train)`. */
  readonly name: string
  readonly expression: string
  /** The value furthest on the wrong side. */
  readonly worst: number
  readonly values: readonly { readonly window: LaneWindow; readonly value: number }[]
}

/**
 * Which parts of an extreme broke its bound, the worst first: the columns that moved. Empty where the lane measures no
 * extreme over parts, or none of them was ever on the wrong side.
 */
export function movedTerms(lane: Lane, series: LaneSeries | undefined): readonly MovedTerm[] {
  const drawn = series?.points[0]?.drawn
  if (drawn === undefined || drawn.unit !== 'value') return []
  const parts = partsOf(lane.clause, drawn.expression)
  if (parts.length < 2) return []
  const [prefix, suffix] = sharedEnds(parts)
  const sign = drawn.allowed === 'below' ? 1 : -1
  const beyond = (value: number): number => sign * (value - drawn.bound)
  const moved = parts.flatMap((expression): readonly MovedTerm[] => {
    const values = lane.windows.flatMap((window) => {
      const found = window.answers.flatMap(({ evidence }) => termValue(evidence.statement, expression))
      const [value] = found.toSorted((a, b) => beyond(b) - beyond(a))
      return value === undefined ? [] : [{ window, value }]
    })
    const [worst] = values.map(({ value }) => value).toSorted((a, b) => beyond(b) - beyond(a))
    if (worst === undefined || beyond(worst) <= 0) return []
    return [{ name: expression.slice(prefix, expression.length - suffix), expression, worst, values }]
  })
  return moved.toSorted((a, b) => beyond(b.worst) - beyond(a.worst))
}

/** The parts that broke the bound in some of the windows, the worst there first. */
export function movedIn(
  moved: readonly MovedTerm[],
  windows: readonly LaneWindow[],
  drawn: AgainstBound | undefined,
): readonly MovedTerm[] {
  if (drawn === undefined) return []
  const sign = drawn.allowed === 'below' ? 1 : -1
  const beyond = (value: number): number => sign * (value - drawn.bound)
  const there = moved.flatMap((term): readonly MovedTerm[] => {
    const values = term.values.filter(({ window }) => windows.includes(window))
    const [worst] = values.map(({ value }) => value).toSorted((a, b) => beyond(b) - beyond(a))
    return worst === undefined || beyond(worst) <= 0 ? [] : [{ ...term, worst, values }]
  })
  return there.toSorted((a, b) => beyond(b.worst) - beyond(a.worst))
}

/** The terms of the extreme that a comparison reads, as they are named in evidence. */
function partsOf(clause: Clause | undefined, expression: string): readonly string[] {
  if (clause?.form !== 'must' && clause?.form !== 'always') return []
  const { comparisons, terms } = clause.must
  const comparison = comparisons.find((each) => each.expression === expression)
  const extreme = [comparison?.left, comparison?.right].find((side) => side?.node === 'reduce')
  if (extreme?.node !== 'reduce' || (extreme.op !== 'max' && extreme.op !== 'min')) return []
  return extreme.args.flatMap((arg: Expr) => (arg.node === 'term' ? [terms[arg.index]?.expression ?? ''] : []))
}

function termValue(statement: Statement, expression: string): readonly number[] {
  if (!('terms' in statement)) return []
  const value = statement.terms?.find((term) => term.expression === expression)?.value
  return typeof value === 'number' && Number.isFinite(value) ? [value] : []
}

/** How many characters all texts share at their beginning and end, cut where a word begins or ends. */
function sharedEnds(texts: readonly string[]): readonly [prefix: number, suffix: number] {
  const [first = ''] = texts
  let prefix = 0
  while (prefix < first.length && texts.every((text) => text[prefix] === first[prefix])) prefix++
  while (prefix > 0 && /[\w.]/.test(first[prefix - 1] ?? '')) prefix--
  const shortest = Math.min(...texts.map(({ length }) => length))
  let suffix = 0
  const fromEnd = (text: string): string => text[text.length - 1 - suffix] ?? ''
  while (suffix < shortest - prefix - 1 && texts.every((text) => fromEnd(text) === fromEnd(first))) suffix++
  while (suffix > 0 && /[\w.]/.test(first[first.length - suffix] ?? '')) suffix--
  return [prefix, suffix]
}
