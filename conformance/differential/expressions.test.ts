import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DuckdbRunner, openDuckdb } from './duckdb.ts'
import { compiled } from './expressions.ts'
import { agreeOnGeneratedPairs } from './generated-pairs.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const groups = Number(process.env['PLUMB_FUZZ_GROUPS'] ?? 80)

describe('reference evaluator = generated JavaScript = DuckDB SQL', () => {
  let duckdb: DuckdbRunner
  beforeAll(async () => {
    duckdb = await openDuckdb()
  })
  afterAll(() => duckdb.close())

  it('on 20 000 generated (expression, row) pairs, values and errors', async () => {
    const { totals, distinct, coverage } = await agreeOnGeneratedPairs({
      seed,
      stream: 'differential',
      groups,
      targets: { duckdb },
    })
    expect(distinct.size).toBeGreaterThanOrEqual(2_000)
    expect(totals.threeWay).toBeGreaterThanOrEqual(20_000)
    expect(totals.hostile / totals.rows).toBeGreaterThanOrEqual(0.3)
    for (const name of compiled) {
      expect(coverage.functions.get(name) ?? 0, name).toBeGreaterThanOrEqual(10)
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
      expect(coverage.nodes.get(node) ?? 0, node).toBeGreaterThanOrEqual(50)
    }
  })
})
