import { stats } from '@plumbline/core'
import { type MetricFamily, numberArgument, type TermRows } from './metric-family.ts'
import { gather, rangeOf, weighing } from './metric-rows.ts'

/** Metrics of explanations: one column for each attribution, or an answer and that of a surrogate. */
export function explanationFamily(terms: TermRows): MetricFamily {
  const columns = terms.values.map((values) => gather(values, terms.rows))
  return { statistic: { range: rangeOf(terms.term.fn), evaluate: weighing(terms.rows, metricOf(terms, columns)) } }
}

function metricOf(
  { term, rows }: TermRows,
  columns: readonly Float64Array[],
): (weights?: stats.Weights) => number | undefined {
  const mean =
    (each: Float64Array) =>
    (weights?: stats.Weights): number | undefined =>
      stats.weightedMean(each, weights)
  const [one, other] = [0, 1].map((side) => columns.filter((_, place) => place % 2 === side))
  const [answer, surrogate] = columns
  if (one === undefined || other === undefined || answer === undefined || surrogate === undefined)
    throw new Error(`${term.expression} was not given its columns.`)
  switch (term.fn) {
    case 'attribution_stability':
      return mean(stats.attributionCosines(one, other, rows.length))
    case 'attribution_top_overlap':
      return mean(stats.attributionOverlaps(numberArgument(term), one, other, rows.length))
    case 'attribution_share':
      return stats.attributionShare(numberArgument(term), columns, rows.length)
    case 'surrogate_r2': {
      const losses = stats.lossesOf(stats.squaredLoss, answer, surrogate)
      return (weights) => stats.r2(answer, losses, weights)
    }
    default:
      throw new Error(`${term.fn} is not a metric of explanations.`)
  }
}
