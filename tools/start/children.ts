import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A process that runs beside the steps. */
export interface Child {
  /** The first line it prints; rejects when it ends without one. */
  readonly firstLine: Promise<string>
  /** Its exit code, and the last line it printed. */
  readonly ended: Promise<{ readonly code: number | null; readonly lastLine: string }>
  /** Tells it to stop, and waits until it has. */
  stop(): Promise<{ readonly code: number | null; readonly lastLine: string }>
}

/** How a process is started. */
export interface ChildOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly onLine?: (line: string) => void
  readonly onErrorLine?: (line: string) => void
}

/** The processes of one start; none of them outlives it. */
export interface Children {
  start(command: readonly string[], options: ChildOptions): Child
  /**
   * Runs a process to its end; 130 where a signal ended it. It speaks for itself or, where `onOutput` is given, to that.
   */
  run(command: readonly string[], onOutput?: (data: Uint8Array) => void): Promise<number>
  /** Stops all that still run, the last one first. */
  stopAll(): Promise<void>
  /** The same, and none is started any more. */
  close(): Promise<void>
}

/** How long a process has to end by itself. */
const GRACE_MS = 10_000

/** No process runs yet. */
export function createChildren(): Children {
  const running: Pick<Child, 'ended' | 'stop'>[] = []
  const keep = <C extends Pick<Child, 'ended' | 'stop'>>(child: C): C => {
    running.push(child)
    void child.ended
      .catch(() => undefined)
      .then(() => {
        const at = running.indexOf(child)
        if (at >= 0) running.splice(at, 1)
      })
    return child
  }
  let isClosed = false
  const mayStart = (): void => {
    if (isClosed) throw new Error('Interrupted.')
  }
  const stopAll = async (): Promise<void> => {
    for (let child = running.at(-1); child !== undefined; child = running.at(-1)) {
      await child.stop()
      const at = running.indexOf(child)
      if (at >= 0) running.splice(at, 1)
    }
  }
  return {
    start(command, options) {
      mayStart()
      return keep(startChild(command, options))
    },
    async run([program = '', ...args], onOutput) {
      mayStart()
      const child =
        onOutput === undefined ? spawn(executable(program), args, { stdio: 'inherit' }) : aside(program, args)
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Uint8Array) => onOutput?.(data))
      const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, lastLine: '' }))
      const { code } = await keep({ ended, stop: () => stopChild(child, ended) }).ended
      return code ?? 130
    },
    stopAll,
    close() {
      isClosed = true
      return stopAll()
    },
  }
}

const executable = (program: string): string => (program === 'node' ? process.execPath : program)

/** A process whose output is kept for later; it looks as it would have on the terminal. */
function aside(program: string, args: readonly string[]): ChildProcess {
  const { stdout, env } = process
  const isColored = stdout.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
  return spawn(executable(program), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, ...(isColored ? { FORCE_COLOR: '1' } : {}) },
  })
}

function startChild([program = '', ...args]: readonly string[], options: ChildOptions): Child {
  const child = spawn(executable(program), args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let lastLine = ''
  let tellFirst: (line: string) => void = () => undefined
  const first = new Promise<string>((resolve) => {
    tellFirst = resolve
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    lastLine = line
    tellFirst(line)
    options.onLine?.(line)
  })
  createInterface({ input: child.stderr }).on('line', (line) => options.onErrorLine?.(line))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, lastLine }))
  const noLine = ended.then(({ code }) => {
    throw new Error(`${args[0]} ended with exit code ${code} before it said anything`)
  })
  const firstLine = Promise.race([first, noLine])
  for (const each of [noLine, firstLine, ended]) each.catch(() => undefined)
  return { firstLine, ended, stop: () => stopChild(child, ended) }
}

async function stopChild<T>(child: ChildProcess, ended: Promise<T>): Promise<T> {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
  try {
    return await ended
  } finally {
    clearTimeout(timer)
  }
}
