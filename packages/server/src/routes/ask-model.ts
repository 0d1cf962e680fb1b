import { type Answer, type Answerer, type RequestFacts, type Row, serve } from '@plumbline/guard'
import type { InferRequest } from '../protocol/infer-request.ts'
import { askWithin } from '../versions/deadline.ts'
import { asModelFailure, ModelFailure } from '../versions/model-failure.ts'
import type { ModelVersion } from '../versions/model-version.ts'
import type { Asked } from './asked.ts'
import type { Service } from './service.ts'

/** Shares of a request's time after which the model, and then the fallback, is given up: what is left is for the log. */
const MODEL_UNTIL = 0.75
const FALLBACK_UNTIL = 0.9

/** Lets the guard judge and the model answer, and notes how long others took. */
export function askModel(service: Service, { rows }: InferRequest, asked: Asked): Promise<Answer> {
  const { fallback, guard } = service
  const model = asked.held?.version
  const answerer =
    (version: ModelVersion | undefined, share: number): Answerer =>
    (given) =>
      askVersion(service, version, given, asked, share)
  return serve(guard, rows, {
    model: answerer(model, MODEL_UNTIL),
    facts: factsOf(asked, model),
    ...(fallback === undefined
      ? {}
      : { fallback: answerer(fallback, FALLBACK_UNTIL), fallbackFacts: factsOf(asked, fallback) }),
  })
}

async function askVersion(
  service: Service,
  version: ModelVersion | undefined,
  rows: readonly Row[],
  asked: Asked,
  share: number,
): Promise<readonly unknown[]> {
  const began = service.monotonic()
  try {
    if (version === undefined) throw new ModelFailure('model', 'No version is loaded.')
    const left = asked.began + service.timeoutMs * share - began
    const answered = await askWithin(left, (deadline) => version.answer(rows, deadline, asked))
    asked.version = answered.version
    return answered.rows
  } catch (error) {
    const { reason, message } = asModelFailure(error)
    service.metrics.modelFailed(reason)
    service.onTrouble?.(`${version === service.fallback ? 'The fallback' : 'The model'} did not answer. ${message}`)
    throw error
  } finally {
    asked.ms = (asked.ms ?? 0) + service.monotonic() - began
  }
}

function factsOf({ id, at }: Asked, version: ModelVersion | undefined): RequestFacts {
  return version?.digest === undefined ? { id, at } : { id, at, model: version.digest }
}
