import { bootstrap, FEWEST_ROWS, replicatesFor } from '../../stats/bootstrap.ts'
import { averagePrecision } from '../../stats/metrics/average-precision.ts'
import { rankByScore } from '../../stats/metrics/ranking.ts'
import { createRandom } from '../../stats/prng.ts'
import { cellPopulation } from '../../stats/resample.ts'
import { leastRows } from './least-rows.ts'
import type { KnownError } from './normal-effect.ts'

const UNIT = { low: 0, high: 1 } as const
const MOST_ROWS = 1_000_000

/** By how much intervals of average precision are wider than a share's, in simulations of normal scores. */
const WIDER = 1.2

/**
 * Average precision on so many positive rows: √(θ (1 − θ) / n₊), as if it were a share of the positive rows (K. Boyd, K. H. Eng, C. D. Page, Area under the
 * Precision-Recall Curve: Point Estimates and Confidence Intervals, ECML 2013, section 3.3), and a fifth more, without which normal scores are shown less often
 * than said. An approximation, not a bound.
 */
export const averagePrecisionError = (positives: number): KnownError => ({
  error: (value) => WIDER * Math.sqrt((value * (1 - value)) / positives),
  range: UNIT,
  usual: 0.5,
  given: 'taken to vary a fifth more than a share of the positive rows does',
  atMost: false,
})

/** Negative rows before a positive one, at the end, that are tried as the best outcome: without any, nothing varies, and of one alone the end lies far away. */
const MISPLACED = [1, 2, 3, 5, 8, 12, 20]

/** Whether some order of the rows shows an average precision of at least a bound: a perfect one but for a few neighbours that have changed places at its end. */
export function averagePrecisionCanHold(positives: number, negatives: number, bound: number, level: number): boolean {
  if (positives + negatives < FEWEST_ROWS) return false
  return MISPLACED.some((pairs) => {
    if (pairs >= positives || pairs >= negatives) return false
    const labels = [1, ...Array.from({ length: 2 * pairs }, (_, i) => i % 2), 0]
    const sizes = labels.map((_, i) => (i === 0 ? positives - pairs : i === labels.length - 1 ? negatives - pairs : 1))
    const ranking = rankByScore(
      labels,
      labels.map((_, i) => -i),
    )
    const found = bootstrap(
      {
        populations: [cellPopulation(sizes)],
        random: createRandom('plumbline', 'what an order can show'),
        replicates: replicatesFor(1 - level),
      },
      { range: UNIT, evaluate: (counts) => ranking && averagePrecision(ranking, counts) },
    )
    return found.kind === 'estimate' && found.interval(level).low >= bound
  })
}

/** The fewest rows, with as great a share of positive ones, with which some order shows it. */
export function averagePrecisionRows(positives: number, negatives: number, bound: number, level: number) {
  const all = positives + negatives
  const share = positives / all
  return leastRows(
    (rows) => averagePrecisionCanHold(Math.round(rows * share), rows - Math.round(rows * share), bound, level),
    MOST_ROWS,
    Math.max(1, all),
  )
}

/** What is asked of the rows with the highest scores. */
export type TopMetric = 'top_precision' | 'gain' | 'lift'

/** Whether it is one of them. */
export const isTopMetric = (fn: string): fn is TopMetric => fn === 'top_precision' || fn === 'gain' || fn === 'lift'

/**
 * Numbers of the top share s of the rows by score, whose cut is itself drawn: with θ the share of positive rows among them and c that at the cut, the variance of
 * a row's influence (y − c) [top] / s is θ (1 − θ) + (1 − s) (θ − c)² over s, the greatest where c is 0, as it is of a score that orders well; of `gain`, (y − c) [top] −
 * R y over the share π of positive rows. Source: the influence of a quantile's cut (A. W. van der Vaart, Asymptotic Statistics (1998), 20.1 and 21.2).
 */
export function topError(metric: TopMetric, share: number, rows: number, positives: number): KnownError {
  const rate = positives / rows
  const given = 'of a score that leaves no more positive rows at the cut than above it'
  if (metric === 'top_precision')
    return {
      error: (theta) => Math.sqrt(Math.max(0, theta * (1 - share * theta)) / (share * rows)),
      range: { low: 0, high: Math.min(1, rate / share) },
      usual: 0.5,
      given,
      atMost: true,
    }
  const ofGain = (gain: number): number => {
    const variance = (cut: number): number => {
      const hit = rate * gain * (1 - cut - gain) ** 2 + (share - rate * gain) * cut * cut
      return (hit + rate * (1 - gain) * gain * gain - (share * cut) ** 2) / (rate * rate)
    }
    const theta = Math.min(1, (rate * gain) / share)
    return Math.sqrt(Math.max(0, variance(0), variance(theta)) / rows)
  }
  const most = Math.min(1, share / rate)
  if (metric === 'gain') return { error: ofGain, range: { low: 0, high: most }, usual: most / 2, given, atMost: true }
  return {
    error: (lift) => ofGain(lift * share) / share,
    range: { low: 0, high: most / share },
    usual: most / share / 2,
    given,
    atMost: true,
  }
}
