import { type Answer, clausesOf, type Violation } from '@plumbline/guard'
import type { Verdict } from '../metrics/serving-metrics.ts'
import type { InferRequest } from '../protocol/infer-request.ts'
import { type AnsweredBy, writeAnswer } from '../protocol/infer-response.ts'
import type { Asked } from './asked.ts'
import { jsonReply, type Reply } from './call.ts'
import type { Service } from './service.ts'

/** The reply to a request as it ended; `logged`: whether it may be answered. */
export function inferReply(
  { guard, name }: Service,
  request: InferRequest,
  answer: Answer,
  asked: Asked,
  verdict: Verdict,
  logged: boolean,
): Reply {
  const headers = verdictHeaders(answer, asked, verdict)
  if (!logged) return refusal(503, request, headers, { error: 'Nobody could answer: log-failed.' })
  if (answer.kind === 'answered') {
    const version = (answer.by === 'model' ? asked.version : undefined) ?? asked.held?.version.version
    const by: AnsweredBy = { model: name, version, id: request.id }
    const { json, tail } = writeAnswer(answer.rows, guard.plan, request.outputs, by)
    return tail.length === 0 ? { status: 200, headers, body: json } : withTail(json, tail, headers)
  }
  if (answer.kind === 'unavailable')
    return refusal(503, request, headers, { error: `Nobody could answer: ${answer.reason}.` })
  const { row, clauses, violations, phase } = answer
  // A bad answer of the model is not the caller's fault, and is not shown.
  return phase === 'input'
    ? refusal(400, request, headers, {
        error: `Row ${row} is rejected: ${inWords(violations)}.`,
        row,
        clauses,
        violations,
      })
    : refusal(502, request, headers, { error: `The answer to row ${row} was withheld.`, row, clauses })
}

/** A reply whose JSON is followed by binary tensors. */
function withTail(text: string, tail: readonly Uint8Array[], headers: Record<string, string>): Reply {
  const json = Buffer.from(text)
  headers['content-type'] = 'application/octet-stream'
  headers['inference-header-content-length'] = `${json.length}`
  return { status: 200, headers, body: Buffer.concat([json, ...tail]) }
}

function refusal(status: number, { id }: InferRequest, headers: Record<string, string>, body: object): Reply {
  return jsonReply(status, { ...body, ...(id === undefined ? {} : { id }) }, headers)
}

function inWords(violations: readonly Violation[]): string {
  return violations
    .map((each) => {
      const what = 'clause' in each && each.clause !== undefined ? each.clause : each.kind
      return 'column' in each
        ? `${what} (${each.column})`
        : 'field' in each
          ? `${what} (${each.field.slice(0, 64)})`
          : what
    })
    .join(', ')
}

/** What happened, for proxies and logs: the verdict, who answered, and the clauses behind it (ids percent-encoded). */
function verdictHeaders(answer: Answer, { id, ms }: Asked, verdict: Verdict): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'plumbline-verdict': verdict }
  if (answer.kind === 'answered' && verdict !== 'unavailable') headers['plumbline-served-by'] = answer.by
  if (answer.findings.length > 0) {
    const clauses = clausesOf(answer.findings.map(({ violation }) => violation)).map(encodeURIComponent)
    // Proxies cut long header lines; the body and the log have all of them.
    if (clauses.length > 0) headers['plumbline-clauses'] = clauses.slice(0, 32).join(',')
  }
  headers['plumbline-request-id'] = encodeURIComponent(id)
  // W3C Server Timing: whoever measures what the guard adds takes the model's own time off.
  if (ms !== undefined) headers['server-timing'] = `model;dur=${ms.toFixed(3)}`
  return headers
}
