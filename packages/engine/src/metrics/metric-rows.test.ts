import { stats } from '@plumbline/core'
import { describe, expect, it } from 'vitest'
import { kindsOf } from './metric-rows.ts'
import { measureMetrics, type MetricOfModel } from './metric-term.ts'
import { metricTerm } from './testing/terms.ts'

describe('very many rows', () => {
  it('have the same metrics in the order of their scores as in their own', () => {
    const random = stats.createRandom('rows', 'many')
    const n = 140_000
    const labels = Float64Array.from({ length: n }, () => random.int(2))
    const scores = labels.map((label, row) =>
      row % 1000 === 7 ? Number.NaN : Math.round(64 * (0.2 * label + 0.8 * random.float())) / 64,
    )
    const rows = { n, labels, columns: [scores.map((score) => (score >= 0.5 ? 1 : 0)), scores] }
    const metrics = (['accuracy', 'roc_auc', 'average_precision', 'brier'] as const).map(
      (fn, index): MetricOfModel => ({
        index,
        model: 'm',
        classes: 0,
        named: [],
        values: [fn === 'accuracy' ? 0 : 1],
        term: { ...metricTerm(fn), estimates: 'rows' },
      }),
    )
    const measured = (rankedBy?: number) =>
      measureMetrics(metrics, kindsOf(rows, false, rankedBy), {
        random: (purpose) => stats.createRandom('rows', purpose),
        replicates: 1,
      }).map(({ value, missing }) => [Number(value).toPrecision(12), missing])
    expect(measured(1)).toEqual(measured())
    const ranked = kindsOf(rows, false, 1).rows.columns[1] as Float64Array
    expect(ranked.subarray(0, -140).every((score, row) => row === 0 || score >= (ranked[row - 1] as number))).toBe(true)
    expect(ranked.subarray(-140).every(Number.isNaN)).toBe(true)
  })
})
