import { type Sql, stats, type Term, type Type } from '@plumbline/core'
import { isEstimate } from '../decide/must.ts'
import type { TermReader } from '../plan/must.ts'
import { comparedTerm, distanceOfBins, isBinned, isSampled } from '../plan/distance-terms.ts'
import type { NumberCounts } from '../plan/number-counts.ts'
import { needsValues } from '../plan/samples.ts'
import type { RowFilter, Scope } from '../plan/scope.ts'
import { measureSamples } from '../plan/two-sample-terms.ts'
import { edgesOf, type ValueCounts } from '../plan/value-counts.ts'
import type { ComparedNumbers } from './compared-bins.ts'
import type { TermState } from './term-state.ts'

/** Distinct numbers of an expression that are kept of one file at most. */
export const MOST_NUMBERS = 10_000
/** Distinct numbers that are kept of one file for all its questions together: a few megabytes. */
const MOST_OF_FILE = 200_000

/** The distinct numbers of an expression on a part of the rows, ascending, and how often each occurs: parts add up exactly. */
export interface KeptNumbers {
  readonly values: readonly number[]
  readonly counts: readonly number[]
  /** Rows without a number. */
  readonly missing: number
}

/** Counts numbers of one file, as long as they are few. */
export interface NumberKeeper {
  keep(scope: Scope, filter: RowFilter, value: Sql, type: Type): Promise<KeptNumbers | undefined>
}

/** A keeper with nothing kept yet. Equal questions share what they keep. */
export function numberKeeper(counts: ValueCounts): NumberKeeper {
  const kept = new Map<NumberCounts, KeptNumbers>()
  let room = MOST_OF_FILE
  return {
    async keep(scope, filter, value, type) {
      const counted = await counts.numbers(scope, filter, value, type)
      if (!counted.ok || counted.value.values.length > MOST_NUMBERS) return undefined
      const known = kept.get(counted.value)
      if (known !== undefined) return known
      room -= counted.value.values.length
      if (room < 0) return undefined
      // JSON has one zero.
      const values = Array.from(counted.value.values, (each) => each + 0)
      const own = { values, counts: [...counted.value.counts], missing: counted.value.missing }
      kept.set(counted.value, own)
      return own
    },
  }
}

/** Whether a term of one relation is read from its counted numbers: order statistics, and intervals that are made by resampling. */
export const needsNumbers = (term: Term): boolean =>
  term.fn === 'median' || term.fn === 'quantile' || (isEstimate(term) && needsValues(term))

/** Both parts together. */
export function mergeNumbers(a: KeptNumbers, b: KeptNumbers): KeptNumbers {
  const values: number[] = []
  const counts: number[] = []
  let [i, j] = [0, 0]
  while (i < a.values.length || j < b.values.length) {
    const [x = Infinity, y = Infinity] = [a.values[i], b.values[j]]
    const takesA = i < a.values.length && (j >= b.values.length || x <= y)
    const takesB = j < b.values.length && (i >= a.values.length || y <= x)
    values.push(takesA ? x : y)
    counts.push((takesA ? (a.counts[i++] as number) : 0) + (takesB ? (b.counts[j++] as number) : 0))
  }
  return { values, counts, missing: a.missing + b.missing }
}

/** As all that reads counted numbers has them. */
export function countsOf({ values, counts, missing }: KeptNumbers): NumberCounts {
  return {
    values: Float64Array.from(values),
    counts: Uint32Array.from(counts),
    missing,
    total: counts.reduce((sum, count) => sum + count, 0),
  }
}

/** A median or quantile as the engine has it: the ranks around it, weighted by how near they are. */
export function quantileOf(counted: NumberCounts, q: number): number | null {
  if (counted.total === 0) return null
  const place = (counted.total - 1) * q
  const low = Math.floor(place)
  const at = stats.atRank(counted)
  const [below = 0, above = 0] = [at(low), at(Math.ceil(place))]
  return place === low ? below : below * (1 - (place - low)) + above * (place - low)
}

/** Whether a state was counted for a comparison as it is today. */
export const isOfNumbers = ({ numbers, compared }: TermState, { reference }: ComparedNumbers): boolean =>
  numbers !== undefined && (compared === undefined) === (reference !== undefined)

/** Reads a distance off the counted numbers of both sides. */
export function numbersReader(
  term: Term,
  { numbers, compared }: TermState,
  own: ComparedNumbers,
): TermReader | undefined {
  const named = comparedTerm(term)
  const reference = own.reference ?? (compared === undefined ? undefined : countsOf(compared))
  if (named === undefined || numbers === undefined || reference === undefined) return undefined
  const window = countsOf(numbers)
  const { fn } = named
  if (isSampled(fn)) return (resampling) => measureSamples({ term, ...resampling }, fn, reference, window)
  if (!isBinned(fn)) return undefined
  const edges = edgesOf(reference)
  const rows = (counted: NumberCounts): Uint32Array => {
    const found = stats.histogram(counted.values, edges, counted.counts)
    found[edges.length + 1] = counted.missing
    return found
  }
  return (resampling) =>
    distanceOfBins({ term, ...resampling }, fn, { kind: 'edges', edges }, rows(reference), rows(window))
}
