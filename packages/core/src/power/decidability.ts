import type { MustClause } from '../clause/clause.ts'
import type { Comparison } from '../expr/must.ts'
import { saidOfGroups } from './of-groups.ts'
import { saidOfModels } from './of-models.ts'
import { saidOfTerm } from './of-term.ts'
import type { Decidability, Levels, RowsAtHand, Said } from './rows-at-hand.ts'
import { shapeOf } from './shape.ts'

/**
 * What rows can say of the comparisons of a clause that are straight in one estimated number: a share, a ROC area, a metric of the four counts of
 * a decision or of a regression, a mean of numbers; in a gap or ratio over groups; or in the difference of two models. Whether a bound
 * can be shown at all is asked at the most lenient level Holm's procedure may come to (α / comparisons), or at one of its `step`s (divided
 * by that, too); what is detectable, at the strictest (α / comparisons / slices). Comparisons of other shapes are left out.
 */
export function decidabilityOf(clause: MustClause, at: RowsAtHand, step = 1): readonly Decidability[] {
  if (clause.confidence === 'none') return []
  const estimated = clause.must.comparisons.filter(({ estimated: is }) => is)
  const family = (1 - clause.confidence) / Math.max(1, estimated.length)
  const levels = { lenient: 1 - family / step, strict: 1 - family / Math.max(1, clause.slices.length) }
  return estimated.flatMap((comparison) => {
    const said = saidOf(comparison, clause, at, levels)
    const way = easedBy(comparison)
    return said === undefined
      ? []
      : [{ comparison: comparison.expression, ...(way === undefined ? {} : { eased: way }), ...said }]
  })
}

/** Which way the one number of a comparison that stands by itself is moved to ask less. */
export function easedBy({ op, left, right }: Comparison): 'lower' | 'raise' | undefined {
  const isBound = (side: Comparison['left']): boolean => side.node === 'literal'
  if (isBound(left) === isBound(right) || op === '==' || op === '!=') return undefined
  return op.startsWith('>') === isBound(right) ? 'lower' : 'raise'
}

function saidOf(comparison: Comparison, clause: MustClause, at: RowsAtHand, levels: Levels): Said | undefined {
  const { terms } = clause.must
  const shape = shapeOf(comparison, terms)
  switch (shape?.kind) {
    case 'term':
      if (shape.term.model !== undefined || shape.term.where !== undefined) return undefined
      return saidOfTerm(shape.term, shape.bound, shape.atLeast, at, levels)
    case 'models':
      return saidOfModels(shape.left, shape.right, shape.bound, shape.atLeast, at, levels)
    case 'spread':
      return saidOfGroups(shape.spread, terms, shape.bound, shape.atLeast, at, levels)
    default:
      return undefined
  }
}
