import { expect, it } from 'vitest'
import { createEvaluator } from '../../packages/core/src/expr/evaluate/evaluate.ts'
import { isError } from '../../packages/core/src/expr/value.ts'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { marginOf } from '../../packages/core/src/targets/margin/index.ts'
import { createExpressionGenerator } from './expressions.ts'
import { generateGroup } from './group.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const groups = Number(process.env['PLUMB_FUZZ_GROUPS'] ?? 80)

it('the margin has the sign of the verdict, and there is none exactly where the condition is an error', () => {
  const random = createRandom(seed, 'margin')
  const generator = createExpressionGenerator(random)
  const evaluator = createEvaluator()
  const seen = { positive: 0, negative: 0, finite: 0, none: 0 }
  const wrong: string[] = []
  for (let group = 0; group < groups; group++) {
    const { exprs, rows } = generateGroup(random, generator, new Set())
    for (const expr of exprs) {
      if (expr.type.kind !== 'bool') continue
      for (const { cells } of rows) {
        const valueOf = (part: typeof expr) => evaluator.evaluate(part, { row: cells })
        const value = valueOf(expr)
        const margin = marginOf(expr, valueOf)
        if (isError(value) !== (margin === undefined)) wrong.push(`${JSON.stringify(expr)}: ${String(margin)}`)
        if (margin === undefined) seen.none++
        else if (Number.isNaN(margin) || (margin > 0 && value !== true) || (margin < 0 && value !== false))
          wrong.push(`${JSON.stringify(expr)}: ${margin} where it is ${String(value)}`)
        else {
          if (margin > 0) seen.positive++
          if (margin < 0) seen.negative++
          if (Number.isFinite(margin) && margin !== 0) seen.finite++
        }
      }
    }
  }
  expect(wrong.slice(0, 3)).toEqual([])
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(groups)
})
