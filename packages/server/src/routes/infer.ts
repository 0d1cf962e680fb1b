import { isUtf8 } from 'node:buffer'
import { requestLogFailureText } from '@plumbline/engine'
import {
  type Answer,
  type Answerer,
  clausesOf,
  parseJson,
  type RequestFacts,
  serve,
  type Violation,
} from '@plumbline/guard'
import { type Verdict } from '../metrics/serving-metrics.ts'
import { type InferRequest, readInfer } from '../protocol/infer-request.ts'
import { writeOutputs } from '../protocol/infer-response.ts'
import { requestRows, verdictOf } from '../requests/request-rows.ts'
import { asModelFailure, ModelFailure } from '../versions/model-failure.ts'
import type { HeldVersion } from '../versions/model-slot.ts'
import type { ModelVersion, RequestAbout } from '../versions/model-version.ts'
import { refuseStranger } from './access.ts'
import { type Call, errorReply, jsonReply, type Reply } from './call.ts'
import { askWithin, type Deadline, startDeadline, within } from './deadline.ts'
import type { Service } from './service.ts'
import { traceOf } from './trace.ts'

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
  const { request } = read
  const held = service.slot.take()
  try {
    const id = request.id ?? nextId()
    const deadline = startDeadline(service.timeoutMs, service.monotonic)
    const asked: Asked = {
      id,
      at: service.now(),
      traceparent: traceOf(call),
      deadline,
      held,
      ms: undefined,
      version: undefined,
    }
    const answer = await ask(service, request, asked)
    const probe = isProbe(call, service)
    const logged = probe || (await log(service, request, answer, asked))
    const verdict = logged ? verdictOf(answer) : 'unavailable'
    if (!probe)
      service.metrics.count({
        verdict,
        rows: request.rows.length,
        findings: answer.findings,
        guardSeconds: seconds() - (asked.ms ?? 0) / 1000,
        ...(asked.ms === undefined ? {} : { modelSeconds: asked.ms / 1000 }),
      })
    const headers = {
      ...verdictHeaders(answer, verdict),
      'plumbline-request-id': encodeURIComponent(id),
      // W3C Server Timing: whoever measures what the guard adds takes the model's own time off.
      ...(asked.ms === undefined ? {} : { 'server-timing': `model;dur=${asked.ms.toFixed(3)}` }),
    }
    if (!logged) return replyError(503, request, headers, { error: 'Nobody could answer: log-failed.' })
    return replyTo(service, request, answer, asked, headers)
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

/** One request on its way, and what becomes known of it. */
interface Asked extends RequestAbout {
  /** Microseconds since 1970. */
  readonly at: number
  readonly deadline: Deadline
  readonly held: HeldVersion | undefined
  /** Milliseconds that others took; undefined while nobody was asked. */
  ms: number | undefined
  /** The version that another server says has answered. */
  version: string | undefined
}

type Read = { readonly request: InferRequest } | { readonly problem: string }

function readCall({ headers, body }: Call, { guard, mostRows }: Service): Read {
  const parts = splitBody(body, headers['inference-header-content-length'])
  if (typeof parts === 'string') return { problem: parts }
  if (!isUtf8(parts.json)) return { problem: 'The body is not UTF-8.' }
  const text = Buffer.from(parts.json.buffer, parts.json.byteOffset, parts.json.byteLength).toString('utf8')
  const json = parseJson(text, { depth: JSON_DEPTH, length: text.length })
  if (!json.ok) return { problem: `The body was not read as JSON: ${json.problem}.` }
  const request = readInfer(json.value, guard.plan, mostRows, parts.tail)
  return request.ok ? { request: request.value } : { problem: request.problem }
}

/** The JSON of a body and the binary tensors after it, where a header says that there are such. */
function splitBody(
  body: Uint8Array,
  length: string | readonly string[] | undefined,
): { readonly json: Uint8Array; readonly tail?: Uint8Array } | string {
  if (length === undefined) return { json: body }
  if (typeof length !== 'string' || !/^\d{1,10}$/.test(length) || Number(length) > body.byteLength)
    return '`Inference-Header-Content-Length` is not the length of the JSON in this body.'
  return { json: body.subarray(0, Number(length)), tail: body.subarray(Number(length)) }
}

/** Lets the guard judge and the model answer, and notes how long others took. */
function ask(service: Service, { rows }: InferRequest, asked: Asked): Promise<Answer> {
  const { fallback, guard, metrics, monotonic } = service
  const answerer =
    (version: ModelVersion | undefined, share: number): Answerer =>
    async (given) => {
      const began = monotonic()
      const limit = asked.deadline.left() - service.timeoutMs * (1 - share)
      try {
        if (version === undefined) throw new ModelFailure('model', 'No version is loaded.')
        const answered = await askWithin(Math.max(0, limit), (signal) => version.answer(given, signal, asked))
        asked.version = answered.version
        return answered.rows
      } catch (error) {
        const { reason, message } = asModelFailure(error)
        metrics.modelFailed(reason)
        service.onTrouble?.(`${version === fallback ? 'The fallback' : 'The model'} did not answer. ${message}`)
        throw error
      } finally {
        asked.ms = (asked.ms ?? 0) + monotonic() - began
      }
    }
  return serve(guard, rows, {
    model: answerer(asked.held?.version, MODEL_UNTIL),
    ...(fallback === undefined ? {} : { fallback: answerer(fallback, FALLBACK_UNTIL) }),
    facts: factsOf(asked, asked.held?.version),
    fallbackFacts: factsOf(asked, fallback),
  })
}

function factsOf({ id, at }: Asked, version: ModelVersion | undefined): RequestFacts {
  return version?.digest === undefined ? { id, at } : { id, at, model: version.digest }
}

/** Whether the answer may be given: its rows are written, or the guard is open and the failure is counted. */
async function log(service: Service, { rows }: InferRequest, answer: Answer, asked: Asked): Promise<boolean> {
  const { sink, guard, metrics } = service
  if (sink === undefined) return true
  const by = answer.kind === 'answered' ? answer.by : undefined
  const version = by === 'model' ? asked.held?.version : by === 'fallback' ? service.fallback : undefined
  const { id, at, deadline } = asked
  const written = await within(
    deadline.left(),
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

function replyTo(
  { guard, name }: Service,
  request: InferRequest,
  answer: Answer,
  { held, version: said }: Asked,
  headers: Readonly<Record<string, string>>,
): Reply {
  const { id } = request
  if (answer.kind === 'answered') {
    const by = answer.by === 'model' ? said : undefined
    const version = held === undefined ? {} : { model_version: by ?? held.version.version }
    const known = { model_name: name, ...version, ...(id === undefined ? {} : { id }) }
    const { tensors, tail } = writeOutputs(answer.rows, guard.plan, request.outputs)
    const reply = jsonReply(200, { ...known, outputs: tensors }, headers)
    return tail.length === 0 ? reply : withTail(reply, tail)
  }
  if (answer.kind === 'unavailable')
    return replyError(503, request, headers, { error: `Nobody could answer: ${answer.reason}.` })
  const { row, clauses, violations, phase } = answer
  // A bad answer of the model is not the caller's fault, and is not shown.
  return phase === 'input'
    ? replyError(400, request, headers, {
        error: `Row ${row} is rejected: ${inWords(violations)}.`,
        row,
        clauses,
        violations,
      })
    : replyError(502, request, headers, { error: `The answer to row ${row} was withheld.`, row, clauses })
}

/** A reply whose JSON is followed by binary tensors. */
function withTail({ status, headers, body }: Reply, tail: readonly Uint8Array[]): Reply {
  const json = Buffer.from(body)
  const more = { 'content-type': 'application/octet-stream', 'inference-header-content-length': `${json.length}` }
  return { status, headers: { ...headers, ...more }, body: Buffer.concat([json, ...tail]) }
}

function replyError(
  status: number,
  { id }: InferRequest,
  headers: Readonly<Record<string, string>>,
  body: object,
): Reply {
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
