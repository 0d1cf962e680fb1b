import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { identifier, sql } from '../../packages/core/src/targets/sql/sql.ts'
import { buildProgram, type TestClause } from '../../packages/engine/src/testing/program-builder.ts'
import { duckdbEngine, type Engine } from '../differential/aggregates/engines.ts'
import { disagreements } from '../engines/compare.ts'
import { estimated, joined, questions } from '../engines/questions.ts'
import { scaleOf } from '../engines/scale.ts'
import { declared, keyedTable, writeParquet } from '../engines/tables.ts'
import { connectSpark, type SparkSession } from './client.ts'
import { statementsThere, tableOf } from './run.ts'
import { describeWithCluster } from './with-cluster.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const TABLES = Number(process.env['PLUMB_SPARK_TABLES'] ?? 1)
/** A statement costs a second there, however few rows it reads: slices are asked of some clauses only, unless more is asked for. */
const SLICED = Number(process.env['PLUMB_SPARK_SLICED'] ?? 2)

const sliced = (clauses: readonly TestClause[]): readonly TestClause[] =>
  clauses.map((clause, i) =>
    i % Math.ceil(clauses.length / SLICED) === 0 ? clause : { ...clause, slices: { all: '' } },
  )

describeWithCluster('plans on Spark', ({ address, folder }) => {
  let root = ''
  let duckdb: Engine
  let spark: SparkSession
  beforeAll(async () => {
    root = await mkdtemp(join(folder, 'plans-'))
    duckdb = await duckdbEngine()
    spark = await connectSpark(address)
  })
  afterAll(async () => {
    await Promise.all([duckdb.close(), spark.close()])
    await rm(root, { recursive: true, force: true })
  })

  it(
    `Spark says what DuckDB says, on ${TABLES} tables (seed ${seed})`,
    async () => {
      const random = createRandom(seed, 'spark-plans')
      for (let n = 0; n < TABLES; n++) {
        const tables = new Map([80, 60].map((size, i) => [['rows', 'others'][i] ?? '', keyedTable(random, size)]))
        for (const [name, rows] of tables) {
          await writeParquet(duckdb, root, name, rows)
          const file = identifier(join(root, `${name}.parquet`))
          await spark.query(sql`CREATE OR REPLACE VIEW ${identifier(name)} AS SELECT * FROM parquet.${file}`)
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
        const here = await statementsThere({ program: files, root }, undefined)
        expect(here.length).toBeGreaterThan(50)
        const there = await statementsThere({ program: held, root }, address)
        expect(disagreements(here, there, scaleOf(tables.get('rows') ?? [])).slice(0, 3)).toEqual([])
      }
    },
    600_000 + TABLES * 300_000,
  )
})
