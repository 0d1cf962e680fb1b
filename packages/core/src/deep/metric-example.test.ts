import { expect, test } from 'vitest'
import { analyseMetrics } from './metrics.ts'
import { compiledSpec } from '../testing/compiled-spec.ts'

/** What the metrics of a spec need: the scripts asked of a solver that knows nothing. */
async function asked(musts: Readonly<Record<string, string>>): Promise<number> {
  const clauses = Object.entries(musts).map(([id, must]) => `  ${id}: { says: One., of: m.test, must: '${must}' }`)
  const text = `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data:
  rows:
    source: rows.csv
    splits: { test: 'part == "test"' }
    columns:
      a: { type: number, range: [0, 1] }
      part: { type: category, values: [test, train], role: split }
      y: { type: boolean, role: label }
models:
  m:
    artifact: m.onnx
    task: binary-classification
    input: { from: rows, columns: [a] }
    outputs: { p: { type: number, range: [0, 1] } }
    label: y
    decision: p >= 0.5
clauses:
${clauses.join('\n')}
`
  const value = compiledSpec(text)
  let count = 0
  await analyseMetrics(value, {
    solver: {
      check: () => {
        count++
        return Promise.resolve({ kind: 'unknown', reason: 'incomplete', detail: 'it knows nothing' })
      },
    },
    limits: { milliseconds: 1 },
  })
  return count
}

test('thresholds that a good model meets need no solver', async () => {
  expect(
    await asked({
      ranks: 'roc_auc() >= 0.7 && roc_auc() < 0.999',
      finds: 'recall() >= 0.9 && precision() >= 0.8',
      many: 'count() >= 20_000 && distinct(a) == count()',
      rare: 'share(y) < 0.05 && positive_rate() < 0.1',
      mean: 'mean(a) > 0.2 || mean(a) < 0.1',
      gaps: '!(null_share(a) > 0.01) && f1() - precision() < 0.1',
    }),
  ).toBe(0)
})

test.each([
  ['a range left', { k: 'recall() > 0.9', l: 'recall() < 0.8' }],
  ['more positives than labels', { k: 'share(y) < 0.1', l: 'share(y) > 0.2' }],
])('%s by one decision is seen, and repaired, without a question', async (_, musts) => {
  expect(await asked(musts)).toBe(0)
})

test.each([
  ['a share beside one of other rows', { k: 'share(a > 0.5) < 0.1', l: 'share(a > 0.6) > 0.2' }],
  ['a sum that only rounding could meet', { k: 'mean(a) + 1.0 == 1.25' }],
  ['outside of what a function can give', { k: 'roc_auc() > 0.5', l: 'roc_auc() - 1.0 > 0.25' }],
])('%s is asked', async (_, musts) => {
  expect(await asked(musts)).toBeGreaterThan(0)
})
