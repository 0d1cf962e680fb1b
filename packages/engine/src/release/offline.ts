import type { GuardPlan, RecordValue, Value } from '@plumbline/core'
import { answerRecords, type BoundModel } from '../bound-models/bound-model.ts'
import type { Offline, Predict } from './expected.ts'

/** The candidate and the fallback as files, asked as a server asks them. */
export function offlineOf(plan: GuardPlan, model: BoundModel, fallback: BoundModel | undefined): Offline {
  const declared = plan.policy.fallback
  if (declared === undefined) return { model: predictor(model) }
  if (declared.kind === 'model')
    return { model: predictor(model), fallback: fallback === undefined ? nobody : predictor(fallback) }
  const constant: RecordValue = new Map(
    declared.outputs.map(({ name, value }) => [name, constantOf(plan, name, value)]),
  )
  return { model: predictor(model), fallback: (records) => Promise.resolve(records.map(() => ({ answers: constant }))) }
}

const nobody: Predict = () => Promise.resolve(undefined)

function constantOf(plan: GuardPlan, name: string, value: number | string | boolean): Value {
  const whole = plan.outputs.find((output) => output.name === name)?.kind === 'int'
  return whole && typeof value === 'number' ? BigInt(value) : value
}

/** A model in process. Where it cannot answer a batch, nobody can: the server's cannot either. */
function predictor(model: BoundModel): Predict {
  return async (records) => {
    const answered = await answerRecords(model, records)
    return answered.ok ? answered.value.map((answers) => ({ answers })) : undefined
  }
}
