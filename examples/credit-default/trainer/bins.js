/**
 * A column cut into at most 255 bins. Bin k holds the values in (edges[k−1], edges[k]]; the last bin has no upper edge.
 * @typedef {{ readonly edges: Float32Array, readonly codes: Uint8Array }} Bins
 */

const MOST_BINS = 255

/**
 * Cuts a column at its quantiles, or between all its distinct values where they are few.
 * @param {Float32Array} values finite
 * @returns {Bins} such that codes[i] <= k exactly when values[i] <= edges[k], in float32
 */
export function binColumn(values) {
  const sorted = Float32Array.from(values).sort()
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1])
  const edges = distinct.length <= MOST_BINS ? between(distinct) : quantileEdges(sorted)
  return { edges, codes: Uint8Array.from(values, (value) => binOf(edges, value)) }
}

/**
 * The bin of a value: how many edges lie below it.
 * @param {Float32Array} edges ascending
 * @param {number} value
 * @returns {number}
 */
export function binOf(edges, value) {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= edges[middle]) high = middle
    else low = middle + 1
  }
  return low
}

const between = (distinct) => Float32Array.from(distinct.subarray(1), (value, i) => separator(distinct[i], value))

function quantileEdges(sorted) {
  const edges = []
  for (let bin = 1; bin < MOST_BINS; bin += 1) {
    let last = Math.floor((bin * sorted.length) / MOST_BINS) - 1
    while (sorted[last + 1] === sorted[last]) last += 1
    if (last + 1 >= sorted.length) break
    const edge = separator(sorted[last], sorted[last + 1])
    if (edges.at(-1) !== edge) edges.push(edge)
  }
  return Float32Array.from(edges)
}

/** A float32 t with low <= t < high: the middle may round up to `high`, which would send `high` to the wrong side. */
function separator(low, high) {
  const middle = Math.fround(low + (high - low) / 2)
  return middle < high ? middle : low
}
