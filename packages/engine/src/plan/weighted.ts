import { stats, type Term } from '@plumbline/core'

/** Numbers by kind and how often each counts. */
type Weighted = (values: Float64Array, counts: Uint32Array) => number | undefined

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined)

/** NaN marks a row without a value for this term: it never counts. */
const mean: Weighted = (values, counts) => {
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const count = counts[i] as number
    if (count === 0 || Number.isNaN(values[i])) continue
    sum += count * (values[i] as number)
    total += count
  }
  return finite(sum / total)
}

const sum: Weighted = (values, counts) => {
  let result = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const count = counts[i] as number
    if (count === 0 || Number.isNaN(values[i])) continue
    result += count * (values[i] as number)
    total += count
  }
  return total === 0 ? undefined : finite(result)
}

/** Divisor n − 1; two passes, so that a large mean costs no digits. */
const variance: Weighted = (values, counts) => {
  const center = mean(values, counts)
  if (center === undefined) return undefined
  let squares = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const count = counts[i] as number
    if (count === 0 || Number.isNaN(values[i])) continue
    squares += count * ((values[i] as number) - center) ** 2
    total += count
  }
  return finite(squares / (total - 1))
}

const stddev: Weighted = (values, counts) => {
  const square = variance(values, counts)
  return square === undefined ? undefined : Math.sqrt(square)
}

/** The type-7 quantile of values given with counts. `order` = positions of the values without NaN, ascending. */
function weightedQuantile(
  values: Float64Array,
  order: Uint32Array,
  counts: Uint32Array,
  q: number,
): number | undefined {
  let total = 0
  for (const at of order) total += counts[at] as number
  if (total === 0) return undefined
  const position = (total - 1) * q
  const low = Math.floor(position)
  let seen = 0
  let below: number | undefined
  for (const at of order) {
    seen += counts[at] as number
    if (below === undefined && seen > low) below = values[at] as number
    if (below !== undefined && (seen > low + 1 || seen === total)) {
      return stats.quantileType7([below, values[at] as number], position - low)
    }
  }
  return below
}

/** The statistic of a term as a function of counts per value; values are those of the kinds of one population. */
export function weightedStatistic(
  term: Term,
  values: Float64Array,
  second?: Float64Array,
): stats.Statistic | undefined {
  const of = (weighted: Weighted, range?: stats.Interval): stats.Statistic => ({
    evaluate: (counts) => (counts === undefined ? undefined : weighted(values, counts)),
    ...(range === undefined ? {} : { range }),
  })
  switch (term.fn) {
    case 'mean':
      return of(mean)
    case 'share':
      return of(mean, { low: 0, high: 1 })
    case 'sum':
      return of(sum)
    case 'variance':
      return of(variance, { low: 0, high: Infinity })
    case 'stddev':
      return of(stddev, { low: 0, high: Infinity })
    case 'median':
    case 'quantile': {
      const argument = term.args[1]
      const q = term.fn === 'median' || argument?.kind !== 'value' ? 0.5 : argument.value
      const order = Uint32Array.from(values.keys())
        .filter((i) => !Number.isNaN(values[i]))
        .sort((a, b) => (values[a] as number) - (values[b] as number))
      return { evaluate: (counts) => (counts === undefined ? undefined : weightedQuantile(values, order, counts, q)) }
    }
    case 'correlation':
      return second === undefined
        ? undefined
        : of((_, counts) => correlation(values, second, counts), { low: -1, high: 1 })
    default:
      return undefined
  }
}

function correlation(x: Float64Array, y: Float64Array, counts: Uint32Array): number | undefined {
  const both = x.map((value, i) => (Number.isNaN(value) || Number.isNaN(y[i]) ? Number.NaN : value))
  const other = y.map((value, i) => (Number.isNaN(both[i]) ? Number.NaN : value))
  const meanX = mean(both, counts)
  const meanY = mean(other, counts)
  if (meanX === undefined || meanY === undefined) return undefined
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < both.length; i++) {
    const count = counts[i] as number
    if (count === 0 || Number.isNaN(both[i])) continue
    const a = (both[i] as number) - meanX
    const b = (other[i] as number) - meanY
    xx += count * a * a
    yy += count * b * b
    xy += count * a * b
  }
  return finite(xy / Math.sqrt(xx * yy))
}
