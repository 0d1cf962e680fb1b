import { createEvaluator, type Evaluator } from '../expr/evaluate/evaluate.ts'
import type { Expr } from '../expr/expr.ts'
import type { RecordValue } from '../expr/value.ts'
import { marginOf } from '../targets/margin/margin.ts'
import { type RowAnswer, answerOf } from './answer.ts'
import type { Implementation } from './implementation.ts'

/**
 * The margin as an implementation of conditions: true where it is above 0, false where it is below, an error where there
 * is none. On the border itself both answers are right, so that of the reference is given.
 */
export function marginImplementation(margin: typeof marginOf = marginOf): Implementation {
  const evaluator = createEvaluator()
  return {
    name: 'margin',
    errors: 'any',
    refuses: ({ type }) => (type.kind === 'bool' ? undefined : 'only a condition has a margin'),
    cannotHold: () => undefined,
    answers: async ({ exprs, rows }) => exprs.map((expr) => rows.map((row) => signOf(expr, row, evaluator, margin))),
    code: () => 'the sign of the margin',
  }
}

function signOf(expr: Expr, row: RecordValue, evaluator: Evaluator, margin: typeof marginOf): RowAnswer {
  const valueOf = (part: Expr) => evaluator.evaluate(part, { row })
  try {
    const apart = margin(expr, valueOf)
    if (apart === undefined) return { error: 'other' }
    if (Number.isNaN(apart)) return { broken: 'the margin is no number' }
    return apart === 0 ? answerOf(valueOf(expr)) : { value: apart > 0 }
  } catch (cause) {
    return { broken: String(cause) }
  }
}
