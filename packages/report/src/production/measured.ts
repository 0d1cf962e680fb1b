import { type AgainstBound, againstBound, type Clause, type Statement } from '@plumbline/core'
import { shareAgainstBound } from '../reading/bound.ts'
import type { Lane, LaneWindow } from './lanes.ts'

/** A measured value against its bound, on the window it was measured on. */
export interface LanePoint {
  readonly window: LaneWindow
  readonly version?: string
  readonly drawn: AgainstBound
}

/** What a lane measured over time: of one comparison, the one that was violated most often, else the first. */
export interface LaneSeries {
  readonly expression: string
  readonly points: readonly LanePoint[]
  /** Comparisons of the clause; only one of them is drawn. */
  readonly comparisons: number
}

/** The numbers of a lane against their bound; `undefined` where there is none to draw. What was found at an instant is no series. */
export function seriesOf({ clause, windows: all }: Lane): LaneSeries | undefined {
  const windows = all.filter(({ from, to }) => to > from)
  const statements = windows.flatMap(({ answers }) => answers.map(({ evidence }) => evidence.statement))
  const names = [...new Set(statements.flatMap(comparisonsOf))]
  const violations = (name: string): number => statements.filter((each) => violates(each, name)).length
  const [expression] = names.toSorted((a, b) => violations(b) - violations(a))
  const points = windows.flatMap((window) =>
    window.answers.flatMap(({ evidence, version }): readonly LanePoint[] => {
      const drawn = drawnOf(clause, evidence.statement, expression)
      return drawn === undefined ? [] : [{ window, drawn, ...(version === undefined ? {} : { version }) }]
    }),
  )
  const [first] = points
  if (first === undefined) return undefined
  // A share that was never short of 1 is said by the cells.
  if (first.drawn.unit === 'share' && first.drawn.bound === 1 && points.every(({ drawn }) => drawn.value === 1))
    return undefined
  return { expression: first.drawn.expression, points, comparisons: Math.max(1, names.length) }
}

/** What a statement measured against its bound: one comparison of it, or the share of rows that satisfy it. */
export function drawnOf(
  clause: Clause | undefined,
  statement: Statement,
  expression?: string,
): AgainstBound | undefined {
  if (statement.form === 'every') return shareAgainstBound(clause, statement) ?? wholeShare(statement)
  if (!('comparisons' in statement)) return undefined
  const all = statement.comparisons ?? []
  const result = all.find((each) => each.expression === expression) ?? all[0]
  return result === undefined ? undefined : againstBound(clause, result)
}

function comparisonsOf(statement: Statement): readonly string[] {
  return 'comparisons' in statement ? (statement.comparisons ?? []).map(({ expression }) => expression) : []
}

function violates(statement: Statement, name: string): boolean {
  if (!('comparisons' in statement)) return false
  return (statement.comparisons ?? []).some(({ expression, verdict }) => expression === name && verdict === 'violated')
}

/** A clause on every row against its bound of all rows. */
function wholeShare(statement: Statement): AgainstBound | undefined {
  if (statement.verdict !== 'satisfied' && statement.verdict !== 'violated') return undefined
  if (typeof statement.measured !== 'number' || !Number.isFinite(statement.measured)) return undefined
  const { measured, verdict } = statement
  return {
    expression: 'every row',
    value: measured,
    bound: 1,
    allowed: 'above',
    isStrict: false,
    unit: 'share',
    verdict,
  }
}
