import type { Clause, EveryClause } from '../clause/clause.ts'
import { aggregates } from '../expr/functions/aggregates.ts'
import type { Comparison, Term } from '../expr/must.ts'
import { conjuncts } from './aggregates/bounds.ts'
import { presentIn } from './aggregates/given.ts'
import { cellsOf, placedIn, readingOf, rowsOf, subjectOf } from './aggregates/measured.ts'
import type { Instance } from './instance.ts'
import { populationOf } from './populations.ts'

const COUNTS: ReadonlySet<string> = new Set(['count', 'distinct', 'duplicates', 'overlap'])
/** They have a value on whatever rows there are. */
const OF_ROWS: ReadonlySet<string> = new Set([...COUNTS, 'present', 'share', 'null_share', 'modes', 'mode_count'])
/** They have a value where a cell is there. */
const OF_CELLS: ReadonlySet<string> = new Set([
  'min',
  'max',
  'mean',
  'sum',
  'median',
  'quantile',
  'quantile_nearest',
  'approx_quantile',
  'approx_quantile_by_rank',
])

/** The numbers that a function can give. */
export function rangeOf({ fn }: Term): readonly [number, number] {
  const { range } = aggregates[fn] as { readonly range?: readonly [number, number] }
  const [low, high] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  return [COUNTS.has(fn) ? 0 : low, high]
}

/** Whether a number beside a constant is within its bound by what its function can give at all. */
export function isAlwaysWithin({ op, left, right }: Comparison, terms: readonly Term[]): boolean {
  const mirrored = left.node === 'literal'
  const [side, literal] = mirrored ? [right, left] : [left, right]
  const term = side.node === 'term' ? terms[side.index] : undefined
  if (term === undefined || literal.node !== 'literal') return false
  const [at, [low, high]] = [Number(literal.value), rangeOf(term)]
  if (op === '==' || op === '!=') return op === '!=' && (at < low || at > high)
  const isFloor = op.startsWith('>') !== mirrored
  if (isFloor) return op.length === 2 ? low >= at : low > at
  return op.length === 2 ? high <= at : high < at
}

/**
 * The clauses by which a number of an instance has a value wherever there are rows: none where others (`said`) have one only then, else
 * the first that asks for its cells. Undefined where it may have none all the same: of some of the rows, of cells that may be missing, of
 * a decision.
 */
export function valueBy(
  instance: Instance,
  term: Term,
  said: readonly Instance[],
  clauses: readonly Clause[],
  layers: ReadonlySet<string>,
): readonly EveryClause[] | undefined {
  const { term: placed, slice } = placedIn(instance, term)
  const { key } = populationOf([slice, placed.where ?? null])
  const { needed } = readingOf(said)
  const isOfRows = OF_ROWS.has(term.fn)
  if (isOfRows) return key === '' || needed.has(rowsOf(key)) ? [] : undefined
  const subject = subjectOf(term)
  if (subject === undefined || !OF_CELLS.has(term.fn)) return undefined
  if (needed.has(cellsOf(key, subject))) return []
  if (key !== '') return undefined
  const required = clauses.find(
    (clause): clause is EveryClause =>
      clause.form === 'every' &&
      clause.severity === 'block' &&
      clause.of.some(({ relation }) => layers.has(relation)) &&
      asksFor(clause, subject),
  )
  return required === undefined ? undefined : [required]
}

/** Whether each row that meets a clause has a cell of a column, and each row is asked. */
function asksFor(clause: EveryClause, column: string): boolean {
  if (clause.condition.kind !== 'expr' || Number(clause.mostly) < 1) return false
  if (clause.slices.every(({ condition }) => condition !== null)) return false
  return conjuncts(clause.condition.expr).some((part) => presentIn(part, clause) === column)
}
