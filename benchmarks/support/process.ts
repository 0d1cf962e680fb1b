import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a whole process cost, from its start to its end. */
export interface Cost {
  /** User and system time of all its threads, in milliseconds. */
  readonly cpuMs: number
  /** User and system time of its main thread alone, in milliseconds: what the compiler and collector of V8 do beside it is left out. */
  readonly mainMs: number
  /** As the waiting parent saw it, in milliseconds; for information, since it depends on what else runs. */
  readonly wallMs: number
  /** Largest resident set, in MiB. */
  readonly peakMb: number
  /** What it wrote to its standard output. */
  readonly output: string
}

const USAGE = fileURLToPath(new URL('usage.cjs', import.meta.url))

/** Runs this Node with arguments and measures the process as a whole; throws with its words when it fails. */
export function measure(args: readonly string[], options: { readonly cwd?: string } = {}): Cost {
  const folder = mkdtempSync(join(tmpdir(), 'plumb-benchmark-'))
  const usage = join(folder, 'usage.json')
  try {
    const began = performance.now()
    const done = spawnSync(process.execPath, ['--require', USAGE, ...args], {
      ...options,
      encoding: 'utf8',
      env: { ...process.env, PLUMB_BENCH_USAGE: usage, NO_COLOR: '1' },
    })
    const wallMs = performance.now() - began
    if (done.status !== 0) throw new Error(`${args.join(' ')} ended with ${done.status}:\n${done.stderr}${done.stdout}`)
    const used = JSON.parse(readFileSync(usage, 'utf8')) as Pick<Cost, 'cpuMs' | 'mainMs' | 'peakMb'>
    return { ...used, wallMs, output: done.stdout }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
