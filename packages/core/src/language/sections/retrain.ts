import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { byKind, list, record } from '../reader/collections.ts'
import { present, type Reader, transform } from '../reader/reader.ts'
import { duration, durationAtLeast, path, rate, word } from '../reader/scalars.ts'
import type { Retrain, RetrainTrigger } from '../spec-production.ts'

/** The trigger that is no clause and no time. */
const NEW_DATA = 'new-data'

const trigger: Reader<RetrainTrigger> = byKind("a clause, 'new-data', or { schedule: 30d }", {
  scalar: transform(word, (name) =>
    name.value === NEW_DATA ? { kind: NEW_DATA, span: name.span } : { kind: 'clause', name },
  ),
  map: transform(
    record('a schedule', { schedule: duration }, { required: ['schedule'] }),
    ({ values: { schedule } }) => schedule && { kind: 'schedule', every: schedule },
  ),
})

/** A rate that is not none at all. */
const budget: typeof rate = transform(rate, (found, _node, context) => {
  if (found.value.count > 0) return found
  const text = `0/${found.value.per}`
  context.report(diagnose(catalog.outOfRange, found.span, { text, allowed: 'a budget is at least one' }))
  return undefined
})

/** `pipeline.retrain`: what asks for a challenger, how often it may, and what makes one. */
export const retrain: Reader<Retrain> = transform(
  record("'retrain'", {
    when: list(trigger),
    cooldown: durationAtLeast(0n),
    budget,
    stages: list(word),
    candidate: path,
    window: path,
  }),
  ({ values, span }) => ({
    span,
    when: values.when ?? [],
    ...present({
      cooldown: values.cooldown,
      budget: values.budget,
      stages: values.stages,
      candidate: values.candidate,
      window: values.window,
    }),
  }),
)
