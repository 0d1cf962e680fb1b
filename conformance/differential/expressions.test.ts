import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { compareAll, describeDisagreement, type Disagreement, shrink } from './compare.ts'
import { type DuckdbRunner, openDuckdb } from './duckdb.ts'
import { compiled, createExpressionGenerator } from './expressions.ts'
import { generateGroup } from './group.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const groups = Number(process.env['PLUMB_FUZZ_GROUPS'] ?? 80)

describe('reference evaluator = generated JavaScript = DuckDB SQL', () => {
  let duckdb: DuckdbRunner
  beforeAll(async () => {
    duckdb = await openDuckdb()
  })
  afterAll(() => duckdb.close())

  it('on 20 000 generated (expression, row) pairs, values and errors', async () => {
    const random = createRandom(seed, 'differential')
    const generator = createExpressionGenerator(random)
    const distinct = new Set<string>()
    const disagreements: Disagreement[] = []
    const totals = { pairs: 0, threeWay: 0, errors: 0, rows: 0, hostile: 0 }
    for (let group = 0; group < groups; group++) {
      const { exprs, rows } = generateGroup(random, generator, distinct)
      const found = await compareAll(exprs, rows, { duckdb })
      totals.pairs += found.pairs
      totals.threeWay += found.asked.get('javascript') ?? 0
      totals.errors += found.errors
      totals.rows += rows.length
      totals.hostile += rows.filter((row) => row.hostile).length
      disagreements.push(...found.disagreements)
    }

    const shown = new Set<string>()
    for (const found of disagreements.slice(0, 40))
      shown.add(describeDisagreement(await shrink(found, { duckdb }), { duckdb }))
    expect(`${disagreements.length} disagreements (seed ${seed})\n${[...shown].slice(0, 10).join('\n\n')}`).toBe(
      `0 disagreements (seed ${seed})\n`,
    )

    expect(distinct.size).toBeGreaterThanOrEqual(2_000)
    expect(totals.threeWay).toBeGreaterThanOrEqual(20_000)
    expect(totals.hostile / totals.rows).toBeGreaterThanOrEqual(0.3)
    // Neither all errors nor none: a comparison of nothing but `missing` would prove little.
    expect(totals.errors / totals.pairs).toBeGreaterThan(0.1)
    expect(totals.errors / totals.pairs).toBeLessThan(0.6)
    for (const name of compiled) {
      expect(generator.coverage.functions.get(name) ?? 0, name).toBeGreaterThanOrEqual(10)
    }
    for (const node of [
      'literal',
      'column',
      'call',
      'and',
      'or',
      'conditional',
      'is-missing',
      'in-list',
      'lookup',
      'matches',
      'comprehension',
      'bind',
      'local',
    ] as const) {
      expect(generator.coverage.nodes.get(node) ?? 0, node).toBeGreaterThanOrEqual(50)
    }
  })
})
