import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { hostFailure, hostOk, type HostResult, type SpawnExit, type SpawnRequest } from '@plumbline/core'
import { failureOf } from './node-errors.ts'

/** How long an interrupted program may take to end by itself. */
const GRACE_MS = 2_000

/** Starts a program without a shell, hands out what it prints, and waits for its end. */
export async function nodeSpawn(request: SpawnRequest): Promise<HostResult<SpawnExit>> {
  const [program, ...args] = request.command
  if (isAborted(request)) return interrupted(program)
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    cwd: request.cwd,
    env: { ...process.env, ...request.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: false,
    windowsHide: true,
    // A process group of its own, so that an interrupt reaches whatever the program started too.
    detached: process.platform !== 'win32',
  })
  const ended = once(child, 'close') as Promise<[number | null, string | null]>
  const stop = killOnAbort(child, request.signal)
  try {
    const outputs = Promise.all([forward(child.stdout, 'stdout', request), forward(child.stderr, 'stderr', request)])
    const [[exitCode, signal]] = await Promise.all([ended, outputs])
    return isAborted(request) ? interrupted(program) : hostOk({ exitCode, signal })
  } catch (cause) {
    terminate(child, 'SIGKILL')
    return failureOf('spawn', program, cause)
  } finally {
    stop()
  }
}

function isAborted(request: SpawnRequest): boolean {
  return request.signal?.aborted === true
}

function interrupted(program: string): HostResult<never> {
  return hostFailure('interrupted', 'spawn', program, `${program} was interrupted`)
}

async function forward(output: Readable, stream: 'stdout' | 'stderr', request: SpawnRequest): Promise<void> {
  for await (const chunk of output) await request.onOutput?.(stream, chunk as Uint8Array)
}

function killOnAbort(child: ChildProcess, signal: AbortSignal | undefined): () => void {
  let timer: NodeJS.Timeout | undefined
  const onAbort = (): void => {
    terminate(child, 'SIGTERM')
    timer = setTimeout(() => terminate(child, 'SIGKILL'), GRACE_MS)
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  return () => {
    signal?.removeEventListener('abort', onAbort)
    clearTimeout(timer)
  }
}

/** Sends a signal to a program and all it started. */
export function terminate(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // The group is gone already, which is what was asked for.
  }
}
