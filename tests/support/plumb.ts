import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The root of the repository. */
export const ROOT = dirname(dirname(import.meta.dirname))
/** The command itself. */
export const PLUMB = join(ROOT, 'packages', 'cli', 'bin', 'plumb.js')

/** What a run of the command left behind. */
export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
  /** The output as JSON. */
  json<T>(): T
}

/** Runs `plumb` as a user does, in a process of its own. */
export function plumb(folder: string, ...args: readonly string[]): Ran {
  const done = spawnSync(process.execPath, [PLUMB, '-C', folder, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { code: done.status, out: done.stdout, err: done.stderr, json: <T>() => JSON.parse(done.stdout) as T }
}

/** An empty folder inside the repository's own scratch space (so that its modules are found), fresh for this test. */
export function scratch(name: string): string {
  const folder = join(ROOT, '.work', 'tests', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return folder
}

/** A fresh copy of an example, without what its runs left behind. */
export function copyOfExample(name: string, as: string): string {
  const folder = scratch(as)
  const source = join(ROOT, 'examples', name)
  cpSync(source, folder, {
    recursive: true,
    filter: (path) => !/[\\/](\.plumb|models|\.venv)([\\/]|$)/.test(path.slice(source.length)),
  })
  return folder
}

/** Runs `plumb` while this process goes on: for tests in which it answers what the command asks. */
export function plumbAside(folder: string, ...args: readonly string[]): Promise<Pick<Ran, 'code' | 'out' | 'err'>> {
  return plumbWith({}, folder, ...args)
}

/** The same, with variables of its own beside those of this process. */
export function plumbWith(
  variables: Readonly<Record<string, string>>,
  folder: string,
  ...args: readonly string[]
): Promise<Pick<Ran, 'code' | 'out' | 'err'>> {
  const child = spawn(process.execPath, [PLUMB, '-C', folder, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...variables },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString()
  })
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString()
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}
