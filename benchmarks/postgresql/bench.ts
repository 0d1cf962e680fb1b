import { chmodSync } from 'node:fs'
import { Client } from 'pg'
import { noServer, type PostgresqlServer, startServer } from '../../conformance/differential/postgresql/server.ts'
import { agree, answersOf } from '../support/answers.ts'
import { compared, type Measure, spread } from '../support/figures.ts'
import { fused } from './by-hand.ts'
import { loadTable } from './load-table.ts'
import { childrenOf, endedCpuMs, postmasterOf, untilEnded } from './server-cpu.ts'

/** How large, and how often. */
export interface PostgresqlSize {
  readonly rows: number
  readonly rounds: number
}

/** 60 clauses where the rows are, against one statement by hand; nothing where no server is installed. */
export async function benchPostgresql(folder: string, { rows, rounds }: PostgresqlSize): Promise<readonly Measure[]> {
  const reason = noServer()
  if (reason !== undefined) {
    process.stderr.write(`  skipped: ${reason}\n`)
    return []
  }
  const server = await startServer()
  const client = new Client({ host: server.host, user: server.user, database: server.database })
  try {
    await client.connect()
    chmodSync(server.host, 0o755)
    await loadTable(client, folder, server.host, rows)
    const address = `postgresql://${server.user}@localhost/${server.database}?host=${encodeURIComponent(server.host)}`
    const times: Record<'ours' | 'unpinned' | 'peer', number[]> = { ours: [], unpinned: [], peer: [] }
    const sides = {
      ours: () => answersOf({ dialect: 'postgresql', address, pinned: true }),
      unpinned: () => answersOf({ dialect: 'postgresql', address, pinned: false }),
      peer: () => byHand(server),
    }
    const postmaster = postmasterOf(server.host)
    const idle = childrenOf(postmaster)
    // One round more than asked: the first one fills the caches and counts for nothing.
    for (let round = -1; round < rounds; round++) {
      const answers: (readonly (number | undefined)[])[] = []
      const order = (['ours', 'unpinned', 'peer'] as const).map((_, i, names) => names[(i + round + 1) % 3] ?? 'peer')
      for (const name of order) {
        const before = { server: endedCpuMs(postmaster), own: process.cpuUsage() }
        const answer = await sides[name]()
        await untilEnded(postmaster, idle)
        const { user, system } = process.cpuUsage(before.own)
        if (round >= 0) times[name].push(endedCpuMs(postmaster) - before.server + (user + system) / 1000)
        answers.push(answer)
      }
      agree(answers)
    }
    const size = `${(rows / 1e6).toLocaleString('en')} M rows × 20 columns`
    return [
      compared(
        'PostgreSQL: 60 clauses, no digest',
        'ms CPU',
        times.unpinned,
        times.peer,
        1.3,
        `${size} in a table; CPU of the server and of this process, from the call of \`runDataStage\`, connecting and compiling included, to its end; \`pinned: false\`. Peer = one fused statement by hand on the same server, connecting included.`,
      ),
      compared(
        'PostgreSQL: 60 clauses, digest of the rows included',
        'ms CPU',
        times.ours,
        times.peer,
        undefined,
        `The same with the digest of every row that evidence needs and the peer does not make (median ${(spread(times.ours).median - spread(times.unpinned).median).toFixed(0)} ms more).`,
      ),
    ]
  } finally {
    await client.end()
    await server.stop()
  }
}

async function byHand({ host, user, database }: PostgresqlServer): Promise<readonly number[]> {
  const client = new Client({ host, user, database })
  await client.connect()
  const { rows } = await client.query<unknown[]>({ text: fused, rowMode: 'array' })
  await client.end()
  return (rows[0] ?? []).map(Number)
}
