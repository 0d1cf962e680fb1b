import { decisionsOf, type ScoredRows, type ScoreStrata, stratumOf } from './strata.ts'

/** What becomes of a row: 1 or 0 for an event (a positive label, a right answer), a loss for the answer of a regression. */
export type OutcomeOf = (label: number, decision: number, score: number) => number

/** An outcome that is expected at equal decisions and scores, and how it is spoken of. */
export interface Outcome {
  readonly of: OutcomeOf
  /** An event is 0 or 1; a loss any number from 0 on. */
  readonly kind: 'event' | 'loss'
  /** In a sentence: `the share of positives`. */
  readonly name: string
  /** Of what a changed mix moves it: ` of a decision`, or nothing. */
  readonly part: string
}

/** An outcome of labelled rows, by stratum. Strata without rows hold NaN. */
export interface OutcomeStrata {
  readonly counts: Float64Array
  readonly sums: Float64Array
  readonly means: Float64Array
  /** Of one row. */
  readonly variances: Float64Array
  /** Of one row, where a stratum of few rows alike is not certain to hold no other. */
  readonly prudent: Float64Array
}

/** An outcome of the rows whose label is there. */
export function outcomeStrata(strata: ScoreStrata, rows: ScoredRows, { of, kind }: Outcome): OutcomeStrata {
  const [counts, sums, squares] = [0, 0, 0].map(() => new Float64Array(strata.count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const add = (into: Float64Array, at: number, value: number): void => {
    into[at] = (into[at] as number) + value
  }
  rows.scores.forEach((score, row) => {
    const [label, decision] = [rows.labels[row] as number, rows.decisions[row] as number]
    const stratum = stratumOf(strata, score, decision)
    if (stratum === undefined || Number.isNaN(label)) return
    const value = of(label, decision, score)
    add(counts, stratum, 1)
    add(sums, stratum, value)
    add(squares, stratum, value * value)
  })
  const means = sums.map((sum, stratum) => sum / (counts[stratum] as number))
  const variances = squares.map((square, stratum) => {
    const mean = means[stratum] as number
    return Math.max(0, square / (counts[stratum] as number) - mean * mean)
  })
  const total = counts.reduce((sum, count) => sum + count, 0)
  const within = variances.reduce((sum, variance, i) => {
    const count = counts[i] as number
    return count === 0 ? sum : sum + count * variance
  }, 0)
  const prudent = variances.map((variance, stratum) => {
    const count = counts[stratum] as number
    if (kind === 'loss') return (count * variance + (2 * within) / total) / (count + 2)
    const share = ((sums[stratum] as number) + 1) / (count + 2)
    return share * (1 - share)
  })
  return { counts, sums, means, variances, prudent }
}

/** Mean of an outcome over the strata that hold rows; the scale on which a change of a loss is large or small. */
export function meanOutcome({ sums, counts }: OutcomeStrata): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return total === 0 ? Number.NaN : sums.reduce((sum, each) => sum + each, 0) / total
}

/** By decision: the strata that it has. */
export function strataByDecision(strata: ScoreStrata): readonly (readonly number[])[] {
  const found: number[][] = strata.groups.map(() => [])
  for (const [stratum, decision] of decisionsOf(strata).entries()) found[decision]?.push(stratum)
  return found
}
