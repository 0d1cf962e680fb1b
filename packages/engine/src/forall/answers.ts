import {
  createEvaluator,
  type Expr,
  type ForallClause,
  isError,
  type Measured,
  printExpr,
  type RecordValue,
  type Value,
} from '@plumbline/core'
import { type BoundModel, predictRecords } from '../bound-models/bound-model.ts'

/** What a model answered for one of the records of a counterexample. */
export interface Answer {
  readonly expression: string
  readonly value: Readonly<Record<string, Measured>>
}

/** What the models answer for each prediction that `holds` reads, in the order of the text. */
export async function answersFor(
  clause: ForallClause,
  models: ReadonlyMap<string, BoundModel>,
  bound: ReadonlyMap<string, Value | null>,
  signal?: AbortSignal,
): Promise<readonly Answer[]> {
  const evaluator = createEvaluator()
  const locals = new Map(bound)
  for (const { name, value } of clause.let) {
    const result = evaluator.evaluate(value, { locals })
    if (!isError(result)) locals.set(name, result)
  }
  const answers: Answer[] = []
  for (const call of predictionsIn(clause.holds)) {
    const record = evaluator.evaluate(call.operand, { locals })
    const model = models.get(call.model)
    if (model === undefined || isError(record)) continue
    const predicted = await predictRecords(model, [record as RecordValue], signal)
    const answer = predicted.ok ? predicted.value[0] : undefined
    if (answer !== undefined)
      answers.push({
        expression: printExpr(call),
        value: Object.fromEntries([...answer].map(([k, v]) => [k, v as Measured])),
      })
  }
  return answers
}

function predictionsIn(expr: Expr): readonly Extract<Expr, { node: 'predict' }>[] {
  if (expr.node === 'predict') return [expr]
  const parts: readonly Expr[] =
    'args' in expr ? expr.args : 'operand' in expr && typeof expr.operand === 'object' ? [expr.operand] : []
  return parts.flatMap(predictionsIn)
}
