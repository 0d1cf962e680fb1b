import { requestLogFailureText } from '@plumbline/engine'
import type { Answer } from '@plumbline/guard'
import type { InferRequest } from '../protocol/infer-request.ts'
import { requestRows } from '../requests/request-rows.ts'
import type { RequestSink } from '../requests/request-sink.ts'
import type { Asked } from './asked.ts'
import { within } from './within.ts'
import type { Service } from './service.ts'

/** Whether the answer may be given: its rows are written, or the guard is open and the failure is counted. */
export async function writeDown(
  service: Service,
  sink: RequestSink,
  { rows }: InferRequest,
  answer: Answer,
  asked: Asked,
): Promise<boolean> {
  const { guard, metrics } = service
  const by = answer.kind === 'answered' ? answer.by : undefined
  const version = by === 'model' ? asked.held?.version : by === 'fallback' ? service.fallback : undefined
  const { id, at, began } = asked
  const written = await within(
    began + service.timeoutMs - service.monotonic(),
    sink.append(requestRows(guard, rows, answer, { id, at, model: version?.digest ?? null })),
  )
  if (written?.ok === true) return true
  metrics.logFailures.value++
  const why = written === undefined ? 'Its time was up.' : requestLogFailureText(written.failure)
  service.onTrouble?.(`A request was not logged. ${why}`)
  if (guard.plan.policy.onFailure === 'closed') return false
  metrics.unlogged.value += rows.length
  return true
}
