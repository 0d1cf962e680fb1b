import { isUtf8 } from 'node:buffer'
import { requestLogFailureText } from '@plumbline/engine'
import { type Answer, type Answerer, clausesOf, parseJson, serve, type Violation } from '@plumbline/guard'
import { type Verdict } from '../metrics/serving-metrics.ts'
import { writeOutputs } from '../protocol/output-columns.ts'
import { type InferRequest, readInfer } from '../protocol/tensors.ts'
import { requestRows, verdictOf } from '../requests/request-rows.ts'
import type { HeldVersion } from '../versions/model-slot.ts'
import { type Call, errorReply, jsonReply, type Reply } from './call.ts'
import { type Deadline, startDeadline, withDeadline, within } from './deadline.ts'
import type { Service } from './service.ts'

const JSON_DEPTH = 8
/** Shares of a request's time after which the model, and then the fallback, is given up: what is left is for the log. */
const MODEL_UNTIL = 0.75
const FALLBACK_UNTIL = 0.9

/** Answers a request to infer: the guard, the model, the log. `nextId` names requests that came without an id. */
export async function infer(call: Call, service: Service, nextId: () => string): Promise<Reply> {
  const began = service.monotonic()
  const seconds = (): number => (service.monotonic() - began) / 1000
  if (!service.ready()) return errorReply(503, 'The server is stopping.')
  const read = readCall(call, service)
  if ('problem' in read) {
    service.metrics.count({ verdict: 'refused', rows: 0, findings: [], guardSeconds: seconds() })
    return errorReply(400, read.problem, { 'plumbline-verdict': 'refused' })
  }
  const held = service.slot.take()
  let released = false
  const release = (): void => {
    if (!released) held?.release()
    released = true
  }
  try {
    const at = service.now()
    const id = read.request.id ?? nextId()
    const deadline = startDeadline(service.timeoutMs, service.monotonic)
    const others = { ms: 0, asked: false }
    const answer = await ask(service, read.request, held, { id, at }, deadline, others)
    release()
    const logged = await log(service, read.request, answer, held, { id, at }, deadline)
    const verdict = logged ? verdictOf(answer) : 'unavailable'
    service.metrics.count({
      verdict,
      rows: read.request.rows.length,
      findings: answer.findings,
      guardSeconds: seconds() - others.ms / 1000,
      ...(others.asked ? { modelSeconds: others.ms / 1000 } : {}),
    })
    const headers = {
      ...verdictHeaders(answer, verdict),
      'plumbline-request-id': encodeURIComponent(id),
      // W3C Server Timing: whoever measures what the guard adds takes the model's own time off.
      ...(others.asked ? { 'server-timing': `model;dur=${others.ms.toFixed(3)}` } : {}),
    }
    if (!logged) return replyError(503, read.request, headers, { error: 'Nobody could answer: log-failed.' })
    return replyTo(service, read.request, answer, held, headers)
  } finally {
    release()
  }
}

type Read = { readonly request: InferRequest } | { readonly problem: string }

function readCall({ headers, body }: Call, { guard, mostRows }: Service): Read {
  if (headers['inference-header-content-length'] !== undefined)
    return { problem: 'The binary tensor extension is not supported.' }
  if (!isUtf8(body)) return { problem: 'The body is not UTF-8.' }
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
  const json = parseJson(text, { depth: JSON_DEPTH, length: text.length })
  if (!json.ok) return { problem: `The body was not read as JSON: ${json.problem}.` }
  const request = readInfer(json.value, guard.plan, mostRows)
  return request.ok ? { request: request.value } : { problem: request.problem }
}

const NOBODY: Answerer = () => Promise.reject(new Error('no version is loaded'))

/** Lets the guard judge and the model answer, and notes how long others took. */
function ask(
  service: Service,
  request: InferRequest,
  held: HeldVersion | undefined,
  known: { readonly id: string; readonly at: number },
  deadline: Deadline,
  others: { ms: number; asked: boolean },
): Promise<Answer> {
  const timed =
    (answerer: Answerer): Answerer =>
    async (rows, signal) => {
      const began = service.monotonic()
      others.asked = true
      try {
        return await answerer(rows, signal)
      } finally {
        others.ms += service.monotonic() - began
      }
    }
  const { fallback, guard } = service
  const until = (share: number) => () => Math.max(0, deadline.left() - service.timeoutMs * (1 - share))
  const factsOf = (digest: string | undefined) => ({ ...known, ...(digest === undefined ? {} : { model: digest }) })
  return serve(guard, request.rows, {
    model: timed(withDeadline(held?.version.answer ?? NOBODY, until(MODEL_UNTIL))),
    ...(fallback === undefined ? {} : { fallback: timed(withDeadline(fallback.answer, until(FALLBACK_UNTIL))) }),
    facts: factsOf(held?.version.digest),
    fallbackFacts: factsOf(fallback?.digest),
  })
}

/** Whether the answer may be given: its rows are written, or the guard is open and the failure is counted. */
async function log(
  service: Service,
  { rows }: InferRequest,
  answer: Answer,
  held: HeldVersion | undefined,
  known: { readonly id: string; readonly at: number },
  deadline: Deadline,
): Promise<boolean> {
  const { sink, guard, metrics } = service
  if (sink === undefined) return true
  const by = answer.kind === 'answered' ? answer.by : undefined
  const version = by === 'model' ? held?.version : by === 'fallback' ? service.fallback : undefined
  const written = await within(
    deadline.left(),
    sink.append(requestRows(guard, rows, answer, { ...known, model: version?.digest ?? null })),
  )
  if (written?.ok === true) return true
  metrics.logFailures.value++
  const why = written === undefined ? 'Its time was up.' : requestLogFailureText(written.failure)
  service.onTrouble?.(`A request was not logged. ${why}`)
  if (guard.plan.policy.onFailure === 'closed') return false
  metrics.unlogged.value += rows.length
  return true
}

function replyTo(
  { guard, name }: Service,
  request: InferRequest,
  answer: Answer,
  held: HeldVersion | undefined,
  headers: Readonly<Record<string, string>>,
): Reply {
  const { id } = request
  if (answer.kind === 'answered') {
    const version = held === undefined ? {} : { model_version: held.version.version }
    const known = { model_name: name, ...version, ...(id === undefined ? {} : { id }) }
    return jsonReply(200, { ...known, outputs: writeOutputs(answer.rows, guard.plan, request.outputs) }, headers)
  }
  if (answer.kind === 'unavailable')
    return replyError(503, request, headers, { error: `Nobody could answer: ${answer.reason}.` })
  const { row, clauses, violations, phase } = answer
  // A bad answer of the model is not the caller's fault, and is not shown.
  return phase === 'input'
    ? replyError(400, request, headers, {
        error: `Row ${row} is rejected: ${said(violations)}.`,
        row,
        clauses,
        violations,
      })
    : replyError(502, request, headers, { error: `The answer to row ${row} was withheld.`, row, clauses })
}

function replyError(
  status: number,
  { id }: InferRequest,
  headers: Readonly<Record<string, string>>,
  body: object,
): Reply {
  return jsonReply(status, { ...body, ...(id === undefined ? {} : { id }) }, headers)
}

function said(violations: readonly Violation[]): string {
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
function verdictHeaders(answer: Answer, verdict: Verdict): Readonly<Record<string, string>> {
  const served = answer.kind === 'answered' && verdict !== 'unavailable'
  const headers: Record<string, string> = { 'plumbline-verdict': verdict }
  if (served) headers['plumbline-served-by'] = answer.by
  if (answer.findings.length > 0) {
    const clauses = clausesOf(answer.findings.map(({ violation }) => violation)).map(encodeURIComponent)
    // Proxies cut long header lines; the body and the log have all of them.
    if (clauses.length > 0) headers['plumbline-clauses'] = clauses.slice(0, 32).join(',')
  }
  return headers
}
