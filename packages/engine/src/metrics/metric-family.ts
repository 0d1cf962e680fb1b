import type { stats, Term } from '@plumbline/core'
import type { MetricKinds } from './metric-rows.ts'

/** What a metric is made of: the complete rows of its kinds, and what they hold. */
export interface TermRows {
  readonly term: Term
  readonly kinds: MetricKinds
  /** By kind: the label, or for one class against the rest 1 and 0. */
  readonly labels: Float64Array
  /** By kind, what the metric reads in its order. */
  readonly values: readonly Float64Array[]
  /** Kinds where nothing is missing. */
  readonly rows: Uint32Array
  /** How many classes the label declares; 0 where it is none of several. */
  readonly classes: number
  /** The numbers of the classes that the metric names. */
  readonly named: readonly number[]
}

/** A number computed from how much each kind of row counts. */
export interface WeighedStatistic extends stats.Statistic {
  evaluate(counts?: stats.Weights): number | undefined
}

/** A metric as a function of the counts of kinds, and the interval that theory gives, where it gives one. */
export interface MetricFamily {
  readonly statistic: WeighedStatistic
  readonly analytic?: () => stats.Estimation
  /** The interval that theory gives where rows have weights, or are drawn by clusters; absent: they are resampled. */
  readonly ofDrawn?: (drawn: stats.DrawnRows) => stats.Estimation
  /** Of a metric that is a share: what counts for it, and what could; its interval is Wilson's. */
  readonly proportion?: (counts: stats.Weights) => stats.Proportion
  /** What is resampled, where it is not the kinds of rows. */
  readonly population?: stats.Population
}

/** The only value read. */
export function onlyValue({ term, values }: TermRows): Float64Array {
  const [only] = values
  if (only === undefined) throw new Error(`${term.expression} was not given what it reads.`)
  return only
}

/** The plain number among the arguments. */
export function numberArgument(term: Term, place = 0): number {
  const values = term.args.flatMap((arg) => (arg.kind === 'value' ? [arg.value] : []))
  const value = values[place]
  if (value === undefined) throw new Error(`${term.expression} was not given a number.`)
  return value
}
