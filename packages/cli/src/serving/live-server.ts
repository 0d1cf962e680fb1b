import { join } from 'node:path'
import { type Digest, digestBytes, type Host, type HttpRequest } from '@plumbline/core'
import { readServing, type ServingRole, type ServingState } from './state-file.ts'

/** A server that runs now, and the token that steers it. */
export interface LiveServer {
  readonly state: ServingState
  readonly token: string
}

/** What a running server answered, or why nothing did; in words. */
export type Steered<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string }

const QUICK_MS = 2000
const LOAD_MS = 120_000
const LARGEST_MODEL = 4 * 1024 ** 3

/** The server of a role, if one runs: what its file says is believed only when the server says it, too. */
export async function findServer(host: Host, root: string, role: ServingRole): Promise<LiveServer | undefined> {
  const state = await readServing(host, root, role)
  if (state === undefined) return undefined
  const answer = await host.http({ method: 'GET', url: `${state.url}/v2`, timeoutMs: QUICK_MS })
  if (!answer.ok || answer.value.status !== 200) return undefined
  const said = fromJson(answer.value.body) as { readonly instance?: unknown } | undefined
  if (said?.instance !== state.instance) return undefined
  const token = await host.files.readFile(join(root, state.tokenFile))
  return token.ok ? { state, token: new TextDecoder().decode(token.value).trim() } : undefined
}

/** Has the server load a version. It answers requests from the version before until the new one is ready. */
export async function loadVersion(host: Host, server: LiveServer, digest: Digest): Promise<Steered<void>> {
  const body = JSON.stringify({ parameters: { digest } })
  const answer = await call(host, server, 'POST', 'load', { body, timeoutMs: LOAD_MS })
  return answer.ok ? { ok: true, value: undefined } : answer
}

/** The digest of the bytes that the live session was made from, computed here: the server's word is not taken for it. */
export async function readBack(host: Host, server: LiveServer): Promise<Steered<Digest>> {
  const answer = await call(host, server, 'GET', 'artifact', { timeoutMs: LOAD_MS, maxBytes: LARGEST_MODEL })
  return answer.ok ? { ok: true, value: digestBytes(answer.value) } : answer
}

async function call(
  host: Host,
  { state, token }: LiveServer,
  method: 'GET' | 'POST',
  verb: 'load' | 'artifact',
  more: Pick<HttpRequest, 'body' | 'timeoutMs' | 'maxBytes'>,
): Promise<Steered<Uint8Array>> {
  const answer = await host.http({
    method,
    url: `${state.url}/v2/repository/models/${encodeURIComponent(state.model)}/${verb}`,
    headers: { authorization: `Bearer ${token}` },
    ...more,
  })
  if (!answer.ok) return { ok: false, why: answer.error.message }
  const { status, body } = answer.value
  if (status === 200) return { ok: true, value: body }
  const said = fromJson(body) as { readonly error?: unknown } | undefined
  return { ok: false, why: typeof said?.error === 'string' ? said.error : `the server answered ${status}` }
}

function fromJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) ?? undefined
  } catch {
    return undefined
  }
}
