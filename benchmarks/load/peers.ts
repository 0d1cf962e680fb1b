import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ready, type Side } from './side.ts'

/** The versions that are measured; a benchmark of others is another benchmark. */
export const PEERS = { fastify: '5.12.8', '@fastify/http-proxy': '11.6.3' } as const

/** Installs the peers where only benchmarks look. */
export function installPeers(folder: string): string {
  if (Object.keys(PEERS).every((name) => existsSync(join(folder, 'node_modules', name, 'package.json')))) return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies: PEERS }))
  const done = spawnSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`The peers could not be installed:\n${done.stderr}`)
  return folder
}

/** `@fastify/http-proxy` in front of the upstream, as its documentation shows it. */
export function startFastify(folder: string, port: number, upstream: string): Promise<Side> {
  const script = join(folder, 'proxy.js')
  writeFileSync(
    script,
    `import fastify from 'fastify'
import proxy from '@fastify/http-proxy'
const server = fastify()
server.register(proxy, { upstream: ${JSON.stringify(upstream)} })
await server.listen({ port: ${port}, host: '127.0.0.1' })
process.on('SIGTERM', () => process.exit(0))
`,
  )
  return ready(
    spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'] }),
    `http://127.0.0.1:${port}`,
  )
}

/** A proxy of Node's sockets alone. */
export function startSockets(port: number, upstream: string): Promise<Side> {
  const script = fileURLToPath(new URL('sockets-proxy.ts', import.meta.url))
  const child = spawn(process.execPath, [script, String(port), upstream], { stdio: ['ignore', 'ignore', 'inherit'] })
  return ready(child, `http://127.0.0.1:${port}`)
}
