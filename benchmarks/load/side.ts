import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** A server that takes part: where it listens, and the process whose time counts. */
export interface Side {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

const PATIENCE_MS = 20_000

/** The server of a child process once it answers; throws when it ends before, or never does. */
export async function ready(child: ChildProcess, url: string): Promise<Side> {
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  const began = performance.now()
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode} before it served.`)
    if (performance.now() - began > PATIENCE_MS) {
      await stop()
      throw new Error(`${child.spawnfile} does not answer at ${url}.`)
    }
    await new Promise((wake) => setTimeout(wake, 50))
  }
  return { url, pid: child.pid as number, stop }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/v2/health/live`)).ok
  } catch {
    return false
  }
}
