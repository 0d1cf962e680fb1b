import { stats } from '@plumbline/core'
import { type MetricFamily, numberArgument, type TermRows } from './metric-family.ts'
import { gather, rangeOf, weighing } from './metric-rows.ts'

/** Rows in the order of the last value read. */
function inOrder({ rows, values }: TermRows): Uint32Array {
  const by = values.at(-1)
  return rows.toSorted((a, b) => (by?.[a] as number) - (by?.[b] as number) || a - b)
}

/** The mean absolute error in units of the seasonal naive forecast's; its own error is taken as given. */
export function seriesFamily(terms: TermRows): MetricFamily {
  const [predicted = new Float64Array(0)] = terms.values
  const scale = stats.naiveError(gather(terms.labels, inOrder(terms)), numberArgument(terms.term))
  const losses = stats.lossesOf(stats.absoluteLoss, gather(terms.labels, terms.rows), gather(predicted, terms.rows))
  return {
    statistic: {
      range: rangeOf(terms.term.fn),
      evaluate: weighing(terms.rows, (weights) => {
        const mean = stats.weightedMean(losses, weights)
        return mean === undefined || scale === undefined ? undefined : mean / scale
      }),
    },
  }
}

/** Shares of runs of rows that others touch: of anomalies found, and of alarms that are right. Whole runs are drawn. */
export function rangesFamily(terms: TermRows): MetricFamily {
  const order = inOrder(terms)
  const isOne = (of: Float64Array): boolean[] => Array.from(order, (row) => of[row] === 1)
  const [labels, decisions] = [isOne(terms.labels), isOne(terms.values[0] ?? new Float64Array(0))]
  const runs =
    terms.term.fn === 'range_recall' ? stats.touchedRuns(labels, decisions) : stats.touchedRuns(decisions, labels)
  const proportion = (counts: stats.Weights): stats.Proportion => {
    let [k, n] = [0, 0]
    for (const [run, isTouched] of runs.entries()) {
      n += counts[run] as number
      if (isTouched) k += counts[run] as number
    }
    return { k, n }
  }
  const population = stats.rowPopulation(runs.length)
  return {
    population,
    proportion,
    statistic: {
      range: rangeOf(terms.term.fn),
      evaluate: (counts = population.sizes) => {
        const { k, n } = proportion(counts)
        return stats.ratioOf(k, n)
      },
    },
  }
}
