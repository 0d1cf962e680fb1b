import { normalCdf } from '../special/normal.ts'
import { studentCdf } from '../special/student-t.ts'
import type { TestResult } from './contingency.ts'
import { type SideMoments, momentsOf, type TwoSamples } from './two-samples.ts'

/** Welch's t test of two means, two-sided; `undefined` with fewer than two rows on a side or without any variance. */
export function welchTest({ values, left, right, m, n }: TwoSamples): TestResult | undefined {
  return welchTestOf(momentsOf(values, left, m), momentsOf(values, right, n), m, n)
}

/** Welch's t test of two samples of which only the moments are known. */
export function welchTestOf(a: SideMoments, b: SideMoments, m: number, n: number): TestResult | undefined {
  if (m < 2 || n < 2) return undefined
  const [u, v] = [a.variance / m, b.variance / n]
  const statistic = (a.mean - b.mean) / Math.sqrt(u + v)
  const degrees = (u + v) ** 2 / (u ** 2 / (m - 1) + v ** 2 / (n - 1))
  if (!Number.isFinite(statistic) || !Number.isFinite(degrees)) return undefined
  return { statistic, p: 2 * studentCdf(-Math.abs(statistic), degrees) }
}

/** What a rank test needs of two samples. */
export interface RankPairs {
  /** Pairs of a row of either side of which the window's is greater, ties half: U of the window. */
  readonly wins: number
  /** The sum of t³ − t over values that t rows of both sides have. */
  readonly ties: number
}

/** Reference rows below window rows, ties half: of all pairs (U of the window), and the sum of t³ − t over ties. */
function pairs({ left, right }: TwoSamples): RankPairs {
  let wins = 0
  let below = 0
  let ties = 0
  right.forEach((count, i) => {
    const own = left[i] as number
    wins += count * (below + own / 2)
    below += own
    const tied = count + own
    ties += tied ** 3 - tied
  })
  return { wins, ties }
}

/**
 * The area under the ROC curve of telling the window's rows from the reference's by their value: the probability that a row of the
 * window is greater, ties half; 0.5 without a shift.
 */
export function shiftArea(samples: TwoSamples): number {
  return pairs(samples).wins / (samples.m * samples.n)
}

/**
 * Mann-Whitney test, two-sided, normal limit with corrections for ties and continuity (as SciPy's method 'asymptotic'). `undefined` where
 * all values are equal. Source: H. B. Mann, D. R. Whitney, Annals of Mathematical Statistics 18 (1947).
 */
export function mannWhitneyTest(samples: TwoSamples): TestResult | undefined {
  return mannWhitneyTestOf(pairs(samples), samples.m, samples.n)
}

/** The Mann-Whitney test of m and n rows of which only the pairs are counted. */
export function mannWhitneyTestOf({ wins, ties }: RankPairs, m: number, n: number): TestResult | undefined {
  const total = m + n
  const deviation = Math.sqrt(((m * n) / 12) * (total + 1 - ties / (total * (total - 1))))
  if (!(deviation > 0)) return undefined
  const z = (Math.max(wins, m * n - wins) - (m * n) / 2 - 0.5) / deviation
  return { statistic: wins, p: Math.min(1, 2 * normalCdf(-z)) }
}
