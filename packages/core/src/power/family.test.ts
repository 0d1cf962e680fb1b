import { expect, test } from 'vitest'
import golden from '../../golden/stats/power.json' with { type: 'json' }
import type { MustClause } from '../clause/clause.ts'
import { compile } from '../compile.ts'
import { holm } from '../stats/holm.ts'
import { createRandom } from '../stats/prng.ts'
import { wilsonEstimate } from '../stats/proportion.ts'
import { aucAtLeast, aucStandardError } from './numbers/auc.ts'
import { decidabilityOf } from './decidability.ts'
import { heldUpBySlices } from './family.ts'
import { shareAtLeast, shareAtMost } from './numbers/proportion.ts'

const random = createRandom('plumbline', 'family')
const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T

function clauseOf(must: string, slices: number): MustClause {
  const names = Array.from({ length: slices }, (_, i) => `s${i}`)
  const text = `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data:
  rows: { source: rows.csv, columns: { a: { type: integer }, y: { type: boolean, role: label } } }
slices: { ${names.map((name, i) => `${name}: a == ${i}`).join(', ')} }
models:
  m:
    artifact: m.onnx
    task: binary-classification
    input: { from: rows, columns: [a] }
    outputs: { p: { type: number, range: [0, 1] } }
    label: y
    decision: p >= 0.5
clauses:
  k: { says: One., of: m.rows, must: '${must}', slices: [${names.join(', ')}] }
`
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  const clause = value?.clauses.find(({ id }) => id === 'k')
  if (clause?.form !== 'must') throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return clause
}

test('slices stand against one another exactly where Holm does not decide all of them at their best', () => {
  const found = { together: 0, heldUp: 0 }
  for (let trial = 0; trial < 120; trial++) {
    const [slices, bound] = [2 + random.int(4), pick([0.7, 0.8, 0.9, 0.95])]
    const clause = clauseOf(`recall() >= ${bound}`, slices)
    // Around as many as would do alone.
    const rows = Array.from({ length: slices }, () => Math.ceil((3.9 * bound) / (1 - bound)) + random.int(40))
    const best = holm(
      rows.map((n) => {
        const estimate = wilsonEstimate(n, n)
        return estimate.kind === 'estimate' ? estimate.p(bound) : undefined
      }),
      0.05,
    )
    const heldUp = heldUpBySlices(
      clause,
      rows.map((n) => ({ rows: 3 * n, positives: n })),
    )
    const words = JSON.stringify({ bound, rows, best, heldUp: [...heldUp] })
    expect(heldUp.size === 0, words).toBe(best.every(({ rejected }) => rejected))
    found[heldUp.size === 0 ? 'together' : 'heldUp']++
    for (const [slice, { step, rows: own, rowsToHold = 0 }] of heldUp) {
      expect(own, words).toBe(rows[slice])
      expect(rowsToHold, words).toBeGreaterThan(own)
      const enough = wilsonEstimate(rowsToHold, rowsToHold)
      expect(enough.kind === 'estimate' && enough.p(bound), words).toBeLessThanOrEqual(0.05 / step)
    }
  }
  expect(found.together, JSON.stringify(found)).toBeGreaterThan(20)
  expect(found.heldUp, JSON.stringify(found)).toBeGreaterThan(20)
})

test('a slice without rows, or one that nothing could show alone, is another finding', () => {
  const clause = clauseOf('recall() >= 0.9', 3)
  const held = heldUpBySlices(clause, [undefined, { rows: 50, positives: 3 }, { rows: 900, positives: 300 }])
  expect([...held]).toEqual([])
  expect(heldUpBySlices(clauseOf('recall() >= 0.9 || precision() >= 0.9', 3), [])).toEqual(new Map())
})

test.each([
  ['false_negative_rate() <= 0.1', 80],
  ['false_positive_rate() <= 0.1', 120],
  ['specificity() >= 0.9', 120],
  ['negative_predictive_value() >= 0.9', 200],
  ['0.1 >= false_discovery_rate()', 200],
])('%s is a share of %i rows', (must, own) => {
  const [found] = decidabilityOf(clauseOf(must, 1), { count: { rows: 200, positives: 80 } })
  expect(found).toMatchObject({ rows: own, canHold: true })
})

test.each(golden.shares)('a share of $n rows beside $bound at $level is what SciPy makes of it', (each) => {
  const { n, bound, level, canHold, canFail, rowsToHold, detectable } = each
  const found = shareAtLeast(n, bound, level)
  expect(found).toMatchObject({ canHold, canFail, rowsToHold })
  if (detectable === null) expect(found.detectable).toBeUndefined()
  else expect(found.detectable).toBeCloseTo(detectable, 9)
  const mirrored = shareAtMost(n, 1 - bound, level)
  expect(mirrored).toMatchObject({ canFail, rowsToHold })
})

test.each(golden.areas)(
  'an area over $positives and $negatives rows beside $bound is what SciPy makes of it',
  (each) => {
    const { positives, negatives, bound, level, error, detectable } = each
    expect(aucStandardError(bound, positives, negatives)).toBeCloseTo(error, 12)
    const found = aucAtLeast(positives, negatives, bound, level).detectable
    // Looked for in two thousand steps between the bound and 1.
    if (detectable === null) expect(found).toBeUndefined()
    else expect(Math.abs((found ?? 0) - detectable)).toBeLessThan((1 - bound) / 1000)
  },
)
