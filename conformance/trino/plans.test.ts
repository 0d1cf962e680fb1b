import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { identifier } from '../../packages/core/src/targets/sql/sql.ts'
import { buildProgram, type TestClause } from '../../packages/engine/src/testing/program-builder.ts'
import { duckdbEngine, type Engine } from '../differential/aggregates/engines.ts'
import { statementsOf } from '../engines/run.ts'
import { disagreements } from '../engines/compare.ts'
import { estimated, joined, questions } from '../engines/questions.ts'
import { scaleOf } from '../engines/scale.ts'
import { declared, keyedTable, makeTable, writeParquet } from '../engines/tables.ts'
import { trinoEngine } from './engine.ts'
import { tableOf } from './run.ts'
import { describeWithServer } from './with-server.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const TABLES = Number(process.env['PLUMB_TRINO_TABLES'] ?? 1)
/** A statement costs a second there, however few rows it reads: slices are asked of some clauses only, unless more is asked for. */
const SLICED = Number(process.env['PLUMB_TRINO_SLICED'] ?? 2)

const sliced = (clauses: readonly TestClause[]): readonly TestClause[] =>
  clauses.map((clause, i) =>
    i % Math.ceil(clauses.length / SLICED) === 0 ? clause : { ...clause, slices: { all: '' } },
  )

describeWithServer('plans on Trino', (address) => {
  let root = ''
  let duckdb: Engine
  let trino: Engine
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'plumb-trino-'))
    duckdb = await duckdbEngine()
    trino = await trinoEngine(address)
  })
  afterAll(async () => {
    await Promise.all([duckdb.close(), trino.close()])
    await rm(root, { recursive: true, force: true })
  })

  it(
    `Trino says what DuckDB says, on ${TABLES} tables (seed ${seed})`,
    async () => {
      const random = createRandom(seed, 'trino-plans')
      for (let n = 0; n < TABLES; n++) {
        const tables = new Map([80, 60].map((size, i) => [['rows', 'others'][i] ?? '', keyedTable(random, size)]))
        for (const [name, rows] of tables) {
          await writeParquet(duckdb, root, name, rows)
          await makeTable(trino, identifier(name), rows)
        }
        const clauses = sliced([...questions('others'), ...joined('others'), ...estimated])
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
        expect(here.length).toBeGreaterThan(50)
        const there = await statementsOf({ program: held, root }, address)
        expect(disagreements(here, there, scaleOf(tables.get('rows') ?? [])).slice(0, 3)).toEqual([])
      }
    },
    600_000 + TABLES * 300_000,
  )
})
