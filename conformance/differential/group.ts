import type { Expr } from '../../packages/core/src/expr/expr.ts'
import type { GeneratedRow } from '../../packages/core/src/fuzz/rows.ts'
import type { Random } from '../../packages/core/src/stats/prng.ts'
import type { ExpressionGenerator } from './expressions.ts'
import { createFocus } from './pools.ts'
import { generateRow } from './rows.ts'

/** Expressions that are compared on the same rows, in one statement. */
export interface Group {
  readonly exprs: readonly Expr[]
  readonly rows: readonly GeneratedRow[]
}

/** How large a group is. */
export interface GroupSize {
  readonly expressions: number
  readonly rows: number
}
const USUAL: GroupSize = { expressions: 50, rows: 24 }

/** A group of expressions that are in no group before it (`distinct` remembers them), and rows of its own. */
export function generateGroup(
  random: Random,
  generator: ExpressionGenerator,
  distinct: Set<string>,
  size: GroupSize = USUAL,
): Group {
  const focus = createFocus(random)
  const exprs: Expr[] = []
  while (exprs.length < size.expressions) {
    const expr = generator.next(focus)
    const text = JSON.stringify(expr)
    if (distinct.has(text)) continue
    distinct.add(text)
    exprs.push(expr)
  }
  return { exprs, rows: Array.from({ length: size.rows }, () => generateRow(random, focus)) }
}
