import { stats, type Term } from '@plumbline/core'
import type { NumberCounts } from './number-counts.ts'

/** Above so many distinct values a bootstrap takes minutes and says what the normal limit says. */
export const LARGE = 50_000

/**
 * The interval of a sum, variance or standard deviation of very many values: Student's t of the mean of the values, or
 * of their squared deviations (both means of many independent terms; delta method for the square root).
 */
export function largeSample(term: Term, { values, counts, total }: NumberCounts): stats.Estimation {
  const moments = (of: (value: number) => number) => {
    let sum = 0
    values.forEach((value, i) => {
      sum += (counts[i] as number) * of(value)
    })
    const mean = sum / total
    let squares = 0
    values.forEach((value, i) => {
      squares += (counts[i] as number) * (of(value) - mean) ** 2
    })
    return { mean, sd: Math.sqrt(squares / (total - 1)) }
  }
  const plain = moments((value) => value)
  return momentsEstimate(term, total, term.fn === 'sum' ? plain : moments((value) => (value - plain.mean) ** 2))
}

/** Mean and standard deviation (divisor n − 1) of the values, for a sum, or of their squared deviations (`largeSample`). */
export function momentsEstimate(
  term: Term,
  total: number,
  { mean, sd }: { readonly mean: number; readonly sd: number },
): stats.Estimation {
  if (term.fn === 'sum') {
    const estimate = stats.meanEstimate(mean, sd, total)
    return estimate.kind === 'estimate' ? stats.affine(estimate, total, 0) : estimate
  }
  const variance = (mean * total) / (total - 1)
  if (term.fn === 'variance') return stats.meanEstimate(variance, sd, total)
  const root = Math.sqrt(variance)
  return stats.meanEstimate(root, sd / (2 * root), total)
}
