import { compile } from '@plumbline/core'
import { analyseMetrics } from '@plumbline/core/deep'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { compiledSpec } from '../../packages/core/src/testing/compiled-spec.ts'

const solver = createSolver()
afterAll(() => solver.close())
const random = createRandom(process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline', 'metrics')
const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T

interface Cells {
  readonly tp: number
  readonly fp: number
  readonly fn: number
  readonly tn: number
}

/** Each metric by its definition; NaN where it has no value. */
const METRICS: Readonly<Record<string, (cells: Cells) => number>> = {
  'accuracy()': ({ tp, fp, fn, tn }) => (tp + tn) / (tp + fp + fn + tn),
  'precision()': ({ tp, fp }) => tp / (tp + fp),
  'recall()': ({ tp, fn }) => tp / (tp + fn),
  'specificity()': ({ tn, fp }) => tn / (tn + fp),
  'negative_predictive_value()': ({ tn, fn }) => tn / (tn + fn),
  'balanced_accuracy()': ({ tp, fp, fn, tn }) => (tp / (tp + fn) + tn / (tn + fp)) / 2,
  'f1()': ({ tp, fp, fn }) => (2 * tp) / (2 * tp + fp + fn),
  'positive_rate()': ({ tp, fp, fn, tn }) => (tp + fp) / (tp + fp + fn + tn),
  'share(bought)': ({ tp, fp, fn, tn }) => (tp + fn) / (tp + fp + fn + tn),
}
const MOST = 9
const counts = Array.from({ length: MOST }, (_, i) => i)
const MATRICES: readonly Cells[] = counts.flatMap((tp) =>
  counts.flatMap((fp) => counts.flatMap((fn) => counts.map((tn) => ({ tp, fp, fn, tn })))),
)

interface Bound {
  readonly metric: string
  readonly op: '<=' | '>='
  readonly bound: number
}

const specOf = (bounds: readonly Bound[]): string => `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data:
  rows: { source: rows.csv, columns: { age: { type: integer }, bought: { type: boolean, role: label } } }
models:
  champion:
    artifact: m.onnx
    task: binary-classification
    input: { from: rows, columns: [age] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: bought
    decision: risk >= 0.5
clauses:
${bounds.map(({ metric, op, bound }, i) => `  k${i}: { says: One., of: champion.rows, must: "${metric} ${op} ${bound}" }`).join('\n')}
`

/** Away from the bound: at it, rounding decides. */
const isMet = (bounds: readonly Bound[]): boolean =>
  MATRICES.some((cells) =>
    bounds.every(({ metric, op, bound }) => {
      const value = (METRICS[metric] as (cells: Cells) => number)(cells)
      return op === '>=' ? value > bound + 1e-9 : value < bound - 1e-9
    }),
  )

test('bounds that some confusion matrix meets are never called impossible; a repair repairs', async () => {
  const found = { possible: 0, impossible: 0, repaired: 0 }
  for (let i = 0; i < 14; i++) {
    const bounds: readonly Bound[] = Array.from({ length: 3 }, () => ({
      metric: pick(Object.keys(METRICS)),
      op: pick(['<=', '>=']),
      bound: pick([0.05, 0.15, 0.35, 0.65, 0.85, 0.95]),
    }))
    const text = specOf(bounds)
    const value = compiledSpec(text)
    const { findings } = await analyseMetrics(value, { solver, limits: { milliseconds: 60_000 } })
    const [finding] = findings.filter(({ kind }) => kind === 'impossible-metrics')
    if (isMet(bounds)) {
      found.possible++
      expect(finding, text).toBeUndefined()
    }
    if (finding?.kind !== 'impossible-metrics') continue
    found.impossible++
    const among = finding.clauses.map(({ id }) => bounds[Number(id.slice(1))] as Bound)
    expect(isMet(among), text).toBe(false)
    const { repair } = finding
    if (repair === undefined) continue
    found.repaired++
    const moved = bounds.map((each, k) => {
      const move = repair.moves.find(({ name }) => name === `k${k}`)
      return move === undefined ? each : { ...each, bound: Number(move.to.value) }
    })
    const again = compile({ main: { path: 'plumb.yaml', text: specOf(moved) }, others: [] }).value
    if (again === undefined) throw new Error(specOf(moved))
    const left = await analyseMetrics(again, { solver, limits: { milliseconds: 60_000 } })
    const same = left.findings.some(
      (other) =>
        other.kind === 'impossible-metrics' &&
        other.clauses.map(({ id }) => id).join() === finding.clauses.map(({ id }) => id).join(),
    )
    expect(same, `${JSON.stringify(repair)} in ${text}`).toBe(false)
  }
  expect(found.possible, JSON.stringify(found)).toBeGreaterThan(2)
  expect(found.impossible, JSON.stringify(found)).toBeGreaterThan(1)
  expect(found.repaired, JSON.stringify(found)).toBeGreaterThan(0)
})
