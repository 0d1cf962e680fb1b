import { aggregates, type AggregateName, stats } from '@plumbline/core'

/** Rows of a slice as metrics read them; NaN = missing. One array element per row. */
export interface MetricRows {
  readonly n: number
  readonly labels: Float64Array
  /** By model name. */
  readonly decisions: ReadonlyMap<string, Float64Array>
  /** Scores, or the amounts of a regression: a model has one of the two. By model name. */
  readonly amounts: ReadonlyMap<string, Float64Array>
  /** By term index: 1 where the term's own condition (`where`) is true. Absent: all rows. */
  readonly masks: ReadonlyMap<number, Float64Array>
}

/** The rows grouped into kinds that no term can tell apart, and the population to resample them from. */
export interface MetricKinds {
  readonly rows: MetricRows
  readonly population: stats.Population
}

/**
 * Groups rows. Decisions leave few kinds (label × decisions × masks), which makes resampling cheap; where a number
 * is read each row is a kind of its own.
 */
export function kindsOf(rows: MetricRows): MetricKinds {
  if (rows.amounts.size > 0) return { rows, population: stats.rowPopulation(rows.n) }
  const columns = [rows.labels, ...rows.decisions.values(), ...rows.masks.values()]
  const kinds = new Map<string, number>()
  const first: number[] = []
  const sizes: number[] = []
  for (let row = 0; row < rows.n; row++) {
    const key = columns.map((column) => column[row]).join()
    const kind = kinds.get(key)
    if (kind === undefined) {
      kinds.set(key, first.length)
      first.push(row)
      sizes.push(1)
    } else (sizes[kind] as number)++
  }
  const pick = (column: Float64Array): Float64Array => Float64Array.from(first, (row) => column[row] as number)
  const pickAll = <K>(all: ReadonlyMap<K, Float64Array>): ReadonlyMap<K, Float64Array> =>
    new Map([...all].map(([key, column]) => [key, pick(column)]))
  const grouped = {
    n: first.length,
    labels: pick(rows.labels),
    decisions: pickAll(rows.decisions),
    amounts: new Map(),
    masks: pickAll(rows.masks),
  }
  return { rows: grouped, population: stats.cellPopulation(sizes) }
}

/** Positions where the mask is on and neither value nor (where it is read) label is missing, and the weight of those that a missing value left out. */
export function completeRows(
  kinds: MetricKinds,
  values: Float64Array,
  mask: Float64Array | undefined,
  readsLabel: boolean,
): { readonly rows: Uint32Array; readonly missing: number } {
  const { labels } = kinds.rows
  const complete: number[] = []
  let missing = 0
  for (let row = 0; row < kinds.rows.n; row++) {
    if (mask !== undefined && mask[row] !== 1) continue
    if ((readsLabel && Number.isNaN(labels[row])) || Number.isNaN(values[row]))
      missing += kinds.population.sizes[row] ?? 0
    else complete.push(row)
  }
  return { rows: Uint32Array.from(complete), missing }
}

/** The values at some positions. */
export function gather(values: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row] as number)
}

/** A statistic of the complete rows, asked with the counts of all. */
export function weighing(
  rows: Uint32Array,
  metric: (weights?: Uint32Array) => number | undefined,
): stats.Statistic['evaluate'] {
  const weights = new Uint32Array(rows.length)
  return (counts) => {
    if (counts === undefined) return metric()
    // A plain loop into one buffer: this runs once per resample.
    for (let i = 0; i < rows.length; i++) weights[i] = counts[rows[i] as number] as number
    return metric(weights)
  }
}

/** What a metric can be, for the ends of its bootstrap interval. */
export function rangeOf(fn: AggregateName): stats.Interval {
  const [low, high] = aggregates[fn].range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  return { low, high }
}
