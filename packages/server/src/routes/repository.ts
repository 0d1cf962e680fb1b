import { type Digest, isDigest } from '@plumbline/core'
import { parseJson } from '@plumbline/guard'
import type { RepositoryRefusal } from '../versions/model-repository.ts'
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

/** Has a version answer: the one that the body names (`{"parameters": {"digest": "sha256:…"}}`), else the repository's latest. */
export async function loadModel({ body }: Call, { name, loader, metrics }: Service): Promise<Reply> {
  const wanted = readLoad(body)
  if (typeof wanted === 'string') {
    metrics.refusedSwaps.value++
    return errorReply(400, wanted)
  }
  const done = await loader.load(wanted.digest)
  if (!done.ok) return errorReply(STATUS[done.refusal.kind], done.refusal.message)
  const { version, digest } = done.value
  return jsonReply(200, { name, version, ...(digest === undefined ? {} : { digest }), state: 'READY' })
}

/** Has nobody answer but the fallback. */
export async function unloadModel({ name, loader }: Service): Promise<Reply> {
  await loader.unload()
  return jsonReply(200, { name, state: 'UNAVAILABLE' })
}

const STATUS: Readonly<Record<RepositoryRefusal['kind'], number>> = {
  unknown: 404,
  unfit: 400,
  failed: 500,
  unsupported: 400,
}

/** The digest that a body names, if any, or what is wrong with it. */
function readLoad(body: Uint8Array): { readonly digest: Digest | undefined } | string {
  if (body.length === 0) return { digest: undefined }
  const json = parseJson(Buffer.from(body).toString('utf8'), { length: 65_536, depth: 4 })
  if (!json.ok) return `The body was not read as JSON: ${json.problem}.`
  const parameters = isObject(json.value) ? (json.value['parameters'] ?? {}) : undefined
  if (!isObject(parameters)) return 'The body must be an object; `parameters` in it, too.'
  const odd = Object.keys(parameters).find((key) => key !== 'digest')
  if (odd !== undefined) return 'Only `digest` can be given: versions come from the artifacts of the project.'
  const { digest } = parameters
  if (digest === undefined || isDigest(digest)) return { digest }
  return '`digest` is written sha256: and 64 hexadecimal digits.'
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
