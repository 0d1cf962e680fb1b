import { expect, it } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { trinoSupport } from '../../packages/core/src/targets/sql/trino/index.ts'
import { trinoImplementation } from '../../packages/engine/src/fuzz/trino.ts'
import { compareAll, describeDisagreement, type Disagreement, shrink } from '../differential/compare.ts'
import { createExpressionGenerator } from '../differential/expressions.ts'
import { generateGroup } from '../differential/group.ts'
import { heldExpr } from '../differential/postgresql/held.ts'
import { connectTrino } from './client.ts'
import { describeWithServer } from './with-server.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const groups = Number(process.env['PLUMB_FUZZ_TRINO_GROUPS'] ?? 1)

describeWithServer('reference evaluator = Trino', (address) => {
  it(`on ${groups * 1_200} generated (expression, row) pairs, values and errors`, {
    timeout: 600_000 + groups * 120_000,
  }, async () => {
    const trino = trinoImplementation(await connectTrino(address), { folded: 1, filtered: 1, atOnce: 6 })
    const targets = { javascript: false, others: [trino] } as const
    const random = createRandom(seed, 'trino')
    const generator = createExpressionGenerator(random)
    const distinct = new Set<string>()
    const disagreements: Disagreement[] = []
    const totals = { pairs: 0, errors: 0 }
    for (let group = 0; group < groups; group++) {
      const made = generateGroup(random, generator, distinct)
      const exprs = made.exprs.map((expr) => heldExpr(expr, (value) => value))
      expect(exprs.filter((expr) => !trinoSupport(expr).supported)).toEqual([])
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
