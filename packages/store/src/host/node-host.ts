import { randomBytes } from 'node:crypto'
import type { Host } from '@plumbline/core'
import { nodeFiles } from './node-files.ts'
import { nodeSpawn } from './node-spawn.ts'

/** The real machine: its files, clock, entropy and programs. */
export function nodeHost(): Host {
  return {
    files: nodeFiles(),
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    entropy: { bytes: (count) => randomBytes(count) },
    spawn: nodeSpawn,
  }
}
