import { anyName, mapOf, record } from '../reader/collections.ts'
import { present, type Reader, transform } from '../reader/reader.ts'
import { choice, durationAtLeast, plainValue, word } from '../reader/scalars.ts'
import type { Guard } from '../spec.ts'
import { severity } from './common.ts'

const guardAction = choice('an action', ['reject', 'fallback', 'flag'] as const)

const guard = record("the 'guard' section", {
  input: record("'input' of the guard", { on_violation: guardAction }),
  output: record("'output' of the guard", { on_violation: guardAction }),
  on_failure: choice("'open' or 'closed'", ['open', 'closed'] as const),
  fallback: record("'fallback' of the guard", {
    model: word,
    value: mapOf(anyName('an output'), plainValue, (_name, value) => value),
  }),
  budget: record("'budget' of the guard", { added_latency_p99: durationAtLeast(1n), severity }),
})

/** `guard`: what is done with requests and answers that violate a clause. */
export const guardSection: Reader<Guard> = transform(guard, ({ values, span }) => {
  const { fallback, budget } = values
  const addedLatency = budget?.values.added_latency_p99
  return {
    span,
    ...present({
      input: values.input?.values.on_violation,
      output: values.output?.values.on_violation,
      onFailure: values.on_failure,
      fallback: fallback && {
        span: fallback.span,
        ...present({ model: fallback.values.model, value: fallback.values.value }),
      },
      budget: addedLatency && { addedLatency, ...present({ severity: budget?.values.severity }) },
    }),
  }
})
