import { afterAll, beforeAll, expect, it } from 'vitest'
import { rowFunctions, type RowFunctionName } from '../../packages/core/src/expr/functions/row-functions.ts'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { walk } from '../../packages/core/src/targets/children.ts'
import { sparkFunctions, sparkSupport } from '../../packages/core/src/targets/sql/spark/index.ts'
import { compareAll, describeDisagreement, type Disagreement, shrink } from '../differential/compare.ts'
import { createExpressionGenerator } from '../differential/expressions.ts'
import { generateGroup } from '../differential/group.ts'
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
    const random = createRandom(seed, 'spark')
    const generator = createExpressionGenerator(random)
    const distinct = new Set<string>()
    const disagreements: Disagreement[] = []
    const totals = { pairs: 0, errors: 0 }
    const functions = new Map<RowFunctionName, number>()
    for (let group = 0; group < groups; group++) {
      const made = generateGroup(random, generator, distinct)
      const exprs = made.exprs.map((expr) => heldExpr(expr, (value) => value))
      expect(exprs.filter((expr) => !sparkSupport(expr).supported)).toEqual([])
      for (const expr of exprs) {
        for (const node of walk(expr)) {
          if (node.node === 'call') functions.set(node.fn, (functions.get(node.fn) ?? 0) + 1)
        }
      }
      const found = await compareAll(exprs, made.rows, { spark, javascript: false })
      totals.pairs += found.pairs
      totals.errors += found.errors
      disagreements.push(...found.disagreements)
    }

    const shown = new Set<string>()
    for (const found of disagreements.slice(0, 40)) {
      const targets = { spark, javascript: false } as const
      shown.add(describeDisagreement(await shrink(found, targets), targets))
    }
    expect(`${disagreements.length} disagreements (seed ${seed})\n${[...shown].slice(0, 10).join('\n\n')}`).toBe(
      `0 disagreements (seed ${seed})\n`,
    )
    // Neither all errors nor none: a comparison of nothing but `missing` would prove little.
    expect(totals.errors / totals.pairs).toBeGreaterThan(0.1)
    expect(totals.errors / totals.pairs).toBeLessThan(0.6)
    // A short run reaches some of the functions only.
    if (groups < 25) return
    for (const name of Object.keys(rowFunctions) as RowFunctionName[]) {
      if (sparkFunctions[name].kind !== 'spelling') continue
      expect(functions.get(name) ?? 0, name).toBeGreaterThanOrEqual(1)
    }
  })
})
