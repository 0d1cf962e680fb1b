// `node benchmarks/peers/install.ts [tool …]`: a virtual environment for each Python peer, unless it is there. Needs python3 with pip.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const requirements = JSON.parse(readFileSync(new URL('requirements.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, readonly string[]>
>

/** The tools that are compared with. */
export const PEERS: readonly string[] = Object.keys(requirements)

const folder = fileURLToPath(new URL('../../.work/benchmarks/peers/', import.meta.url))

/** The interpreter of a tool's environment; undefined where it is not installed. */
export function pythonOf(tool: string): string | undefined {
  const place = join(folder, tool)
  return existsSync(join(place, 'installed')) ? join(place, 'bin', 'python') : undefined
}

function run(command: string, ...args: readonly string[]): void {
  const done = spawnSync(command, args, { stdio: 'inherit' })
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${done.status}.`)
}

function install(tool: string): void {
  if (pythonOf(tool) !== undefined) return
  const place = join(folder, tool)
  mkdirSync(folder, { recursive: true })
  run('python3', '-m', 'venv', place)
  run(join(place, 'bin', 'pip'), 'install', '--quiet', ...(requirements[tool] ?? []))
  writeFileSync(join(place, 'installed'), '')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2)
  for (const tool of asked.length > 0 ? asked : PEERS) install(tool)
}
