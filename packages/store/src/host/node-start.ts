import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  hostFailure,
  hostOk,
  type HostResult,
  type RunningProgram,
  type SpawnExit,
  type StartRequest,
} from '@plumbline/core'
import { failureOf } from './node-errors.ts'
import { terminate } from './node-spawn.ts'

const GRACE_MS = 2_000
/** What a program printed before it ended reaches a reader that still reads within this; who reads no more is not waited for. */
const LAST_WORDS_MS = 200
/** Of what a program complains about, the end says why it ended. */
const KEPT_CHARACTERS = 4_000

/** Starts a program without a shell, its standard input and outputs being pipes. */
export async function nodeStart({ command, cwd, env }: StartRequest): Promise<HostResult<RunningProgram>> {
  const [program, ...args] = command
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    shell: false,
    windowsHide: true,
    detached: process.platform !== 'win32',
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-KEPT_CHARACTERS)
  })
  // A program that has gone cannot read: `write` says so; without a listener the stream would throw.
  child.stdin.on('error', () => undefined)
  const ended = new Promise<SpawnExit>((resolve) => {
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }))
  })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  try {
    await once(child, 'spawn')
  } catch (cause) {
    return failureOf('start', program, cause)
  }
  return hostOk({
    output: child.stdout,
    complaints: () => complaints,
    ended,
    write: (data) =>
      new Promise((resolve) => {
        child.stdin.write(data, (cause) =>
          resolve(cause ? hostFailure('io', 'write', program, `${program} no longer reads`) : hostOk(undefined)),
        )
      }),
    async stop(graceMs = GRACE_MS) {
      child.stdin.end()
      const timer = setTimeout(() => terminate(child, 'SIGKILL'), graceMs)
      await exited
      // Pipes close when they are read to their end, which nobody does after an answer too many, or where a process that the program started holds them open.
      const reading = setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, LAST_WORDS_MS)
      await ended
      clearTimeout(timer)
      clearTimeout(reading)
    },
  })
}
