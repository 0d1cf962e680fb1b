import { clausesOf, type Answer, type Answerer, type Guard, parseJson, serve, type Violation } from '@plumbline/guard'
import { DATATYPES, outputColumns, readInfer, writeOutputs } from './tensors.ts'

/** An HTTP request whose body was read within its limit. */
export interface Call {
  readonly method: string
  /** Path without query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
}

/** What is answered. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: object
}

/** One guarded model. */
export interface Deployment {
  /** Name in paths. */
  readonly name: string
  readonly version: string
  readonly guard: Guard
  readonly model: Answerer
  readonly fallback?: Answerer
  /** Time a model has for an answer, in milliseconds. */
  readonly timeoutMs: number
  /** Rows of one request at most. */
  readonly mostRows: number
  /** Whether it is ready for requests. */
  readonly ready: () => boolean
  /** Microseconds since 1970: the column `_at`. */
  readonly now: () => number
}

const JSON_DEPTH = 8
const reply = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers,
  body,
})
const refused = (status: number, error: string, headers: Readonly<Record<string, string>> = {}): Reply =>
  reply(status, { error }, headers)

/** Answers one call of the Open Inference Protocol V2. It throws for no call. */
export async function answerCall(call: Call, deployment: Deployment): Promise<Reply> {
  const trace = traceOf(call)
  const answered = await route(call, deployment)
  return { ...answered, headers: { ...answered.headers, ...trace } }
}

async function route(call: Call, deployment: Deployment): Promise<Reply> {
  const { name, version } = deployment
  const only = (method: 'GET' | 'POST', then: () => Reply | Promise<Reply>): Reply | Promise<Reply> =>
    call.method === method ? then() : refused(405, `Only ${method} is answered here.`, { allow: method })
  const readiness = (key: string): Reply => {
    const ready = deployment.ready()
    return reply(ready ? 200 : 503, { [key]: ready })
  }
  if (call.path === '/v2') return only('GET', () => reply(200, { name: 'plumbline', version, extensions: [] }))
  if (call.path === '/v2/health/live') return only('GET', () => reply(200, { live: true }))
  if (call.path === '/v2/health/ready') return only('GET', () => readiness('ready'))
  const match = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer))?$/.exec(call.path)
  if (match === null) return refused(404, 'There is nothing at this path.')
  if (decoded(match[1]) !== name || (match[2] !== undefined && decoded(match[2]) !== version))
    return refused(404, 'There is no such model or version.')
  if (match[3] === undefined) return only('GET', () => reply(200, metadata(deployment)))
  if (match[3] === 'ready') return only('GET', () => readiness('ready'))
  return only('POST', () => infer(call, deployment))
}

function decoded(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** The trace context of the caller (W3C Trace Context, version 00), if it is well-formed. */
function traceOf({ headers }: Call): Readonly<Record<string, string>> {
  const given = headers['traceparent']
  return typeof given === 'string' && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(given)
    ? { traceparent: given }
    : {}
}

function metadata({ name, version, guard: { plan } }: Deployment): object {
  const tensors = (columns: ReturnType<typeof outputColumns>) =>
    columns.map((column) => ({ name: column.name, datatype: DATATYPES[column.kind], shape: [-1] }))
  return {
    name,
    versions: [version],
    platform: 'plumbline_guard',
    inputs: tensors(plan.inputs),
    outputs: tensors(outputColumns(plan)),
  }
}

async function infer(call: Call, deployment: Deployment): Promise<Reply> {
  const { guard, name, version } = deployment
  if (!deployment.ready()) return refused(503, 'The server is stopping.')
  if (call.headers['inference-header-content-length'] !== undefined)
    return refused(400, 'The binary tensor extension is not supported.')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(call.body)
  } catch {
    return refused(400, 'The body is not UTF-8.')
  }
  const body = parseJson(text, { depth: JSON_DEPTH, length: text.length })
  if (!body.ok) return refused(400, `The body was not read as JSON: ${body.problem}.`)
  const request = readInfer(body.value, guard.plan, deployment.mostRows)
  if (!request.ok) return refused(400, request.problem)
  const { id, rows, outputs } = request.value
  const limited = (answerer: Answerer): Answerer => withDeadline(answerer, deployment.timeoutMs)
  const answer = await serve(guard, rows, {
    model: limited(deployment.model),
    ...(deployment.fallback === undefined ? {} : { fallback: limited(deployment.fallback) }),
    facts: { at: deployment.now(), model: version, ...(id === undefined ? {} : { id }) },
  })
  const known = { model_name: name, model_version: version, ...(id === undefined ? {} : { id }) }
  const headers = verdictHeaders(answer)
  if (answer.kind === 'answered')
    return reply(200, { ...known, outputs: writeOutputs(answer.rows, guard.plan, outputs) }, headers)
  const echoed = id === undefined ? {} : { id }
  if (answer.kind === 'unavailable')
    return reply(503, { error: `Nobody could answer: ${answer.reason}.`, ...echoed }, headers)
  const { row, clauses, violations, phase } = answer
  // A bad answer of the model is not the caller's fault, and is not shown.
  return phase === 'input'
    ? reply(
        400,
        { error: `Row ${row} is rejected: ${said(violations)}.`, row, clauses, violations, ...echoed },
        headers,
      )
    : reply(502, { error: `The answer to row ${row} was withheld.`, row, clauses, ...echoed }, headers)
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
function verdictHeaders(answer: Answer): Readonly<Record<string, string>> {
  const clauses = clausesOf(answer.findings.map(({ violation }) => violation)).map(encodeURIComponent)
  const verdict =
    answer.kind !== 'answered'
      ? answer.kind
      : answer.by === 'fallback'
        ? 'fallback'
        : answer.findings.length > 0
          ? 'flagged'
          : 'accepted'
  return {
    'plumbline-verdict': verdict,
    ...(answer.kind === 'answered' ? { 'plumbline-served-by': answer.by } : {}),
    // Proxies cut long header lines; the body and the log have all of them.
    ...(clauses.length === 0 ? {} : { 'plumbline-clauses': clauses.slice(0, 32).join(',') }),
  }
}

/** The same answerer, given up after a time: a model that hangs must not hold its callers. */
function withDeadline(answerer: Answerer, ms: number): Answerer {
  return async (rows) => {
    const deadline = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    try {
      return await Promise.race([
        answerer(rows, deadline.signal),
        new Promise<never>((_, reject) => {
          timer = setTimeout(() => {
            deadline.abort()
            reject(new Error(`no answer within ${ms} ms`))
          }, ms)
        }),
      ])
    } finally {
      clearTimeout(timer)
    }
  }
}
