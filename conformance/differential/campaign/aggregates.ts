import { createRandom } from '../../../packages/core/src/stats/prng.ts'
import { differences, duplicateDifferences } from '../aggregates/differences.ts'
import { duckdbEngine, postgresqlEngine } from '../aggregates/engines.ts'
import { questions, slices } from '../aggregates/questions.ts'
import { randomTable } from '../aggregates/tables.ts'
import type { PostgresqlServer } from '../postgresql/server.ts'

/** What came of comparing aggregates on DuckDB and PostgreSQL with a loop over the rows. */
export interface AggregateRun {
  readonly seed: string
  readonly tables: number
  readonly rows: number
  /** Questions asked of each table, and again of each of its groups, in each slice. */
  readonly questions: number
  readonly slices: number
  readonly differences: number
  readonly seconds: number
}

const BATCH = 200

/** Compares all questions on generated tables, whole, by group and in slices. */
export async function compareAggregates(seed: string, tables: number, server: PostgresqlServer): Promise<AggregateRun> {
  const began = performance.now()
  const random = createRandom(seed, 'campaign aggregates')
  const engines = [await duckdbEngine(), await postgresqlEngine(server)]
  const found: string[] = []
  let rows = 0
  for (let first = 0; first < tables; first += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, tables - first) }, () => randomTable(random))
    rows += batch.reduce((sum, table) => sum + table.length, 0)
    for (const engine of engines) {
      found.push(...(await differences(engine, batch)), ...(await duplicateDifferences(engine, batch)))
    }
    for (const each of found.slice(0, found.length > 10 ? 0 : 3)) process.stderr.write(`${each}\n`)
  }
  await Promise.all(engines.map((engine) => engine.close()))
  const seconds = Math.round((performance.now() - began) / 1000)
  const asked = { questions: questions.length + 1, slices: slices.length }
  return { seed, tables, rows, ...asked, differences: found.length, seconds }
}
