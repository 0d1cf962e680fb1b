import type { Host, HostClock } from '@plumbline/core'
import { nodeCrypto } from './node-crypto.ts'
import { nodeFiles } from './node-files.ts'

/** The real machine: its files, clock (or another one, see `openFileClock`), entropy, programs and network. */
export function nodeHost(options: { readonly clock?: HostClock } = {}): Host {
  return {
    files: nodeFiles(),
    clock: options.clock ?? { now: () => Date.now(), monotonic: () => performance.now() },
    entropy: { bytes: (count) => nodeCrypto().randomBytes(count) },
    // Few verbs start programs or send requests; the others need not load what that takes.
    spawn: async (request) => (await import('./node-spawn.ts')).nodeSpawn(request),
    start: async (request) => (await import('./node-start.ts')).nodeStart(request),
    http: async (request) => (await import('./node-http.ts')).nodeHttp(request),
  }
}
