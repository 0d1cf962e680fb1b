import { aggregates, type Comparison, stats, type Term } from '@plumbline/core'
import { type Arithmetic, arithmetic, asNumber, linear, termsOf } from './arithmetic.ts'
import type { MeasuredInstance, MeasuredTerm, TermSample } from './measured.ts'
import { possibleMargins, possibleValues, simultaneously } from './simultaneous.ts'
import { type SpreadMargin, spreadError, spreadEstimate, spreadMargin } from './spread.ts'

/** The margin of a comparison: positive on the allowed side. */
export interface Margin {
  readonly value: number | undefined
  /** Absent where the value has no interval. */
  readonly estimate?: stats.IntervalEstimate
  /** How the interval was made, where that is not the estimate's own method. */
  readonly method?: string
}

/** left − right for `>` and `>=`, right − left for `<` and `<=`. */
function signOf(op: Comparison['op']): 1 | -1 {
  return op === '<' || op === '<=' ? -1 : 1
}

/** How the margin of an estimated comparison gets its interval. */
export type MarginPlan =
  /** scale · (the one estimated term) + constant: the term's own interval, moved. */
  | { readonly kind: 'affine'; readonly index: number; readonly scale: number; readonly constant: number }
  /** scale · (left term − right term) + constant: a paired estimate, where there is one. */
  | {
      readonly kind: 'difference'
      readonly left: number
      readonly right: number
      readonly scale: number
      readonly constant: number
    }
  /** Anything else: resampling of all rows that its terms read, together. */
  | { readonly kind: 'joint' }

/** Chooses how the margin of an estimated comparison is made; `values` are those of the terms. */
export function planMargin(
  comparison: Comparison,
  estimated: (index: number) => boolean,
  values: readonly (number | undefined)[],
): MarginPlan {
  const left = linear(comparison.left, estimated, values)
  const right = linear(comparison.right, estimated, values)
  if (left === undefined || right === undefined) return { kind: 'joint' }
  const sign = signOf(comparison.op)
  const scales = new Map(left.scales)
  for (const [index, scale] of right.scales) scales.set(index, (scales.get(index) ?? 0) - scale)
  const moving = [...scales].filter(([, scale]) => scale !== 0)
  const constant = sign * (left.constant - right.constant)
  const [first, second] = moving
  if (first !== undefined && second === undefined) {
    return { kind: 'affine', index: first[0], scale: sign * first[1], constant }
  }
  if (moving.length === 2 && first !== undefined && second !== undefined && first[1] === -second[1]) {
    return { kind: 'difference', left: first[0], right: second[0], scale: sign * first[1], constant }
  }
  return { kind: 'joint' }
}

/** What resampling draws from. */
export interface Resampling {
  /** The seed; streams are named by clause, slice and comparison. */
  readonly seed: string
  readonly purpose: string
  readonly replicates: number
}

/** The margin of an estimated comparison with its interval. */
export function estimateMargin(
  comparison: Comparison,
  measured: MeasuredInstance,
  estimated: (index: number) => boolean,
  resampling: Resampling,
): Margin {
  const values = measured.terms.map((term) => asNumber(term.value))
  const value = marginValue(comparison, values)
  if (value === undefined) return { value }
  const plan = planMargin(comparison, estimated, values)
  const estimation = estimationOf(plan, comparison, measured, resampling)
  if (estimation?.kind === 'estimate') return { value, estimate: estimation }
  const several = plan.kind !== 'affine' ? simultaneously(comparison, measured, estimated, value) : undefined
  return several === undefined ? { value } : { value, estimate: several, method: 'simultaneous' }
}

function estimationOf(
  plan: MarginPlan,
  comparison: Comparison,
  measured: MeasuredInstance,
  resampling: Resampling,
): stats.Estimation | undefined {
  if (plan.kind === 'affine') {
    const own = measured.terms[plan.index]?.estimate
    if (own !== undefined) return own.kind === 'estimate' ? stats.affine(own, plan.scale, plan.constant) : own
  }
  if (plan.kind === 'difference') {
    const paired = measured.paired?.(plan.left, plan.right)
    if (paired !== undefined) {
      return paired.kind === 'estimate' ? stats.affine(paired, plan.scale, plan.constant) : paired
    }
  }
  // What bends a statistic that has a band for its corners has them, too: percentiles of resamples would claim too much.
  const read = [...termsOf(comparison.left), ...termsOf(comparison.right)]
  if (read.some((index) => hasBand(measured.terms[index]?.term))) return undefined
  const values = measured.terms.map((term) => asNumber(term.value))
  const estimated = (index: number): boolean => measured.terms[index]?.term.estimates !== 'rows'
  const spread = spreadMargin(comparison, estimated, values)
  return spread === undefined
    ? jointly(comparison, measured, resampling)
    : spreading(spread, comparison, measured, resampling)
}

const hasBand = (term: Term | undefined): boolean =>
  term !== undefined && aggregates[term.fn].interval === 'bootstrap-band'

function marginFunction(comparison: Comparison): Arithmetic | undefined {
  const left = arithmetic(comparison.left)
  const right = arithmetic(comparison.right)
  if (left === undefined || right === undefined) return undefined
  const sign = signOf(comparison.op)
  return (terms) => {
    const a = left(terms)
    const b = right(terms)
    return a === undefined || b === undefined ? undefined : sign * (a - b)
  }
}

/** The margin at given term values. */
function marginValue(comparison: Comparison, values: readonly (number | undefined)[]): number | undefined {
  const value = marginFunction(comparison)?.(values)
  return value === undefined || Number.isNaN(value) ? undefined : value
}

/** What a resampling of several terms draws from, and how it reads them. */
interface Together {
  readonly populations: readonly stats.Population[]
  /** The values of all terms on one resample; the same array every time. */
  read(counts: readonly Uint32Array[]): readonly (number | undefined)[]
  /** The same on the resamples of the terms' own intervals, where no two terms read the same rows; undefined where there are not so many. */
  drawn(replicates: number): ((replicate: number) => readonly (number | undefined)[]) | undefined
}

/** Every population that a term of the comparison reads, each once; undefined where a term cannot be resampled. */
function together(comparison: Comparison, measured: MeasuredInstance): Together | undefined {
  const indexes = [...new Set([...termsOf(comparison.left), ...termsOf(comparison.right)])]
  const populations: stats.Population[] = []
  const readers: { readonly index: number; readonly sample: TermSample; readonly at: readonly number[] }[] = []
  for (const index of indexes) {
    const term = measured.terms[index] as MeasuredTerm
    if (term.term.estimates === 'rows') continue
    if (term.sample === undefined) return undefined
    const at = term.sample.populations.map((population) => {
      const known = populations.indexOf(population)
      return known >= 0 ? known : populations.push(population) - 1
    })
    readers.push({ index, sample: term.sample, at })
  }
  if (readers.length === 0) return undefined
  const now = measured.terms.map((term) => asNumber(term.value))
  return {
    populations,
    read(counts) {
      for (const { index, sample, at } of readers) {
        now[index] = sample.statistic.evaluate(...at.map((i) => counts[i] as Uint32Array))
      }
      return now
    },
    drawn(replicates) {
      // Rows that two terms read would have to be the same rows in both.
      if (populations.length < readers.reduce((sum, { at }) => sum + at.length, 0)) return undefined
      if (readers.some(({ sample }) => sample.drawn?.length !== replicates)) return undefined
      return (replicate) => {
        for (const { index, sample } of readers) {
          const value = sample.drawn?.[replicate]
          now[index] = Number.isNaN(value) ? undefined : value
        }
        return now
      }
    },
  }
}

/** A band around a reduction, from how far what it reduces is off together on the same resamples. */
function spreading(
  spread: SpreadMargin,
  comparison: Comparison,
  measured: MeasuredInstance,
  { seed, purpose, replicates }: Resampling,
): stats.Estimation | undefined {
  const drawn = together(comparison, measured)
  if (drawn === undefined) return undefined
  const errors = errorsOf(spread, drawn, () => stats.createRandom(seed, purpose), replicates)
  const [least, greatest] = [errors[0] ?? 0, errors[errors.length - 1] ?? 0]
  // Resamples that show no variation say nothing of the sampling error.
  if (greatest - least <= 1e-12) return stats.undefinedEstimate('no-variation')
  return spreadEstimate(spread, errors, possibleValues(spread.reduction, measured.terms))
}

/** How far the reduction is off on one resample after the other, ascending; those of the terms' own intervals will do. */
function errorsOf(
  spread: SpreadMargin,
  { populations, read, drawn }: Together,
  random: () => stats.Random,
  replicates: number,
): Float64Array {
  const own = drawn(replicates)
  if (own === undefined)
    return stats.drawDistances({ populations, random: random(), replicates }, (...counts) =>
      spreadError(spread, read(counts)),
    )
  return Float64Array.from({ length: replicates }, (_, i) => spreadError(spread, own(i)) ?? Infinity).sort()
}

/** Resamples every population that a term of the comparison reads, each once a replicate, and takes the margin of it. */
function jointly(
  comparison: Comparison,
  measured: MeasuredInstance,
  resampling: Resampling,
): stats.Estimation | undefined {
  const margin = marginFunction(comparison)
  if (margin === undefined) return undefined
  const drawn = together(comparison, measured)
  if (drawn === undefined) return undefined
  const statistic: stats.Statistic = {
    range: possibleMargins(comparison, measured.terms),
    evaluate: (...counts) => margin(drawn.read(counts)),
  }
  return stats.bootstrap(
    {
      populations: drawn.populations,
      random: stats.createRandom(resampling.seed, resampling.purpose),
      replicates: resampling.replicates,
    },
    statistic,
  )
}
