import type { MustClause } from '../clause/clause.ts'
import type { Comparison } from '../expr/must.ts'
import { atDrawnRows, drawnRows, saidOfDrawn } from './drawn-rows.ts'
import { saidOfGroups } from './of-groups.ts'
import { saidOfModels } from './of-models.ts'
import { saidOfTerm } from './of-term.ts'
import { unknown } from './saying.ts'
import type { Decidability, Levels, RowsAtHand, Said } from './rows-at-hand.ts'
import { shapeOf } from './shape.ts'

/**
 * What rows can say of the comparisons of a clause, each by what its number is (`ways.ts`): whether its bound can be shown to hold or not to hold at all, asked at the most
 * lenient level Holm's procedure may come to (α / comparisons), or at one of its `step`s (divided by that, too); and what is detectable, at
 * the strictest (α / comparisons / slices), or why that is not known. A gap over a group without rows is left out: that is said by itself.
 */
export function decidabilityOf(clause: MustClause, at: RowsAtHand, step = 1): readonly Decidability[] {
  if (clause.confidence === 'none') return []
  const estimated = clause.must.comparisons.filter(({ estimated: is }) => is)
  const family = (1 - clause.confidence) / Math.max(1, estimated.length)
  const levels: Levels = {
    lenient: 1 - family / step,
    strict: 1 - family / Math.max(1, clause.slices.length),
    ...(at.effects === false ? { effects: false } : {}),
  }
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
  const { rows } = at.count
  if (shape === undefined)
    return unknown(rows, 'a figure is given where one number, or a difference of two models, is compared with a number')
  if (shape.kind === 'spread') return saidOfGroups({ ...shape, terms }, at, levels)
  const term = shape.kind === 'term' ? shape.term : shape.left
  if (term.where !== undefined) return unknown(rows, 'it is of one group alone')
  const drawn = drawnRows(term, at.count)
  if (typeof drawn === 'string') return unknown(rows, drawn)
  const alike = atDrawnRows(at, drawn)
  const said = shape.kind === 'term' ? saidOfTerm(shape, alike, levels) : saidOfModels(shape, alike, levels)
  return saidOfDrawn(said, drawn, rows)
}
