import type { Expr } from '../../packages/core/src/expr/expr.ts'
import { compareAll, type Disagreement, type Targets } from './compare.ts'
import type { Group } from './group.ts'

/** The first disagreement, or that there is none; only expressions whose code a planted bug has `changed` can disagree. */
export async function findDisagreement(
  groups: readonly Group[],
  targets: Targets,
  changed: (expr: Expr) => boolean,
): Promise<Disagreement | string> {
  let compared = 0
  for (const { exprs, rows } of groups) {
    const concerned = exprs.filter(changed)
    if (concerned.length === 0) continue
    compared += concerned.length
    const { disagreements } = await compareAll(concerned, rows, targets)
    if (disagreements[0] !== undefined) return disagreements[0]
  }
  return `not found in ${compared} expressions`
}
