import { field, type Fields, isFields } from '../text/json.ts'

/** What a KL divergence compares with, after what is held back has been given out. */
export type Partition =
  | {
      readonly kind: 'values'
      readonly values: readonly (string | number | boolean)[]
      readonly weights: readonly number[]
      readonly rest: number
    }
  /** One weight more than edges: below the first, each [edge, next), from the last on. */
  | { readonly kind: 'bins'; readonly edges: readonly number[]; readonly weights: readonly number[] }

/** A partition, or why Great Expectations refuses it, too. */
export type ReadPartition = { readonly partition: Partition } | { readonly problem: string }

const isOne = (weights: readonly number[]): boolean =>
  Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) <= 1.001e-5

/** Reads `partition_object` with `tail_weight_holdout` and `internal_weight_holdout`, as Great Expectations completes it. */
export function readPartition(kwargs: Fields): ReadPartition {
  const given = field(kwargs, 'partition_object')
  const tail = shareOf(field(kwargs, 'tail_weight_holdout'))
  const internal = shareOf(field(kwargs, 'internal_weight_holdout'))
  if (tail === undefined || internal === undefined) return { problem: 'A holdout is a number from 0 to 1.' }
  if (!isFields(given)) return { problem: 'The partition is no object.' }
  const weights = numbersOf(field(given, 'weights'))
  if (weights === undefined || weights.some((weight) => weight < 0))
    return { problem: 'The weights are no numbers of 0 or more.' }
  const values = field(given, 'values')
  if (Array.isArray(values)) {
    if (internal > 0) return { problem: '`internal_weight_holdout` has no meaning for values.' }
    if (values.length !== weights.length || !isOne(weights))
      return { problem: 'The weights of the values do not add up to 1.' }
    const plain = values.filter((value) => ['string', 'number', 'boolean'].includes(typeof value))
    if (plain.length !== values.length) return { problem: 'A value of the partition is no plain value.' }
    return { partition: { kind: 'values', values: plain, weights, rest: tail } }
  }
  const bins = numbersOf(field(given, 'bins'))
  if (bins === undefined) return { problem: 'The partition has neither values nor bins.' }
  return ofBins(kwargs, given, bins, weights, tail, internal)
}

function ofBins(
  kwargs: Fields,
  given: Fields,
  bins: readonly number[],
  weights: readonly number[],
  tail: number,
  internal: number,
): ReadPartition {
  if (field(kwargs, 'bucketize_data') === false) return { problem: 'Bins need `bucketize_data`.' }
  const tails = field(given, 'tail_weights') === undefined ? undefined : numbersOf(field(given, 'tail_weights'))
  if (bins.length !== weights.length + 1 || bins.some((edge, i) => i > 0 && edge <= (bins[i - 1] as number)))
    return { problem: 'The bins do not ascend, or there is not one more than weights.' }
  if (!isOne([...weights, ...(tails ?? [])])) return { problem: 'The weights of the bins do not add up to 1.' }
  const [below, above] = [bins[0] === -Infinity, bins.at(-1) === Infinity]
  if (tails !== undefined && (tail > 0 || below || above || tails.length !== 2))
    return { problem: 'Weights of the tails stand beside infinite bins or a holdout.' }
  if (below && above && tail > 0) return { problem: 'Infinite bins leave no tail to hold weight back for.' }
  const scaled = weights.map((weight) => weight * (1 - tail - internal))
  const empty = scaled.filter((weight) => weight === 0).length
  const inner = internal > 0 && empty > 0 ? scaled.map((weight) => (weight === 0 ? internal / empty : weight)) : scaled
  const side = below || above ? tail : tail / 2
  const edges = bins.filter((edge) => Number.isFinite(edge))
  // The last of NumPy's bins holds its upper edge.
  const ends = above ? edges : [...edges.slice(0, -1), nextUp(edges.at(-1) ?? 0)]
  return {
    partition: {
      kind: 'bins',
      edges: ends,
      weights: [...(below ? [] : [tails?.[0] ?? side]), ...inner, ...(above ? [] : [tails?.[1] ?? side])],
    },
  }
}

/** The next float64 above. */
export function nextUp(value: number): number {
  const bits = new BigInt64Array(1)
  const floats = new Float64Array(bits.buffer)
  floats[0] = value === 0 ? 0 : value
  bits[0] = (bits[0] ?? 0n) + (value < 0 ? -1n : 1n)
  return floats[0]
}

function shareOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return 0
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined
}

function numbersOf(value: unknown): readonly number[] | undefined {
  return Array.isArray(value) && value.every((each) => typeof each === 'number') ? value : undefined
}
