/** The distinct values of a sample, ascending and without NaN, and how often each occurs (at least once). */
export interface CountedValues {
  readonly values: Float64Array
  readonly counts: Uint32Array
}

/** Which half of a float64 holds its sign on this machine: 1 where the lesser half comes first. */
const SIGN_HALF = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0

/**
 * Sorts numbers without NaN in place, ascending, −0 before 0. As whole numbers: the bits of a float64, all of them flipped
 * where it is negative and the sign alone where not, are in the order of the numbers, and compare in half the time.
 */
export function sortNumbers(values: Float64Array): Float64Array {
  const halves = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  for (let i = 0; i < halves.length; i += 2) {
    const isNegative = (halves[i + SIGN_HALF] as number) >>> 31 === 1
    halves[i + SIGN_HALF] = (halves[i + SIGN_HALF] as number) ^ (isNegative ? 0xffff_ffff : 0x8000_0000)
    if (isNegative) halves[i + 1 - SIGN_HALF] = (halves[i + 1 - SIGN_HALF] as number) ^ 0xffff_ffff
  }
  new BigUint64Array(values.buffer, values.byteOffset, values.length).sort()
  for (let i = 0; i < halves.length; i += 2) {
    const wasNegative = (halves[i + SIGN_HALF] as number) >>> 31 === 0
    halves[i + SIGN_HALF] = (halves[i + SIGN_HALF] as number) ^ (wasNegative ? 0xffff_ffff : 0x8000_0000)
    if (wasNegative) halves[i + 1 - SIGN_HALF] = (halves[i + 1 - SIGN_HALF] as number) ^ 0xffff_ffff
  }
  return values
}

/**
 * The distinct values among ascending ones without NaN, each as often as it occurs, or as `sizes` says of each. −0 and 0 are
 * one value, and what stands first stands for both. The values are moved together within the array that is given.
 */
export function countSorted(sorted: Float64Array, sizes?: ArrayLike<number>): CountedValues {
  const counts = new Uint32Array(sorted.length)
  let last = -1
  let before = Number.NaN
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i] as number
    if (value !== before) {
      before = value
      sorted[++last] = value
    }
    counts[last] = (counts[last] as number) + (sizes === undefined ? 1 : (sizes[i] as number))
  }
  const length = last + 1
  // A view would hold the memory of all of them as long as the result is kept.
  const isMost = length > sorted.length / 2
  return isMost
    ? { values: sorted.subarray(0, length), counts: counts.subarray(0, length) }
    : { values: sorted.slice(0, length), counts: counts.slice(0, length) }
}

/** The number at a rank, from 0, of counted values as if each stood there as often as it occurs; undefined beyond. */
export function atRank({ counts, values }: CountedValues): (rank: number) => number | undefined {
  const ends = new Float64Array(counts.length)
  let total = 0
  for (let i = 0; i < counts.length; i++) ends[i] = total += counts[i] as number
  return (rank) => {
    let from = 0
    let to = ends.length
    while (from < to) {
      const middle = (from + to) >>> 1
      if ((ends[middle] as number) <= rank) from = middle + 1
      else to = middle
    }
    return values[from]
  }
}
