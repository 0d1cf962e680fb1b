import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import type { Expr } from '../../packages/core/src/expr/expr.ts'
import { walk } from '../../packages/core/src/targets/children.ts'
import { clickhouseSupport } from '../../packages/core/src/targets/sql/clickhouse/index.ts'
import { clickhouseImplementation } from '../../packages/engine/src/fuzz/clickhouse.ts'
import { compareAll, describeDisagreement, type Disagreement, shrink } from '../differential/compare.ts'
import { createExpressionGenerator } from '../differential/expressions.ts'
import { generateGroup } from '../differential/group.ts'
import { type ClickhouseEngine, describeWithClickhouse, startClickhouse } from './engine.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const groups = Number(process.env['PLUMB_FUZZ_CLICKHOUSE_GROUPS'] ?? 4)

/** What ClickHouse has no word for: a list may be missing. */
const isList = (node: Expr): boolean => node.type.kind === 'list'

describeWithClickhouse('reference evaluator = ClickHouse', () => {
  let engine: ClickhouseEngine
  beforeAll(() => {
    engine = startClickhouse()
  })
  afterAll(() => engine.close())

  it(`on ${groups * 1_200} generated (expression, row) pairs, values and errors`, {
    timeout: 600_000 + groups * 120_000,
  }, async () => {
    const clickhouse = clickhouseImplementation(engine, { folded: 1, filtered: 2, atOnce: 8 })
    const targets = { javascript: false, others: [clickhouse] } as const
    const random = createRandom(seed, 'clickhouse')
    const generator = createExpressionGenerator(random)
    const distinct = new Set<string>()
    const disagreements: Disagreement[] = []
    const totals = { pairs: 0, errors: 0 }
    for (let group = 0; group < groups; group++) {
      const made = generateGroup(random, generator, distinct)
      const { exprs } = made
      expect(
        exprs.filter((expr) => !clickhouseSupport(expr).supported).filter((expr) => !walk(expr).some(isList)),
      ).toEqual([])
      const found = await compareAll(exprs, made.rows, targets)
      totals.pairs += found.pairs
      totals.errors += found.errors
      disagreements.push(...found.disagreements)
    }
    const shown = new Set<string>()
    for (const found of disagreements.slice(0, 8))
      shown.add(describeDisagreement(await shrink(found, targets), targets))
    expect(`${disagreements.length} disagreements (seed ${seed})\n${[...shown].slice(0, 10).join('\n\n')}`).toBe(
      `0 disagreements (seed ${seed})\n`,
    )
    expect(totals.errors / totals.pairs).toBeGreaterThan(0.1)
    expect(totals.errors / totals.pairs).toBeLessThan(0.6)
  })
})
