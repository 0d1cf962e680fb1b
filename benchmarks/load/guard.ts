import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ready, type Side } from './side.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** `plumb guard` as a proxy, with the clauses of the example, in a folder of its own. */
export function startGuard(folder: string, port: number, upstream: string, log: boolean): Promise<Side> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(join(root, 'examples', 'credit-default', 'plumb.yaml'), join(folder, 'plumb.yaml'))
  cpSync(join(root, 'examples', 'credit-default', 'models'), join(folder, 'models'), { recursive: true })
  const plumb = join(root, 'packages', 'cli', 'bin', 'plumb.js')
  const args = ['-C', folder, 'guard', '--upstream', upstream, '--port', String(port), ...(log ? [] : ['--no-log'])]
  const child = spawn(process.execPath, [plumb, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  return ready(child, `http://127.0.0.1:${port}`)
}
