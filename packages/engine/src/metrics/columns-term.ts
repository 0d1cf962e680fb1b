import { stats } from '@plumbline/core'
import { explanationFamily } from './explanation-term.ts'
import { type MetricFamily, onlyValue, type TermRows } from './metric-family.ts'
import { gather, rangeOf, weighing } from './metric-rows.ts'

const AVERAGES = {
  multilabel_f1_micro: 'micro',
  multilabel_f1_macro: 'macro',
  multilabel_f1_samples: 'samples',
} as const

/** Metrics of columns that are named: several labels of a row, and a label within bounds. */
export function columnsFamily(terms: TermRows): MetricFamily {
  const { fn } = terms.term
  const columns = terms.values.map((values) => gather(values, terms.rows))
  if (fn === 'interval_coverage') {
    const [low, high] = columns
    const isIn = (label: number, row: number) => label >= (low?.[row] as number) && label <= (high?.[row] as number)
    return shareFamily(
      terms,
      gather(terms.labels, terms.rows).map((label, row) => (isIn(label, row) ? 1 : 0)),
    )
  }
  const sets: stats.LabelSets = {
    labels: columns.filter((_, place) => place % 2 === 0),
    answers: columns.filter((_, place) => place % 2 === 1),
    rows: terms.rows.length,
  }
  if (fn === 'subset_accuracy') return shareFamily(terms, stats.exactSets(sets))
  if (fn === 'hamming_loss') return meanFamily(terms, stats.hammingLosses(sets))
  if (fn in AVERAGES) {
    const metric = stats.multilabelF1(AVERAGES[fn as keyof typeof AVERAGES], sets)
    return { statistic: { range: rangeOf(fn), evaluate: weighing(terms.rows, metric) } }
  }
  return explanationFamily(terms)
}

/** Metrics of texts, from how like each is to its reference. */
export function textFamily(terms: TermRows): MetricFamily {
  const scores = gather(onlyValue(terms), terms.rows)
  return terms.term.fn === 'exact_match' ? shareFamily(terms, scores) : meanFamily(terms, scores)
}

/** The mean of a number of each row. */
function meanFamily({ term, rows }: TermRows, each: Float64Array): MetricFamily {
  return {
    statistic: { range: rangeOf(term.fn), evaluate: weighing(rows, (weights) => stats.weightedMean(each, weights)) },
  }
}

/** The share of rows where a number is 1, not 0. */
export function shareFamily(terms: TermRows, hits: Float64Array): MetricFamily {
  return {
    ...meanFamily(terms, hits),
    proportion: (counts) => {
      let [k, n] = [0, 0]
      for (const [place, row] of terms.rows.entries()) {
        n += counts[row] as number
        k += (counts[row] as number) * (hits[place] as number)
      }
      return { k, n }
    },
  }
}
