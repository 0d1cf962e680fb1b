import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRandom } from '../../../packages/core/src/stats/prng.ts'
import { compareAll, describeDisagreement } from '../compare.ts'
import { edgeGroups } from './edges.ts'
import { openPostgresql, type PostgresqlRunner } from './runner.ts'
import { describeWithServer } from './with-server.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const BATCHES = 12

describeWithServer('PostgreSQL at the edges of float64 and int64', (server) => {
  let postgresql: PostgresqlRunner
  beforeAll(async () => {
    postgresql = await openPostgresql(server())
  })
  afterAll(() => postgresql.close())

  it.each([
    ['sums, differences, products and quotients of floats', 0],
    ['arithmetic of ints, and ints beside floats', 1],
    ['texts as numbers', 2],
  ])('%s', async (_, part) => {
    const random = createRandom(seed, 'edges')
    const targets = { postgresql, javascript: false } as const
    const totals = { pairs: 0, errors: 0 }
    for (let batch = 0; batch < BATCHES; batch++) {
      const { exprs, rows } = edgeGroups(random)[part as 0 | 1 | 2]
      const { disagreements, errors, pairs } = await compareAll(exprs, rows, targets)
      expect(disagreements.slice(0, 3).map((found) => describeDisagreement(found, targets))).toEqual([])
      totals.pairs += pairs
      totals.errors += errors
    }
    expect(totals.errors / totals.pairs).toBeGreaterThan(0.05)
    expect(totals.errors / totals.pairs).toBeLessThan(0.9)
  })
})
