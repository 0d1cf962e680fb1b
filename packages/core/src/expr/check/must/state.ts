import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { ColumnInfo, RelationEnvironment } from '../../environment.ts'
import type { Expr, TermRef } from '../../expr.ts'
import type { Comparison, Term } from '../../must.ts'
import type { Range } from '../../syntax.ts'
import type { Unit } from '../../units/unit.ts'
import { at, type Context } from '../context.ts'
import { inUnit } from '../units.ts'

/** What macros bind around the part being checked. */
export interface Binding {
  /** `column` of min_over, max_over, all_over. */
  readonly column?: ColumnInfo
  /** The group of ratio_across, gap_across. */
  readonly where?: Expr
}

/** Measurements that the macros of one condition may come to. */
export const MOST_TERMS = 10_000

/** A `must` condition in the making. */
export interface MustState {
  readonly environment: RelationEnvironment
  readonly terms: Term[]
  readonly comparisons: Comparison[]
  /** What `columns` stood for; undefined until a macro uses it. */
  columns: { readonly included: readonly string[]; readonly skipped: readonly string[] } | undefined
  /** A context for a part under a binding; findings go to `diagnostics`. */
  contextFor(binding: Binding, diagnostics: Diagnostic[]): Context
}

/** The reference to a term, which is added unless an equal one is there. */
export function termRef(context: Context, state: MustState, term: Term, unit: Unit | undefined, node: Range): TermRef {
  const known = state.terms.findIndex((other) => other.expression === term.expression)
  const index = known >= 0 ? known : state.terms.push(term) - 1
  return inUnit(context, { node: 'term', index, type: term.type, at: at(node) }, unit)
}

/** Runs a trial; when it gives nothing, the terms and comparisons it added are taken back. */
export function attempt<T>(state: MustState, trial: () => T | undefined): T | undefined {
  const [terms, comparisons, columns] = [state.terms.length, state.comparisons.length, state.columns]
  const value = trial()
  if (value === undefined) {
    state.terms.length = terms
    state.comparisons.length = comparisons
    state.columns = columns
  }
  return value
}
