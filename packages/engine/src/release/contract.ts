import type { GuardCellKind, Program, ProgramColumn } from '@plumbline/core'
import { type Exchange, isObject, type Json, outputsOf, parsed, type Problem, shown } from './exchange.ts'
import type { Reference } from './reference.ts'
import type { Staged, StagedReply } from './staged.ts'
import { DATATYPE } from './wire.ts'

/** What the spec and the protocol say of every answer. */
export interface Signature {
  /** Name of the model in paths. */
  readonly model: string
  /** As metadata and answers name it: the first twelve digits of the digest. */
  readonly version: string
  readonly inputs: readonly { readonly name: string; readonly kind: GuardCellKind }[]
  /** Outputs in their order, `decision` last where there is one. */
  readonly outputs: readonly {
    readonly name: string
    readonly kind: GuardCellKind
    readonly declared?: ProgramColumn
  }[]
}

/** The signature of the candidate behind a guard. */
export function signatureOf(program: Program, { planned: { plan } }: Reference, staged: Staged): Signature {
  const model = program.models.find(({ name }) => name === plan.model)
  const outputs = plan.outputs.map(({ name, kind }) => {
    const declared = model?.outputs.find((output) => output.name === name)
    return { name, kind, ...(declared === undefined ? {} : { declared }) }
  })
  return {
    model: staged.model,
    version: versionOf(staged.digest),
    inputs: plan.inputs,
    outputs: plan.decision === undefined ? outputs : [...outputs, { name: 'decision', kind: 'bool' }],
  }
}

/** The version of a digest as the protocol names it. */
export function versionOf(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12)
}

/** The trace that every request carries, to be echoed (W3C Trace Context). */
export const TRACEPARENT = '00-70c1a1d5a1f0c0ffee00000000000001-00f067aa0ba902b7-01'

/**
 * What is wrong with the form of a reply, if anything. A body that is no request must be refused; a request that nothing
 * speaks against must be answered; of one made to violate a clause the form alone is judged here.
 */
export function contractProblem(
  { request, expected, outcome, body }: Exchange,
  signature: Signature,
): Problem | undefined {
  if (!outcome.ok) return { because: `no reply: ${outcome.problem}` }
  const { reply } = outcome
  const said = { because: '', cells: { status: reply.status, verdict: reply.headers['plumbline-verdict'] ?? null } }
  if (body === undefined) return { ...said, because: 'the reply is not JSON' }
  if (expected === undefined) {
    const problem = refusalProblem(reply, body, undefined)
    return problem === undefined ? undefined : { ...said, because: problem }
  }
  const general = echoProblem(reply)
  if (general !== undefined) return { ...said, because: general }
  if (reply.status !== 200) {
    if (expected.kind === 'answered' && request.kind !== 'violation')
      return { ...said, because: `status ${reply.status}: ${String(shown(isObject(body) ? body['error'] : body))}` }
    const problem = refusalProblem(reply, body, request.id)
    return problem === undefined ? undefined : { ...said, because: problem }
  }
  const problem = answerProblem(body, request.id, request.rows.length, signature)
  return problem === undefined ? undefined : { ...problem, cells: { ...said.cells, ...problem.cells } }
}

function echoProblem({ headers }: StagedReply): string | undefined {
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) return 'the reply does not say that it is JSON'
  return headers['traceparent'] === TRACEPARENT ? undefined : '`traceparent` is not echoed'
}

/** `id` undefined: the request has none that could be echoed. */
function refusalProblem({ status }: StagedReply, body: unknown, id: string | undefined): string | undefined {
  const least = id === undefined ? 'a 4xx' : 'a 4xx or 5xx'
  if (status < 400 || (id === undefined && status > 499)) return `status ${status}, where ${least} was due`
  if (!isObject(body) || typeof body['error'] !== 'string') return 'the refusal has no text `error`'
  if ('outputs' in body) return 'the refusal has outputs'
  return id === undefined || body['id'] === id ? undefined : 'the refusal does not echo `id`'
}

function answerProblem(body: unknown, id: string, rows: number, signature: Signature): Problem | undefined {
  if (!isObject(body)) return { because: 'the answer is no object' }
  if (body['id'] !== id) return { because: '`id` is not echoed', cells: { id: shown(body['id']) } }
  if (body['model_name'] !== signature.model)
    return { because: 'another `model_name`', cells: { model_name: shown(body['model_name']) } }
  if (body['model_version'] !== signature.version)
    return {
      because: `\`model_version\` is not ${signature.version}`,
      cells: { model_version: shown(body['model_version']) },
    }
  const outputs = outputsOf(body)
  if (outputs === undefined) return { because: '`outputs` is no list of named tensors' }
  const names = signature.outputs.map(({ name }) => name)
  const surplus = [...outputs.keys()].find((name) => !names.includes(name))
  if (surplus !== undefined) return { because: `an output that is not declared: ${surplus.slice(0, 64)}` }
  for (const output of signature.outputs) {
    const tensor = outputs.get(output.name)
    const problem =
      tensor === undefined ? { because: `the output ${output.name} is not there` } : tensorProblem(tensor, rows, output)
    if (problem !== undefined) return problem
  }
  return undefined
}

function tensorProblem(tensor: Json, rows: number, output: Signature['outputs'][number]): Problem | undefined {
  const { name, kind, declared } = output
  const { datatype, shape, data } = tensor as { datatype: unknown; shape: unknown; data: unknown }
  if (datatype !== DATATYPE[kind])
    return { because: `${name} has the datatype ${String(shown(datatype))}, not ${DATATYPE[kind]}` }
  if (!isShape(shape, rows)) return { because: `${name} has the shape ${String(shown(shape))} for ${rows} rows` }
  if (!Array.isArray(data) || data.length !== rows) return { because: `the data of ${name} does not have its shape` }
  for (const [row, cell] of data.entries()) {
    const because = cellProblem(cell, kind, declared)
    if (because !== undefined) return { because: `${name} is ${because}`, row, cells: { [name]: shown(cell) } }
  }
  return undefined
}

const isShape = (shape: unknown, rows: number): boolean =>
  Array.isArray(shape) && shape[0] === rows && (shape.length === 1 || (shape.length === 2 && shape[1] === 1))

function cellProblem(cell: unknown, kind: GuardCellKind, declared: ProgramColumn | undefined): string | undefined {
  if (cell === null || cell === undefined) return declared?.optional === true ? undefined : 'missing or not finite'
  const typed =
    kind === 'string'
      ? typeof cell === 'string'
      : kind === 'bool'
        ? typeof cell === 'boolean' || cell === 0 || cell === 1
        : typeof cell === 'number' && (kind === 'double' || Number.isInteger(cell))
  if (!typed) return `of another type than ${DATATYPE[kind]}`
  if (declared?.values !== undefined && !declared.values.some(({ code }) => code === cell))
    return 'none of its declared values'
  if (typeof cell !== 'number') return undefined
  const below = declared?.low !== undefined && cell < Number(declared.low)
  const above = declared?.high !== undefined && cell > Number(declared.high)
  return below || above ? `outside ${String(declared?.low ?? '−∞')} to ${String(declared?.high ?? '∞')}` : undefined
}

/** A question about the server itself, and what is wrong with its answer. */
export interface Probe {
  readonly id: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly problem: (status: number, body: unknown) => string | undefined
}

/** Health, readiness and metadata, and paths where there is nothing. */
export function probesOf(signature: Signature): readonly Probe[] {
  const model = `/v2/models/${encodeURIComponent(signature.model)}`
  const ok =
    (then: (body: Json) => string | undefined) =>
    (status: number, body: unknown): string | undefined =>
      status !== 200 ? `status ${status}` : isObject(body) ? then(body) : 'the reply is no object of JSON'
  // The protocol's own pages disagree on the body of health checks; the status decides.
  const well = ok(() => undefined)
  const status = (wanted: number) => (found: number) =>
    found === wanted ? undefined : `status ${found}, not ${wanted}`
  const metadata = ok((body) => metadataProblem(body, signature))
  return [
    { id: 'server-live', method: 'GET', path: '/v2/health/live', problem: well },
    { id: 'server-ready', method: 'GET', path: '/v2/health/ready', problem: well },
    {
      id: 'server-metadata',
      method: 'GET',
      path: '/v2',
      problem: ok(({ name }) => (typeof name === 'string' ? undefined : 'no `name`')),
    },
    { id: 'model-ready', method: 'GET', path: `${model}/ready`, problem: well },
    { id: 'version-ready', method: 'GET', path: `${model}/versions/${signature.version}/ready`, problem: well },
    { id: 'model-metadata', method: 'GET', path: model, problem: metadata },
    { id: 'version-metadata', method: 'GET', path: `${model}/versions/${signature.version}`, problem: metadata },
    { id: 'another-model', method: 'GET', path: `${model}-there-is-none`, problem: status(404) },
    { id: 'another-version', method: 'GET', path: `${model}/versions/0`, problem: status(404) },
    { id: 'infer-is-posted', method: 'GET', path: `${model}/infer`, problem: status(405) },
  ]
}

function metadataProblem(body: Json, signature: Signature): string | undefined {
  if (body['name'] !== signature.model) return 'another `name`'
  const { versions } = body
  if (!Array.isArray(versions) || !versions.includes(signature.version))
    return `\`versions\` lacks ${signature.version}`
  return (
    tensorsProblem(body['inputs'], signature.inputs, 'input') ??
    tensorsProblem(body['outputs'], signature.outputs, 'output')
  )
}

function tensorsProblem(
  given: unknown,
  declared: readonly { readonly name: string; readonly kind: GuardCellKind }[],
  what: string,
): string | undefined {
  if (!Array.isArray(given)) return `no list of ${what}s`
  for (const { name, kind } of declared) {
    const found: unknown = given.find((each) => isObject(each) && each['name'] === name)
    if (!isObject(found)) return `the ${what} ${name} is not there`
    if (found['datatype'] !== DATATYPE[kind]) return `the ${what} ${name} is not ${DATATYPE[kind]}`
    const { shape } = found
    if (!Array.isArray(shape) || shape[0] !== -1) return `the ${what} ${name} does not take any number of rows`
  }
  return undefined
}

/** Asks one question about the server. */
export async function askProbe(staged: Staged, { method, path, problem }: Probe): Promise<Problem | undefined> {
  const outcome = await staged.call({ method, path })
  if (!outcome.ok) return { because: `no reply: ${outcome.problem}` }
  const because = problem(outcome.reply.status, parsed(outcome.reply.body))
  return because === undefined ? undefined : { because: `${path}: ${because}`, cells: { status: outcome.reply.status } }
}
