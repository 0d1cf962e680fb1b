import { createEvaluator } from '../../packages/core/src/expr/evaluate/evaluate.ts'
import type { Expr } from '../../packages/core/src/expr/expr.ts'
import { isError } from '../../packages/core/src/expr/value.ts'
import type { Outcome } from './outcome.ts'
import type { GeneratedRow } from './rows.ts'

/** The reference evaluator's answer for each row. */
export function referenceAnswers(expr: Expr, rows: readonly GeneratedRow[]): readonly Outcome[] {
  const evaluator = createEvaluator()
  return rows.map((row) => {
    try {
      const answer = evaluator.evaluate(expr, { row: row.cells })
      if (isError(answer)) return answer
      if (typeof answer !== 'object') return { value: answer }
      if ('timestamp' in answer) return { value: (answer as { timestamp: bigint }).timestamp }
      if ('duration' in answer) return { value: (answer as { duration: bigint }).duration }
      return { broken: 'a record' }
    } catch (cause) {
      return { broken: String(cause) }
    }
  })
}
