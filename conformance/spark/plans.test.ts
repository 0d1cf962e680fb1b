import { join } from 'node:path'
import { afterAll, beforeAll, it } from 'vitest'
import { identifier, sql } from '../../packages/core/src/targets/sql/sql.ts'
import { tableOf } from '../engines/run.ts'
import { sameVerdicts } from '../engines/same-verdicts.ts'
import { connectSpark, type SparkSession } from './client.ts'
import { describeWithCluster } from './with-cluster.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const TABLES = Number(process.env['PLUMB_SPARK_TABLES'] ?? 1)
const SLICED = Number(process.env['PLUMB_SPARK_SLICED'] ?? 2)

describeWithCluster('plans on Spark', ({ address, folder }) => {
  let spark: SparkSession
  beforeAll(async () => {
    spark = await connectSpark(address)
  })
  afterAll(() => spark.close())

  it(
    `Spark says what DuckDB says, on ${TABLES} tables (seed ${seed})`,
    () =>
      sameVerdicts(
        {
          address,
          tableOf: (name) => tableOf(name, { dialect: 'spark' }),
          async make(name, _, root) {
            const file = identifier(join(root, `${name}.parquet`))
            await spark.query(sql`CREATE OR REPLACE VIEW ${identifier(name)} AS SELECT * FROM parquet.${file}`)
          },
        },
        { seed, stream: 'spark-plans', tables: TABLES, folder, sizes: [80, 60], sliced: SLICED },
      ),
    600_000 + TABLES * 300_000,
  )
})
