import { posix } from 'node:path'
import {
  type Host,
  hostFailure,
  hostOk,
  type HostFiles,
  type HostResult,
  type HttpAnswer,
  type HttpRequest,
  type SpawnExit,
  type SpawnRequest,
} from '@plumbline/core'
import { type MemoryDisk, memoryFiles } from './memory-files.ts'

/** A machine made of maps, and the handles by which a test changes it while it runs. */
export type MemoryHost = Host & { readonly disk: MemoryDisk }

/** A program of a memory machine: it may use the files and print through `request.onOutput`. */
export type MemoryProgram = (request: SpawnRequest, files: HostFiles) => Promise<SpawnExit>

/** What a memory machine starts with. */
export type MemoryHostOptions = {
  /** Files by path; their directories are made. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** Bytes the disk holds; unlimited by default. */
  readonly capacity?: number
  /** See `MemoryDisk`. */
  readonly fault?: MemoryDisk['fault']
  /** What the clock shows first, in milliseconds since 1970 UTC (default 0); each look advances it by 1. */
  readonly now?: number
  /** The programs that can be spawned, by name. */
  readonly programs?: Readonly<Record<string, MemoryProgram>>
  /** Who answers HTTP requests; without it every address is unreachable. */
  readonly http?: (request: HttpRequest) => Promise<HostResult<HttpAnswer>>
}

/** A machine made of maps, for tests: deterministic, and able to fail wherever a test wants. */
export function memoryHost(options: MemoryHostOptions = {}): MemoryHost {
  const disk: MemoryDisk = {
    files: new Map(),
    directories: new Set(['/']),
    capacity: options.capacity ?? Number.POSITIVE_INFINITY,
    fault: options.fault,
  }
  for (const [path, data] of Object.entries(options.files ?? {})) {
    const at = posix.resolve('/', path)
    disk.files.set(at, typeof data === 'string' ? new TextEncoder().encode(data) : data)
    for (let above = posix.dirname(at); above !== '/'; above = posix.dirname(above)) disk.directories.add(above)
  }
  const files = memoryFiles(disk)
  let now = options.now ?? 0
  let drawn = 0
  return {
    disk,
    files,
    clock: { now: () => now++, monotonic: () => now++ },
    // Distinct, not random: a test wants the same names in each run.
    entropy: { bytes: (count) => Uint8Array.from({ length: count }, () => drawn++ % 256) },
    spawn: async (request) => {
      const [name] = request.command
      const program = options.programs?.[name]
      if (program === undefined) return hostFailure('not-found', 'spawn', name, `no program called ${name}`)
      const interrupted = hostFailure('interrupted', 'spawn', name, `${name} was interrupted`)
      if (isAborted(request)) return interrupted
      const exit = await program(request, files)
      return isAborted(request) ? interrupted : hostOk(exit)
    },
    start: async ({ command: [name] }) => hostFailure('not-found', 'start', name, `no program called ${name}`),
    http: options.http ?? (async () => hostFailure('unreachable', 'http', '', 'nobody answers there')),
  }
}

function isAborted(request: SpawnRequest): boolean {
  return request.signal?.aborted === true
}
