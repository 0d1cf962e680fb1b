import { afterAll, beforeAll, it } from 'vitest'
import { sparkFunctions, sparkSupport } from '../../packages/core/src/targets/sql/spark/index.ts'
import { agreeOnGeneratedPairs, everyFunctionAsked } from '../differential/generated-pairs.ts'
import { heldExpr } from '../differential/postgresql/held.ts'
import { openSpark, type SparkRunner } from './runner.ts'
import { describeWithCluster } from './with-cluster.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const groups = Number(process.env['PLUMB_FUZZ_SPARK_GROUPS'] ?? 1)

describeWithCluster('reference evaluator = Spark SQL', ({ address }) => {
  let spark: SparkRunner
  beforeAll(async () => {
    spark = await openSpark(address)
  })
  afterAll(() => spark.close())

  it(`on ${groups * 1_200} generated (expression, row) pairs, values and errors`, {
    timeout: 600_000 + groups * 120_000,
  }, async () => {
    const { functions } = await agreeOnGeneratedPairs({
      seed,
      stream: 'spark',
      groups,
      targets: { spark, javascript: false },
      support: sparkSupport,
      exprOf: (expr) => heldExpr(expr, (value) => value),
    })
    // A short run reaches some of the functions only.
    if (groups >= 25) everyFunctionAsked(sparkFunctions, functions)
  })
})
