import { stats, type Term } from '@plumbline/core'
import { type MetricFamily, numberArgument, type TermRows } from './metric-family.ts'
import { type GroupsOfRows, rangeOf } from './metric-rows.ts'

/** Metrics of the order within groups: one number for each group, whose mean is resampled group by group. */
export function rankingFamily(terms: TermRows, groups: GroupsOfRows): MetricFamily {
  const [scores] = terms.values
  if (scores === undefined) throw new Error(`${terms.term.expression} was not given what it reads.`)
  const metric = metricOf(terms.term)
  const members: number[][] = Array.from({ length: groups.population.total }, () => [])
  for (const row of terms.rows) members[groups.of[row] as number]?.push(row)
  const values = members.map((rows) =>
    rows.length === 0
      ? undefined
      : metric(
          rows.map((row) => terms.labels[row] as number),
          rows.map((row) => scores[row] as number),
        ),
  )
  return {
    population: groups.population,
    statistic: {
      range: rangeOf(terms.term.fn),
      evaluate: (counts) => {
        let sum = 0
        let total = 0
        for (const [group, value] of values.entries()) {
          const weight = counts?.[group] ?? 1
          if (value === undefined || weight === 0) continue
          sum += weight * value
          total += weight
        }
        return total === 0 ? undefined : sum / total
      },
    },
  }
}

function metricOf(term: Term): stats.GroupMetric {
  switch (term.fn) {
    case 'ndcg':
      return stats.ndcg(numberArgument(term))
    case 'map':
      return stats.groupPrecision
    case 'mrr':
      return stats.reciprocalRank
    case 'precision_at':
      return stats.precisionAt(numberArgument(term))
    case 'recall_at':
      return stats.recallAt(numberArgument(term))
    case 'hit_rate_at':
      return stats.hitAt(numberArgument(term))
    default:
      throw new Error(`${term.fn} is not a metric of an order.`)
  }
}
