import type { Expr } from '../../packages/core/src/expr/expr.ts'
import { compareAll, type Targets } from './compare.ts'
import type { Group } from './group.ts'

/** Compares until the first disagreement; only expressions whose code a planted bug has `changed` can disagree. */
export async function findDisagreement(
  groups: readonly Group[],
  targets: Targets,
  changed: (expr: Expr) => boolean,
): Promise<string> {
  let compared = 0
  for (const { exprs, rows } of groups) {
    const concerned = exprs.filter(changed)
    if (concerned.length === 0) continue
    compared += concerned.length
    const { disagreements } = await compareAll(concerned, rows, targets)
    if (disagreements.length > 0) return 'found'
  }
  return `not found in ${compared} expressions`
}
