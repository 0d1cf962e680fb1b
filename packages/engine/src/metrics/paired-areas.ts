import { stats } from '@plumbline/core'
import type { PairedEstimate } from '../decide/measured.ts'
import { gather, type MetricKinds } from './metric-rows.ts'
import { type MetricOfModel, termRows } from './metric-term.ts'

/** DeLong's paired estimate for the difference of the ROC areas of two models on the same rows, also of one class or of all. */
export function pairedAreas(metrics: readonly MetricOfModel[], kinds: MetricKinds): PairedEstimate {
  return (left, right) => {
    const [a, b] = [left, right].map((index) => metrics.find((metric) => metric.index === index))
    if (a === undefined || b === undefined || a.term.where !== undefined || b.term.where !== undefined) return undefined
    if ([a, b].some(({ cluster, weights }) => cluster !== undefined || weights !== undefined)) return undefined
    if (a.term.fn !== b.term.fn || a.ofClass !== b.ofClass) return undefined
    const together = termRows({ ...a, values: [...a.values, ...b.values] }, kinds).rows
    const labels = gather(together.labels, together.rows)
    const answers = together.values.map((values) => gather(values, together.rows))
    const [first, second] = [answers.slice(0, a.values.length), answers.slice(a.values.length)]
    if (a.term.fn === 'roc_auc' && first[0] !== undefined && second[0] !== undefined)
      return stats.aucDifferenceEstimate(labels, first[0], second[0])
    if (a.term.fn !== 'roc_auc_ovr' && a.term.fn !== 'roc_auc_ovr_weighted') return undefined
    const average = a.term.fn === 'roc_auc_ovr' ? 'macro' : 'weighted'
    return stats.oneVersusRestDifference(average, labels, first, second)
  }
}
