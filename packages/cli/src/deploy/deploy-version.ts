import { join } from 'node:path'
import type { Digest, Program } from '@plumbline/core'
import { probeVersion } from '@plumbline/engine'
import { openOipClient } from '@plumbline/server'
import type { CommandContext } from '../context.ts'
import type { ModelFile } from '../project/versions.ts'
import { findServer, type LiveServer, loadVersion, readBack } from '../serving/live-server.ts'
import { readServing } from '../serving/state-file.ts'

/** What became of a version where requests are answered. */
export type Deployment =
  /** No guard of this project runs; one that starts loads what the registry names. */
  | { readonly kind: 'no-guard' }
  /** The guard stands in front of another server, which loads its versions itself. */
  | { readonly kind: 'elsewhere'; readonly url: string }
  /** The bytes read back are those of the version, and so are its answers to `probed` rows. */
  | { readonly kind: 'deployed'; readonly url: string; readonly probed: number }
  /** Something else answers; `found` is the digest read back, where it could be. */
  | { readonly kind: 'mismatch'; readonly url: string; readonly found?: Digest; readonly why: string }
  /** What answers could not be found out. */
  | { readonly kind: 'unknown'; readonly url: string; readonly why: string }

/**
 * Has the guard in production load a version, and finds out in this process what then answers: by the digest of the
 * bytes it holds, and by what it answers. The server's word is not taken for either. Loading what is loaded changes nothing.
 */
export async function deployVersion(
  context: CommandContext,
  program: Program,
  version: ModelFile,
): Promise<Deployment> {
  const { host, root } = context
  const server = await findServer(host, root, 'production')
  if (server === undefined) return nobodyFound(context)
  const { url, digest: before } = server.state
  if (before === null && (await isElsewhere(context, server))) return { kind: 'elsewhere', url }
  const loaded = await loadVersion(host, server, version.digest)
  const found = await readBack(host, server)
  if (!found.ok)
    return {
      kind: 'unknown',
      url,
      why: loaded.ok ? `it says that it loaded it, and what it loaded cannot be read back: ${found.why}` : loaded.why,
    }
  if (found.value !== version.digest) {
    const why = loaded.ok ? 'it says that it loaded it' : `it did not load it: ${loaded.why.replace(/\.$/, '')}`
    return { kind: 'mismatch', url, found: found.value, why: `${why}, and holds ${found.value}` }
  }
  const { compared, mismatch } = await probe(server, program, version)
  return mismatch === undefined
    ? { kind: 'deployed', url, probed: compared }
    : { kind: 'mismatch', url, found: found.value, why: `it holds the bytes of the version, but ${mismatch}` }
}

/** How long a guard that is said to run may take to say so. */
const PATIENCE_MS = 5000

/** No guard answers. One that is too busy to is not the same as none: its callers still get the version before. */
async function nobodyFound({ host, root }: CommandContext): Promise<Deployment> {
  const said = await readServing(host, root, 'production')
  if (said === undefined) return { kind: 'no-guard' }
  const answer = await host.http({ method: 'GET', url: `${said.url}/v2`, timeoutMs: PATIENCE_MS })
  const silent = !answer.ok && answer.error.kind === 'timeout'
  return silent ? { kind: 'unknown', url: said.url, why: 'it does not say in time who it is' } : { kind: 'no-guard' }
}

/** Questions that are no traffic: whoever has the token may ask without being logged. */
async function probe({ state, token }: LiveServer, program: Program, version: ModelFile) {
  const headers = { authorization: `Bearer ${token}`, 'plumbline-probe': '1' }
  const client = openOipClient({ url: state.url, model: state.model, digest: version.digest, headers })
  try {
    return await probeVersion(program, version, client)
  } finally {
    client.close()
  }
}

/** A guard without bytes of its own in production has them behind another server, or was unloaded; only the first cannot load. */
async function isElsewhere({ host }: CommandContext, { state, token }: LiveServer): Promise<boolean> {
  const answer = await host.http({
    method: 'POST',
    url: `${state.url}/v2/repository/index`,
    headers: { authorization: `Bearer ${token}` },
  })
  if (!answer.ok || answer.value.status !== 200) return false
  return new TextDecoder().decode(answer.value.body).includes('"READY"')
}

/** The lock that promotions and rollbacks of one project take turns with, from the registry to the read-back. */
export const deployLock = (root: string): string => join(root, '.plumb', 'serving', 'deploy.lock')
