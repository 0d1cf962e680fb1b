import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import golden from '../../../core/golden/stats/fairness.json' with { type: 'json' }
import { askOf, type Place, placeWith, scaledInput } from './testing/ask-clause.ts'

// The numbers are fairlearn's, with and without weights: one attribute, one of three groups, and both crossed.

let place: Place
beforeAll(async () => {
  const { sex, region, labels, scores, weights } = golden
  const rows = labels.map((label, i) => [scores[i], label === 1, sex[i], region[i], weights[i]].join())
  place = await placeWith({
    'rows.csv': `score,late,sex,region,weight\n${rows.join('\n')}\n`,
    'model.onnx': scaledInput('score', 'risk'),
  })
})
afterAll(() => place.remove())

async function measured(expression: string, weighted: boolean): Promise<number> {
  const found = await askOf(
    place,
    `plumbline: 1
system: { name: fair, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    columns:
      score: { type: number, range: [0, 1] }
      late: { type: boolean, role: label }
      sex: { type: category, values: [0, 1] }
      region: { type: category, values: [0, 1, 2] }
      weight: { type: number }
models:
  champion:
    artifact: model.onnx
    task: binary-classification
    input: { from: rows, columns: [score] }
    outputs: { risk: { type: number, range: [0, 1] } }
    decision: risk >= 0.5
clauses:
  it: { of: champion, must: "${expression} <= 1.0"${weighted ? ', weights: weight' : ''} }
`,
  )
  const [comparison] = found.comparisons as readonly { readonly left: number }[]
  return comparison?.left ?? Number.NaN
}

const CRITERIA = {
  demographic_parity: ['positive_rate()'],
  equal_opportunity: ['recall()'],
  // fairlearn's is the worse of the two.
  equalized_odds: ['recall()', 'false_positive_rate()'],
  predictive_parity: ['precision()'],
} as const

describe('calibration within groups', () => {
  it('is the difference of what the groups are off by', async () => {
    const { sex, labels, scores } = golden
    const off = [0, 1].map((group) => {
      const rows = labels.flatMap((label, i) => (sex[i] === group ? [(scores[i] as number) - label] : []))
      return rows.reduce((sum, each) => sum + each, 0) / rows.length
    })
    const wanted = Math.abs((off[0] as number) - (off[1] as number))
    expect(await measured('gap_across(sex, calibration_bias())', false)).toBeCloseTo(wanted, 9)
    expect(await measured('gap_across(sex, calibration_error())', false)).toBeGreaterThan(0)
  })
})

describe.each(golden.found)('groups by $groups, weighted: $weighted', ({ groups, weighted, ...wanted }) => {
  it.each(Object.entries(CRITERIA))('%s is that of fairlearn', async (criterion, metrics) => {
    const across = (macro: string) => Promise.all(metrics.map((f) => measured(`${macro}(${groups}, ${f})`, weighted)))
    const [difference, ratio] = wanted[criterion as keyof typeof CRITERIA]
    const [gaps, ratios] = [await across('gap_across'), await across('ratio_across')]
    expect(Math.abs(Math.max(...gaps) / (difference ?? 0) - 1)).toBeLessThan(1e-9)
    expect(Math.abs(Math.min(...ratios) / (ratio ?? 0) - 1)).toBeLessThan(1e-9)
  })
})
