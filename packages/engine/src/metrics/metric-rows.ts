import { aggregates, type AggregateName, stats } from '@plumbline/core'

/** Rows of a slice as metrics read them; NaN = missing. One array element per row. */
export interface MetricRows {
  readonly n: number
  /** 1 for positive; the number of the class; or the amount that came true. */
  readonly labels: Float64Array
  /** Everything else that some metric reads. */
  readonly columns: readonly Float64Array[]
}

/** The rows grouped into kinds that no metric can tell apart, and the population to resample them from. */
export interface MetricKinds {
  readonly rows: MetricRows
  readonly population: stats.Population
}

/**
 * Groups rows. Decisions leave few kinds (label × decisions × masks), which makes resampling cheap; where a number
 * is read (`discrete` is false) each row is a kind of its own; very many are put in the order of the column at `rankedBy`, so that
 * what ranks them reads each resample from one end to the other and not all over the memory.
 */
export function kindsOf(rows: MetricRows, discrete: boolean, rankedBy?: number): MetricKinds {
  if (!discrete) return { rows: inOrder(rows, rankedBy), population: stats.rowPopulation(rows.n) }
  const columns = [rows.labels, ...rows.columns]
  const keyOf = keyer(columns)
  const kinds = new Map<number | string, number>()
  const first: number[] = []
  const sizes: number[] = []
  for (let row = 0; row < rows.n; row++) {
    const key = keyOf(row)
    const kind = kinds.get(key)
    if (kind === undefined) {
      kinds.set(key, first.length)
      first.push(row)
      sizes.push(1)
    } else (sizes[kind] as number)++
  }
  const pick = (column: Float64Array): Float64Array => Float64Array.from(first, (row) => column[row] as number)
  const grouped = { n: first.length, labels: pick(rows.labels), columns: rows.columns.map(pick) }
  return { rows: grouped, population: stats.cellPopulation(sizes) }
}

/** From here on the counts of rows fit no fast cache. */
const MANY_ROWS = 1 << 17

function inOrder(rows: MetricRows, by: number | undefined): MetricRows {
  const keys = by === undefined ? undefined : rows.columns[by]
  if (keys === undefined || rows.n < MANY_ROWS) return rows
  // Missing scores last: NaN is neither before nor after anything.
  const key = (row: number): number => (Number.isNaN(keys[row]) ? Infinity : (keys[row] as number))
  const order = Uint32Array.from(keys.keys()).sort((a, b) => {
    const [left, right] = [key(a), key(b)]
    return left < right ? -1 : left > right ? 1 : a - b
  })
  return { n: rows.n, labels: gather(rows.labels, order), columns: rows.columns.map((column) => gather(column, order)) }
}

/** One number for what a row holds: its small whole numbers as digits; a text where that would not fit. */
function keyer(columns: readonly Float64Array[]): (row: number) => number | string {
  const bases = columns.map((column) => {
    let most = 0
    for (const value of column) {
      if (Number.isNaN(value)) continue
      if (!Number.isInteger(value) || value < 0) return Infinity
      if (value > most) most = value
    }
    return most + 2
  })
  if (bases.reduce((product, base) => product * base, 1) > Number.MAX_SAFE_INTEGER)
    return (row) => columns.map((column) => column[row]).join()
  return (row) => {
    let key = 0
    for (let i = 0; i < columns.length; i++) {
      const value = (columns[i] as Float64Array)[row] as number
      key = key * (bases[i] as number) + (Number.isNaN(value) ? 0 : value + 1)
    }
    return key
  }
}

/** Positions where the mask is on and neither a value nor (where it is read) label is missing, and the weight of those that a missing value left out. */
export function completeRows(
  kinds: MetricKinds,
  values: readonly Float64Array[],
  mask: Float64Array | undefined,
  readsLabel: boolean,
): { readonly rows: Uint32Array; readonly missing: number } {
  const read = readsLabel ? [kinds.rows.labels, ...values] : values
  const complete: number[] = []
  let missing = 0
  for (let row = 0; row < kinds.rows.n; row++) {
    if (mask !== undefined && mask[row] !== 1) continue
    if (read.some((column) => Number.isNaN(column[row]))) missing += kinds.population.sizes[row] ?? 0
    else complete.push(row)
  }
  return { rows: Uint32Array.from(complete), missing }
}

/** Rows that belong together: the number of each row's group, and the groups as what is resampled. */
export interface GroupsOfRows {
  readonly of: Uint32Array
  readonly population: stats.Population
}

/** Groups by a column of whole numbers; a row without one is in group 0 and is left out as incomplete. */
export function groupsOf(column: Float64Array): GroupsOfRows {
  const numbers = new Map<number, number>()
  const of = new Uint32Array(column.length)
  column.forEach((value, row) => {
    if (Number.isNaN(value)) return
    const known = numbers.get(value) ?? numbers.size
    numbers.set(value, known)
    of[row] = known
  })
  return { of, population: stats.rowPopulation(numbers.size) }
}

/** The values at some positions. */
export function gather(values: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row] as number)
}

/** A standard error as a function of how often each of all kinds counts; see {@link weighing}. */
export function studentizing(rows: Uint32Array, studentized: stats.Studentized): stats.Studentized {
  const own = new Uint32Array(rows.length)
  const counted = (counts: Uint32Array | undefined): Uint32Array => {
    if (counts === undefined) throw new Error('A resample has counts.')
    if (rows.length === counts.length) return counts
    for (let i = 0; i < rows.length; i++) own[i] = counts[rows[i] as number] as number
    return own
  }
  return {
    valueAt: (at) => studentized.valueAt(at),
    locate: (counts) => studentized.locate(counted(counts)),
    kurtosis: (counts) => studentized.kurtosis(counted(counts)),
  }
}

/** A statistic of the complete rows, asked with the counts of all. */
export function weighing(
  rows: Uint32Array,
  metric: (weights?: stats.Weights) => number | undefined,
): (counts?: stats.Weights) => number | undefined {
  const counted = new Uint32Array(rows.length)
  let weighted: Float64Array | undefined
  return (counts) => {
    if (counts === undefined) return metric()
    // Where no row is left out, the counts are the weights already.
    if (rows.length === counts.length) return metric(counts)
    if (counts instanceof Float64Array) weighted ??= new Float64Array(rows.length)
    const weights = counts instanceof Float64Array ? (weighted as Float64Array) : counted
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
