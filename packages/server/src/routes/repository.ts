import { type Digest, isDigest } from '@plumbline/core'
import { parseJson } from '@plumbline/guard'
import type { RepositoryRefusal, RepositoryResult } from '../versions/model-repository.ts'
import type { ModelVersion } from '../versions/model-version.ts'
import { type Call, errorReply, jsonReply, type Reply } from './call.ts'
import type { Service } from './service.ts'

/** The models there are, each with the version that answers (repository extension: `index`). */
export function repositoryIndex({ name, slot }: Service): Reply {
  const { current } = slot
  return jsonReply(200, [
    current === undefined
      ? { name, state: 'UNAVAILABLE', reason: 'unloaded' }
      : { name, version: current.version, state: 'READY', reason: '' },
  ])
}

/** The bytes that the live session was made from, for whoever reads back what is loaded. */
export function loadedArtifact({ slot }: Service): Reply {
  const { current } = slot
  if (current?.artifact === undefined)
    return errorReply(404, current === undefined ? 'No version is loaded.' : 'The bytes of this version are not here.')
  const headers = { 'content-type': 'application/octet-stream', 'plumbline-version': current.version }
  return { status: 200, headers, body: current.artifact }
}

/** Loading and unloading, one at a time. */
export interface Loader {
  load(call: Call): Promise<Reply>
  unload(): Promise<Reply>
}

/** Makes the loader of a service. */
export function createLoader(service: Service): Loader {
  let before: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => Promise<Reply>): Promise<Reply> => {
    const done = before.then(work)
    before = done.catch(() => undefined)
    return done
  }
  return {
    load: (call) => inTurn(() => load(call, service)),
    unload: () =>
      inTurn(async () => {
        await replace(service, undefined)
        return jsonReply(200, { name: service.name, state: 'UNAVAILABLE' })
      }),
  }
}

async function load(call: Call, service: Service): Promise<Reply> {
  const { repository, slot, metrics, name } = service
  const refuse = ({ kind, message }: RepositoryRefusal): Reply => {
    metrics.refusedSwaps.value++
    return errorReply(STATUS[kind], message)
  }
  if (repository === undefined) return refuse({ kind: 'unsupported', message: 'No other version can be loaded here.' })
  const wanted = await wantedDigest(call, repository.latest)
  if (!wanted.ok) return refuse(wanted.refusal)
  const digest = wanted.value
  if (slot.current?.digest === digest) return loaded(name, slot.current)
  const opened = await repository.open(digest)
  if (!opened.ok) return refuse(opened.refusal)
  await replace(service, opened.value)
  return loaded(name, opened.value)
}

const STATUS: Readonly<Record<RepositoryRefusal['kind'], number>> = {
  unknown: 404,
  unfit: 400,
  failed: 500,
  unsupported: 400,
}

const loaded = (name: string, { version, digest }: ModelVersion): Reply =>
  jsonReply(200, { name, version, ...(digest === undefined ? {} : { digest }), state: 'READY' })

/** The digest that the body names (`{"parameters": {"digest": "sha256:…"}}`); without one, what the repository names. */
async function wantedDigest(
  { body }: Call,
  latest: () => Promise<RepositoryResult<Digest>>,
): Promise<RepositoryResult<Digest>> {
  const unfit = (message: string): RepositoryResult<never> => ({ ok: false, refusal: { kind: 'unfit', message } })
  if (body.length === 0) return latest()
  const json = parseJson(Buffer.from(body).toString('utf8'), { length: 65_536, depth: 4 })
  if (!json.ok) return unfit(`The body was not read as JSON: ${json.problem}.`)
  const parameters = isObject(json.value) ? (json.value['parameters'] ?? {}) : undefined
  if (!isObject(parameters)) return unfit('The body must be an object; `parameters` in it, too.')
  const odd = Object.keys(parameters).find((key) => key !== 'digest')
  if (odd !== undefined) return unfit('Only `digest` can be given: versions come from the artifacts of the project.')
  const { digest } = parameters
  if (digest === undefined) return latest()
  return isDigest(digest)
    ? { ok: true, value: digest }
    : unfit('`digest` is written sha256: and 64 hexadecimal digits.')
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Puts a version in place; the one before closes after its last answer. */
async function replace(service: Service, next: ModelVersion | undefined): Promise<void> {
  const closed = service.slot.swap(next)
  closed.catch((error: unknown) => service.onTrouble?.(`a version was not closed: ${String(error)}`))
  service.metrics.swaps.value++
  await service.onSwap?.(next)
}
