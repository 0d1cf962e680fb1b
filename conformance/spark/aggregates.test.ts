import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { spark, sparkTypes } from '../../packages/core/src/targets/sql/spark/index.ts'
import { sql } from '../../packages/core/src/targets/sql/sql.ts'
import { questions } from '../differential/aggregates/questions.ts'
import { differences } from '../differential/aggregates/differences.ts'
import { type Cell, duckdbEngine, type Engine } from '../differential/aggregates/engines.ts'
import { randomTable } from '../differential/aggregates/tables.ts'
import { connectSpark } from './client.ts'
import { describeWithCluster } from './with-cluster.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const TABLES = Number(process.env['PLUMB_FUZZ_SPARK_TABLES'] ?? 30)
/** Spark plans a statement of few aggregates in far less time than one of many. */
const AT_ONCE = 8

describeWithCluster('aggregates of Spark', ({ address }) => {
  let engines: readonly Engine[] = []
  beforeAll(async () => {
    const session = await connectSpark(address)
    const ofSpark: Engine = {
      name: 'spark',
      dialect: spark,
      types: sparkTypes,
      list: (elements) => sql`array(${elements})`,
      listOf: (type) => sql`ARRAY<${type}>`,
      micros: (timestamp) => sql`unix_micros(${timestamp})`,
      stored: (rows) => sql`CREATE TABLE r USING parquet AS ${rows}`,
      query: async (statement) => (await session.query(statement)) as readonly (readonly Cell[])[],
      close: session.close,
    }
    engines = [await duckdbEngine(), ofSpark]
  })
  afterAll(() => Promise.all(engines.map((engine) => engine.close())))

  it(
    `Spark = DuckDB = a loop over the rows, on ${TABLES} tables with slices and groups (seed ${seed})`,
    async () => {
      const random = createRandom(seed, 'spark-aggregates')
      const tables = Array.from({ length: TABLES }, () => randomTable(random))
      for (const engine of engines)
        for (let first = 0; first < questions.length; first += AT_ONCE)
          expect((await differences(engine, tables, questions.slice(first, first + AT_ONCE))).slice(0, 5)).toEqual([])
    },
    300_000 + TABLES * 2_000,
  )
})
