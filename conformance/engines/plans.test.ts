import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { identifier } from '../../packages/core/src/targets/sql/sql.ts'
import { buildProgram } from '../../packages/engine/src/testing/program-builder.ts'
import { duckdbEngine, type Engine, postgresqlEngine } from '../differential/aggregates/engines.ts'
import { describeWithServer } from '../differential/postgresql/with-server.ts'
import { disagreements } from './compare.ts'
import { estimated, joined, questions } from './questions.ts'
import { addressOf, statementsOf, tableOf } from './run.ts'
import { scaleOf } from './scale.ts'
import { declared, keyedTable, makeTable, writeParquet } from './tables.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const TABLES = Number(process.env['PLUMB_ENGINE_TABLES'] ?? 6)

describeWithServer('plans', (server) => {
  let root = ''
  let duckdb: Engine
  let postgresql: Engine
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'plumb-engines-'))
    duckdb = await duckdbEngine()
    postgresql = await postgresqlEngine(server())
  })
  afterAll(async () => {
    await Promise.all([duckdb.close(), postgresql.close()])
    await rm(root, { recursive: true, force: true })
  })

  it(
    `PostgreSQL says what DuckDB says, on ${TABLES} tables (seed ${seed})`,
    async () => {
      const random = createRandom(seed, 'engines')
      for (let n = 0; n < TABLES; n++) {
        const sizes = [1 + random.int(60), 20 + random.int(60)]
        const tables = new Map(['rows', 'others'].map((name, i) => [name, keyedTable(random, sizes[i] ?? 1)]))
        for (const [name, rows] of tables) {
          await writeParquet(duckdb, root, name, rows)
          await makeTable(postgresql, identifier(name), rows)
        }
        const clauses = [...questions('others'), ...joined('others'), ...estimated]
        const names = [...tables.keys()]
        const files = buildProgram(
          names.map((name) => declared(name, { path: `${name}.parquet`, format: 'parquet' })),
          clauses,
        )
        const held = buildProgram(
          names.map((name) => declared(name, tableOf(name))),
          clauses,
        )
        const here = await statementsOf({ program: files, root })
        const there = await statementsOf({ program: held, root }, addressOf(server()))
        expect(here.length).toBeGreaterThan(100)
        expect(disagreements(here, there, scaleOf(tables.get('rows') ?? [])).slice(0, 3)).toEqual([])
      }
    },
    60_000 + TABLES * 10_000,
  )
})
