import { randomBytes } from 'node:crypto'
import type { Host, HostClock } from '@plumbline/core'
import { nodeFiles } from './node-files.ts'
import { nodeHttp } from './node-http.ts'
import { nodeSpawn } from './node-spawn.ts'

/** The real machine: its files, clock (or another one, see `openFileClock`), entropy, programs and network. */
export function nodeHost(options: { readonly clock?: HostClock } = {}): Host {
  return {
    files: nodeFiles(),
    clock: options.clock ?? { now: () => Date.now(), monotonic: () => performance.now() },
    entropy: { bytes: (count) => randomBytes(count) },
    spawn: nodeSpawn,
    http: nodeHttp,
  }
}
