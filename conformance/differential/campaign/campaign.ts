import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { version as duckdbVersion } from '@duckdb/node-api'
import { sql } from '../../../packages/core/src/targets/sql/sql.ts'
import { grammars } from '../expressions.ts'
import { connect } from '../postgresql/client.ts'
import { noServer, type PostgresqlServer, startServer } from '../postgresql/server.ts'
import { type AggregateRun, compareAggregates } from './aggregates.ts'
import { comparePairs, type PairRun } from './pairs.ts'
import { type CampaignResults, page } from './results.ts'

const OPTIONS = {
  pairs: { type: 'string', default: '1000000' },
  'postgresql-pairs': { type: 'string', default: '100000' },
  tables: { type: 'string', default: '20000' },
  seeds: { type: 'string', default: 'plumbline,equal' },
  write: { type: 'boolean', default: false },
} as const

/** Runs the long comparison; the exit code is 1 where anything differs. */
export async function campaign(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  const seeds = values.seeds.split(',')
  const reason = noServer()
  if (reason !== undefined) process.stderr.write(`${reason}: PostgreSQL is left out.\n`)
  const server = reason === undefined ? await startServer() : undefined
  try {
    const names = Object.keys(grammars) as (keyof typeof grammars)[]
    const share = (all: string): number => Math.ceil(Number(all) / seeds.length / names.length)
    const pairs: PairRun[] = []
    for (const seed of seeds) {
      for (const grammar of names) {
        const run = await comparePairs({
          seed,
          grammar,
          pairs: share(values.pairs),
          postgresqlPairs: share(values['postgresql-pairs']),
          server,
        })
        pairs.push(run)
        process.stderr.write(
          `${seed} ${grammar}: ${run.pairs} pairs, ${run.disagreements} disagreements, ${run.seconds} s\n`,
        )
      }
    }
    const aggregates: AggregateRun[] = []
    const versions = {
      node: process.versions.node,
      duckdb: duckdbVersion(),
      ...(server === undefined ? {} : { postgresql: await versionOf(server) }),
    }
    const results = (): CampaignResults => ({
      date: new Date().toISOString().slice(0, 10),
      versions,
      pairs,
      aggregates,
    })
    // What was compared is kept, also where the rest is interrupted.
    if (values.write) write(results())
    if (server !== undefined)
      for (const seed of seeds) {
        const run = await compareAggregates(seed, Math.ceil(Number(values.tables) / seeds.length), server)
        aggregates.push(run)
        process.stderr.write(
          `${seed} aggregates: ${run.tables} tables, ${run.differences} differences, ${run.seconds} s\n`,
        )
        if (values.write) write(results())
      }
    process.stdout.write(page(results()))
    const wrong = [...pairs.map((run) => run.disagreements), ...aggregates.map((run) => run.differences)]
    return wrong.every((count) => count === 0) ? 0 : 1
  } finally {
    await server?.stop()
  }
}

async function versionOf(server: PostgresqlServer): Promise<string> {
  const client = await connect(server)
  const [[version] = []] = await client.query(sql`SELECT split_part(current_setting('server_version'), ' ', 1)`)
  await client.close()
  return String(version)
}

function write(results: CampaignResults): void {
  const here = fileURLToPath(new URL('.', import.meta.url))
  mkdirSync(here, { recursive: true })
  writeFileSync(`${here}/results.json`, `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(`${here}/RESULTS.md`, page(results))
}
