import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { compared, type Measure, spread } from '../support/figures.ts'
import { cpuMicros } from './cpu-time.ts'
import { ANSWER, exampleProgram, metadataBody, MODEL, requestBodies } from './exchange.ts'
import { startGuard } from './guard.ts'
import { startProxy, startUpstream } from './nginx.ts'
import { installPeers, PEERS, startFastify, startSockets } from './peers.ts'
import type { Side } from './side.ts'
import { type LoadRun, runLoad } from './wrk.ts'

const FIRST_PORT = 18_410

/** How long, how often, and over how many connections. */
export interface LoadSize {
  readonly seconds: number
  readonly rounds: number
  readonly connections: number
}

type Turn = LoadRun & { readonly cpuMicros: number }

/** The guard as a proxy beside nginx and a Node proxy, in front of one upstream; in turns. */
export async function benchLoad(folder: string, size: LoadSize): Promise<readonly Measure[]> {
  for (const tool of ['wrk', 'nginx'])
    if (spawnSync(tool, ['-v']).error !== undefined)
      throw new Error(`The load benchmark needs ${tool}: apt-get install ${tool}`)
  const home = join(folder, 'load')
  mkdirSync(home, { recursive: true })
  const program = exampleProgram()
  const bodies = requestBodies(program)
  const peers = installPeers(join(folder, 'peers'))
  const started: Side[] = []
  const open = async (side: Promise<Side>): Promise<Side> => {
    const opened = await side
    started.push(opened)
    return opened
  }
  try {
    let port = FIRST_PORT
    const upstream = await open(startUpstream(join(home, 'upstream'), port++, ANSWER, metadataBody(program)))
    const sides = {
      upstream,
      nginx: await open(startProxy(join(home, 'nginx'), port++, upstream.url)),
      fastify: await open(startFastify(peers, port++, upstream.url)),
      sockets: await open(startSockets(port++, upstream.url)),
      guard: await open(startGuard(join(home, 'guard'), port++, upstream.url, false)),
      logging: await open(startGuard(join(home, 'logging'), port++, upstream.url, true)),
    }
    return measures(turns(home, sides, bodies, size), Buffer.byteLength(bodies[0] ?? ''), size)
  } finally {
    for (const side of started.toReversed()) await side.stop()
  }
}

type Turns<Name extends string> = Readonly<Record<Name, readonly Turn[]>>

function turns<Name extends string>(
  home: string,
  sides: Readonly<Record<Name, Side>>,
  bodies: readonly string[],
  { seconds, rounds, connections }: LoadSize,
): Turns<Name> {
  const names = Object.keys(sides) as Name[]
  const taken = Object.fromEntries(names.map((name) => [name, [] as Turn[]])) as Record<Name, Turn[]>
  // One round more than asked: in the first one code is compiled and connections are made.
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + 1) % names.length] as Name
      const { url, pid } = sides[name]
      const before = cpuMicros(pid)
      const run = runLoad(home, { url: `${url}/v2/models/${MODEL}/infer`, bodies, connections, seconds })
      if (round >= 0) taken[name].push({ ...run, cpuMicros: (cpuMicros(pid) - before) / run.requests })
    }
  }
  return taken
}

function measures(
  taken: Turns<'upstream' | 'nginx' | 'fastify' | 'sockets' | 'guard' | 'logging'>,
  bytes: number,
  { connections }: LoadSize,
): readonly Measure[] {
  const cpu = (name: keyof typeof taken): readonly number[] => taken[name].map((turn) => turn.cpuMicros)
  const asked = `One row of 23 fields (${bytes} bytes of JSON), ${connections} connections kept alive, wrk and all servers on one machine.`
  const latency = (name: keyof typeof SAID, at: 'p50' | 'p99'): Measure => ({
    name: `${SAID[name]}, ${at}`,
    unit: 'ms wall',
    ours: spread(taken[name].map((turn) => turn[at])),
    note: `${asked} The servers share the cores, so this is latency under full load, not that of a quiet service.`,
  })
  return [
    compared(
      'guard as a proxy, logging off',
      'µs CPU',
      cpu('guard'),
      cpu('nginx'),
      6,
      `CPU per request of all threads; peer = nginx as a bare proxy, which reads no body. ${asked}`,
    ),
    compared(
      'guard as a proxy, logging on',
      'µs CPU',
      cpu('logging'),
      cpu('nginx'),
      6,
      'The same with every request and answer in the log before it is answered, Parquet included.',
    ),
    compared(
      'guard as a proxy, logging off, beside a Node proxy',
      'µs CPU',
      cpu('guard'),
      cpu('fastify'),
      undefined,
      `Peer = @fastify/http-proxy ${PEERS['@fastify/http-proxy']}, which checks nothing.`,
    ),
    compared(
      'guard as a proxy, logging off, beside sockets of Node',
      'µs CPU',
      cpu('guard'),
      cpu('sockets'),
      undefined,
      'Peer = two sockets of Node that read nothing but a length: the part that no change of the guard brings lower.',
    ),
    ...(['upstream', 'nginx', 'fastify', 'guard', 'logging'] as const).flatMap((name) => [
      latency(name, 'p50'),
      latency(name, 'p99'),
    ]),
  ]
}

const SAID = {
  upstream: 'bare upstream',
  nginx: 'nginx as a proxy',
  fastify: '@fastify/http-proxy',
  guard: 'guard, logging off',
  logging: 'guard, logging on',
} as const
