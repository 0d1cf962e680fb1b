import { verdictOf } from '../requests/request-rows.ts'
import { refuseStranger } from './access.ts'
import { askModel } from './ask-model.ts'
import type { Asked } from './asked.ts'
import { type Call, errorReply, type Reply } from './call.ts'
import { inferReply } from './infer-reply.ts'
import type { ReadCall } from './read-call.ts'
import type { Service } from './service.ts'
import { traceOf } from './trace.ts'
import { writeDown } from './write-down.ts'

/** Answers a request to infer: the guard, the model, the log. `nextId` names requests that came without an id. */
export async function infer(call: Call, service: Service, read: ReadCall, nextId: () => string): Promise<Reply> {
  const { metrics, sink } = service
  const began = service.monotonic()
  if (!service.ready()) return errorReply(503, 'The server is stopping.')
  const request = read(call)
  if (typeof request === 'string') {
    const guardSeconds = (service.monotonic() - began) / 1000
    metrics.count({ verdict: 'refused', rows: 0, findings: [], guardSeconds, modelSeconds: undefined })
    return errorReply(400, request, { 'plumbline-verdict': 'refused' })
  }
  const held = service.slot.take()
  try {
    const asked: Asked = {
      id: request.id ?? nextId(),
      at: service.now(),
      traceparent: traceOf(call),
      began,
      held,
      ms: undefined,
      version: undefined,
    }
    const answer = await askModel(service, request, asked)
    const probe = isProbe(call, service)
    const logged = probe || sink === undefined || (await writeDown(service, sink, request, answer, asked))
    const verdict = logged ? verdictOf(answer) : 'unavailable'
    if (!probe) {
      const { ms } = asked
      const guardSeconds = (service.monotonic() - began - (ms ?? 0)) / 1000
      const modelSeconds = ms === undefined ? undefined : ms / 1000
      metrics.count({ verdict, rows: request.rows.length, findings: answer.findings, guardSeconds, modelSeconds })
    }
    return inferReply(service, request, answer, asked, verdict, logged)
  } finally {
    held?.release()
  }
}

/**
 * Whether it is no traffic but a question of who steers the server, what it answers by: such a request is answered like
 * any other, and neither logged nor counted. From others the header means nothing.
 */
function isProbe(call: Call, { token }: Service): boolean {
  return call.headers['plumbline-probe'] !== undefined && refuseStranger(call, token) === undefined
}
