import { chmodSync } from 'node:fs'
import { compile, type Statement } from '@plumbline/core'
import { runDataStage } from '@plumbline/engine'
import { Client } from 'pg'
import { noServer, type PostgresqlServer, startServer } from '../../conformance/differential/postgresql/server.ts'
import { planSpec } from '../plan/spec.ts'
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
      ours: () => ours(address, true),
      unpinned: () => ours(address, false),
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

/** The number that the peer computes, too: failing rows of an `every`, the first term of a `must`. */
function answerOf(statement: Statement): number | undefined {
  if ('failing' in statement) return statement.failing
  const term = 'terms' in statement ? statement.terms[0]?.value : undefined
  return typeof term === 'number' ? term : undefined
}

async function ours(address: string, pinned: boolean): Promise<readonly (number | undefined)[]> {
  const engines = 'engines:\n  warehouse: { dialect: postgresql, address: "${WAREHOUSE}" }\n'
  const text = planSpec(`{ engine: warehouse, table: orders, pinned: ${pinned} }`, engines)
  const { value: program, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  if (program === undefined) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'))
  const answers: (number | undefined)[] = []
  for await (const statement of runDataStage({
    program,
    root: '.',
    toolVersion: 'benchmark',
    variable: () => address,
  })) {
    if (statement.verdict === 'error') throw new Error(`${statement.clause}: ${statement.cause}`)
    const at = /^c([0-9]+)$/.exec(statement.clause)?.[1]
    if (at !== undefined) answers[Number(at)] = answerOf(statement)
  }
  return answers
}

/** Fails when the sides come to different numbers. */
function agree(answers: readonly (readonly (number | undefined)[])[]): void {
  const [first = [], ...others] = answers.toSorted((a, b) => a.length - b.length)
  first.forEach((value, clause) => {
    for (const other of others) {
      const again = other[clause] ?? Number.NaN
      if (value === undefined || Math.abs(value - again) > 1e-9 * Math.max(1, Math.abs(value)))
        throw new Error(`Clause ${clause}: ${value} and ${again}.`)
    }
  })
}
