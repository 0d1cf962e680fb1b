import type { AlwaysClause, MustClause } from '../clause/clause.ts'
import { twoSampleTests } from '../expr/functions/two-sample-tests.ts'
import type { Comparison, Term } from '../expr/must.ts'
import type { Expr } from '../expr/expr.ts'
import { aucAtLeast } from './auc.ts'
import { chanceWithoutDrift, falseAlarmsPerYear, type NullDistance, nullDistances } from './false-alarms.ts'
import { printExpr } from '../expr/print/typed.ts'
import { MATRIX_METRICS, type MatrixMetric, matrixAtLeast } from './matrix.ts'
import { meanBeyond, type Spread } from './mean.ts'
import { shareAtLeast, shareAtMost } from './proportion.ts'
import { spreadWithin } from './spread.ts'

/** The rows of a relation's slice: all of them, and those with a positive label where there is one. */
export interface RowCount {
  readonly rows: number
  readonly positives?: number
  /** Of expressions whose mean is asked for, by `spreadKey`. */
  readonly spreads?: ReadonlyMap<string, Spread>
}

/** The name of an expression, or of the column `name`, among the spreads that were measured. */
export const spreadKey = (of: Expr | string): string => (typeof of === 'string' ? JSON.stringify(of) : printExpr(of))

/** What the rows at hand can say of one comparison of a clause. */
export interface Decidability {
  readonly comparison: string
  readonly canHold: boolean
  readonly canFail: boolean
  /** Rows (of the kind that count: positives for recall) that there are, and that would do. */
  readonly rows: number
  readonly rowsToHold?: number
  /** The value that is shown to meet the bound four times in five, at the strictest level of the family. */
  readonly detectable?: number
  /** Where groups are compared: how many; rows are then those of the smallest, and as many are needed of each. */
  readonly groups?: number
}

/** The rows of a group within the slice, by what makes a row one of them. */
export type GroupRows = (where: Expr) => RowCount | undefined

/**
 * What rows can say of the comparisons of a clause with one estimated number against a bound: a share, a ROC area, a metric of the four counts of
 * a decision, a mean of numbers whose spread is known, a gap or ratio of shares over groups. Whether a bound can be shown at
 * all is asked at the most lenient level Holm's procedure may come to (α / comparisons), or at one of its `step`s (divided by that, too); what
 * is detectable, at the strictest (α / comparisons / slices). Comparisons of other shapes are left out.
 */
export function decidabilityOf(
  clause: MustClause,
  count: RowCount,
  step = 1,
  groupRows: GroupRows = () => undefined,
): readonly Decidability[] {
  if (clause.confidence === 'none') return []
  const estimated = clause.must.comparisons.filter(({ estimated: is }) => is)
  const family = (1 - clause.confidence) / Math.max(1, estimated.length)
  const alpha = family / step
  const strict = 1 - family / Math.max(1, clause.slices.length)
  return estimated.flatMap((comparison) => {
    const asked = termAndBound(comparison, clause.must.terms)
    if (asked === undefined) return spreadIn(comparison, clause.must.terms, groupRows, 1 - alpha)
    const { term, atLeast, bound } = asked
    // How many rows have one of several classes is not counted.
    const ofClass = term.args.some(({ kind }) => kind === 'class')
    if (term.model !== undefined || term.where !== undefined || ofClass) return []
    const { rows, positives } = count
    if (term.fn === 'roc_auc') {
      if (positives === undefined || !atLeast) return []
      const lenient = aucAtLeast(positives, rows - positives, bound, 1 - alpha)
      const { detectable } = aucAtLeast(positives, rows - positives, bound, strict)
      return [
        {
          comparison: comparison.expression,
          ...without(lenient),
          rows,
          ...(detectable === undefined ? {} : { detectable }),
        },
      ]
    }
    if (isOfMatrix(term.fn)) {
      if (positives === undefined || !atLeast) return []
      const { rowsToHold, ...lenient } = matrixAtLeast(term.fn, positives, rows - positives, bound, 1 - alpha)
      const { detectable } = matrixAtLeast(term.fn, positives, rows - positives, bound, strict)
      return [
        {
          comparison: comparison.expression,
          ...without(lenient),
          rows,
          ...(rowsToHold === undefined ? {} : { rowsToHold }),
          ...(detectable === undefined ? {} : { detectable }),
        },
      ]
    }
    // Rows that are drawn together, or count differently, spread otherwise.
    if (term.fn === 'mean' && (term.cluster ?? term.weights) === undefined) {
      const spread = spreadOf(term, count)
      if (spread === undefined) return []
      const { detectable } = meanBeyond(spread, bound, atLeast, strict)
      const lenient = without(meanBeyond(spread, bound, atLeast, 1 - alpha))
      const found = { comparison: comparison.expression, ...lenient, rows: spread.rows }
      return [{ ...found, ...(detectable === undefined ? { rowsToHold: 2 } : { detectable }) }]
    }
    const own = rowsOf(term, count)
    if (own === undefined) return []
    const ask = atLeast ? shareAtLeast : shareAtMost
    const { canHold, canFail, rowsToHold } = ask(own, bound, 1 - alpha)
    const { detectable } = CHOSEN.has(term.fn) ? {} : ask(own, bound, strict)
    return [
      {
        comparison: comparison.expression,
        canHold,
        canFail,
        rows: own,
        ...(rowsToHold === undefined ? {} : { rowsToHold }),
        ...(detectable === undefined ? {} : { detectable }),
      },
    ]
  })
}

const without = ({ canHold, canFail }: { readonly canHold: boolean; readonly canFail: boolean }) => ({
  canHold,
  canFail,
})

const isOfMatrix = (fn: string): fn is MatrixMetric => Object.hasOwn(MATRIX_METRICS, fn)

/** A gap that has to be small, or a ratio that has to be great, of one share over groups whose rows are known. */
function spreadIn(
  { op, left, right, expression }: Comparison,
  terms: readonly Term[],
  groupRows: GroupRows,
  level: number,
): readonly Decidability[] {
  const [spread, literal, mirrored] = left.node === 'reduce' ? [left, right, false] : [right, left, true]
  if (spread.node !== 'reduce' || literal.node !== 'literal') return []
  const bound = Number(literal.value)
  const atLeast = op.startsWith('>') !== mirrored
  const isAsked = (spread.op === 'gap' && !atLeast) || (spread.op === 'ratio' && atLeast)
  if (!isAsked || op === '==' || op === '!=' || !Number.isFinite(bound)) return []
  const rows = spread.args.map((arg) => {
    const term = arg.node === 'term' ? terms[arg.index] : undefined
    const count = term?.where === undefined || term.model !== undefined ? undefined : groupRows(term.where)
    const ofClass = term?.args.some(({ kind }) => kind === 'class') === true
    return term === undefined || count === undefined || ofClass || CHOSEN.has(term.fn) ? undefined : rowsOf(term, count)
  })
  if (rows.length < 2 || !rows.every((n) => n !== undefined)) return []
  // That a group has no row at all is said of it once.
  const empty = spread.args.some((arg) => {
    const where = arg.node === 'term' ? terms[arg.index]?.where : undefined
    return where !== undefined && groupRows(where)?.rows === 0
  })
  if (empty) return []
  const found = spreadWithin(spread.op === 'gap' ? 'gap' : 'ratio', rows, bound, level)
  return [{ comparison: expression, ...found, rows: Math.min(...rows), groups: rows.length }]
}

/** How the numbers of a mean spread, where that was measured. */
function spreadOf({ args: [of] }: Term, { spreads }: RowCount): Spread | undefined {
  if (of?.kind === 'column') return spreads?.get(spreadKey(of.name))
  return of?.kind === 'expr' ? spreads?.get(spreadKey(of.expr)) : undefined
}

/** The rows that a share is a share of; where a decision chooses them no more than all. */
function rowsOf({ fn }: Term, { rows, positives }: RowCount): number | undefined {
  switch (fn) {
    case 'recall':
    case 'false_negative_rate':
      return positives
    case 'specificity':
    case 'false_positive_rate':
      return positives === undefined ? undefined : rows - positives
    case 'accuracy':
    case 'positive_rate':
    case 'share':
      return rows
    default:
      return CHOSEN.has(fn) ? rows : undefined
  }
}

/** Shares of rows that a decision chooses: how many is not known before. */
const CHOSEN: ReadonlySet<string> = new Set(['precision', 'negative_predictive_value', 'false_discovery_rate'])

function termAndBound({ op, left, right }: Comparison, terms: readonly Term[]) {
  const [ref, literal, mirrored] = left.node === 'term' ? [left, right, false] : [right, left, true]
  if (ref.node !== 'term' || literal.node !== 'literal') return undefined
  const term = terms[ref.index]
  const bound = Number(literal.value)
  if (term === undefined || !Number.isFinite(bound) || op === '==' || op === '!=') return undefined
  return { term, bound, atLeast: (op === '>' || op === '>=') !== mirrored }
}

/** Bins of a numeric column's distance, with one for missing. */
const BINS = 11

/**
 * Alarms a year that an `always` clause of distances below bounds is expected to give without drift, at most: were the measured distance
 * compared (the clause asks for its whole interval beyond the bound), with independent windows of `rows` rows. Undefined for
 * clauses of another shape.
 */
export function falseAlarmsOf(
  clause: AlwaysClause,
  rows: number,
  reference: (relation: string) => number | undefined,
): number | undefined {
  const chances: number[] = []
  for (const { op, left, right } of clause.must.comparisons) {
    if (right.node !== 'literal') return undefined
    const least = op === '>' || op === '>='
    const terms = left.node === 'reduce' && left.op === (least ? 'min' : 'max') ? left.args : [left]
    for (const each of terms) {
      const term = each.node === 'term' ? clause.must.terms[each.index] : undefined
      const relation = term?.args.find((arg) => arg.kind === 'relation')?.relation
      const known = relation === undefined ? undefined : reference(relation)
      if (term === undefined || known === undefined) return undefined
      if (least && term.fn === 'shift_auc') {
        // As far below a half as above it.
        chances.push(chanceWithoutDrift(term.fn, 1 - Number(right.value), rows, known, BINS))
        continue
      }
      if (least) {
        // A p-value falls below α in a share α of samples, at most: that is what it is.
        if (!Object.hasOwn(twoSampleTests, term.fn)) return undefined
        chances.push(Math.min(1, Math.max(0, Number(right.value))))
        continue
      }
      if ((op !== '<' && op !== '<=') || !isNullDistance(term.fn)) return undefined
      chances.push(chanceWithoutDrift(term.fn, Number(right.value), rows, known, BINS))
    }
  }
  return falseAlarmsPerYear(chances, clause.window, clause.for)
}

const isNullDistance = (fn: string): fn is NullDistance => nullDistances.has(fn)
