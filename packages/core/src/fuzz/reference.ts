import { createEvaluator } from '../expr/evaluate/evaluate.ts'
import type { Expr } from '../expr/expr.ts'
import type { RecordValue } from '../expr/value.ts'
import { type RowAnswer, answerOf } from './answer.ts'

/** The reference evaluator's answer for each row. */
export function referenceAnswers(expr: Expr, rows: readonly RecordValue[]): readonly RowAnswer[] {
  const evaluator = createEvaluator()
  return rows.map((row) => {
    try {
      return answerOf(evaluator.evaluate(expr, { row }))
    } catch (cause) {
      return { broken: String(cause) }
    }
  })
}
