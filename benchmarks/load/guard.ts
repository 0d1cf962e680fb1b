import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseDocument } from 'yaml'
import { ready, type Side } from './side.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** `plumb guard` as a proxy, with the clauses of the example, in a folder of its own. */
export function startGuard(folder: string, port: number, upstream: string, log: boolean): Promise<Side> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  // Without its fallback model, which would have to be trained first.
  const spec = parseDocument(readFileSync(join(root, 'examples', 'credit-default', 'plumb.yaml'), 'utf8'))
  spec.delete('guard')
  writeFileSync(join(folder, 'plumb.yaml'), String(spec))
  const plumb = join(root, 'packages', 'cli', 'bin', 'plumb.js')
  const args = ['-C', folder, 'guard', '--upstream', upstream, '--port', String(port), ...(log ? [] : ['--no-log'])]
  const child = spawn(process.execPath, [plumb, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  return ready(child, `http://127.0.0.1:${port}`)
}
