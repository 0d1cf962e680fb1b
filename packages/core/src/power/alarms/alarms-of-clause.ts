import type { AlwaysClause } from '../../clause/clause.ts'
import { twoSampleTests } from '../../expr/functions/two-sample-tests.ts'
import { chanceWithoutDrift, falseAlarmsPerYear, type NullDistance, nullDistances } from './false-alarms.ts'

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
