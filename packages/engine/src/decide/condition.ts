import type { Expr, stats as Stats } from '@plumbline/core'
import { stats } from '@plumbline/core'

/** A tree of `&&`, `||`, `!` over comparisons, folded bottom-up. */
function fold<T>(
  condition: Expr,
  leaf: (index: number) => T,
  how: { readonly and: (parts: T[]) => T; readonly or: (parts: T[]) => T; readonly not: (part: T) => T },
): T {
  switch (condition.node) {
    case 'comparison':
      return leaf(condition.index)
    case 'and':
    case 'or':
      return how[condition.node](condition.args.map((arg) => fold(arg, leaf, how)))
    case 'call': {
      const [operand] = condition.args
      if (condition.fn === 'not' && operand !== undefined) return how.not(fold(operand, leaf, how))
      break
    }
    default:
  }
  throw new Error(`A must condition cannot hold a node "${condition.node}".`)
}

/** The three-valued (Kleene) verdict of a condition from those of its comparisons. */
export function verdictOf(condition: Expr, leaf: (index: number) => Stats.Decision): Stats.Decision {
  return fold(condition, leaf, { and: stats.decideAll, or: stats.decideAny, not: stats.decideNot })
}

/** At which α a condition becomes true, and at which false. */
export function reachOfCondition(condition: Expr, leaf: (index: number) => Stats.Reach): Stats.Reach {
  return fold(condition, leaf, { and: stats.reachAll, or: stats.reachAny, not: stats.reachNot })
}
