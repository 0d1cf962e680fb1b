import type { Located, Studentized } from '../studentized.ts'

/** Rows of one number each, read together with how often each row counts. */
type Rows = ArrayLike<number>

/** Mean, over rows that count several times or not at all, of a value of each row. */
function meanOf(counts: Uint32Array, rows: number, of: (row: number) => number): number {
  let sum = 0
  let total = 0
  for (let row = 0; row < rows; row++) {
    const count = counts[row] as number
    if (count === 0) continue
    sum += count * of(row)
    total += count
  }
  return sum / total
}

const totalOf = (counts: Uint32Array): number => counts.reduce((sum, count) => sum + count, 0)

/** What a row adds to the logarithm of a number, made for the rows that count. */
interface Logarithm {
  readonly value: number
  readonly log: number
  readonly influence: (row: number) => number
}

/** A number with its logarithm's standard error by the delta method: the deviation of the rows' influences over √(n − 1). */
function byInfluence(
  rows: number,
  numberOf: (counts: Uint32Array) => Logarithm | undefined,
  valueAt: (log: number) => number,
): Studentized {
  return {
    valueAt,
    locate(counts): Located | undefined {
      if (counts === undefined) return undefined
      const found = numberOf(counts)
      if (found === undefined || !Number.isFinite(found.value)) return undefined
      const variance = meanOf(counts, rows, (row) => found.influence(row) ** 2)
      return { value: found.value, at: found.log, error: Math.sqrt(variance / (totalOf(counts) - 1)) }
    },
    kurtosis(counts) {
      const found = counts === undefined ? undefined : numberOf(counts)
      if (counts === undefined || found === undefined) return Number.NaN
      const square = meanOf(counts, rows, (row) => found.influence(row) ** 2)
      return meanOf(counts, rows, (row) => found.influence(row) ** 4) / square ** 2
    },
  }
}

/** A mean of losses of 0 or more, or its root (`power` 0.5), on the logarithm. */
export function studentizedMean(losses: Float64Array, power = 1): Studentized {
  const rows = losses.length
  const valueAt = (log: number): number => Math.exp(power * log)
  return {
    ...byInfluence(
      rows,
      (counts) => {
        const mean = meanOf(counts, rows, (row) => losses[row] as number)
        return {
          value: mean ** power,
          log: Math.log(mean),
          influence: (row) => (losses[row] as number) / mean - 1,
        }
      },
      valueAt,
    ),
    // The loop of every resample: the variance by its sums, since no loss is below 0 and the mean is of their order.
    locate(counts) {
      if (counts === undefined) return undefined
      let [sum, squares, total] = [0, 0, 0]
      for (let row = 0; row < rows; row++) {
        const count = (counts[row] as number) | 0
        const counted = count * (losses[row] as number)
        sum += counted
        squares += counted * (losses[row] as number)
        total = (total + count) | 0
      }
      const mean = sum / total
      if (!Number.isFinite(mean)) return undefined
      const spread = squares / total / (mean * mean) - 1
      // Below, the difference is rounding.
      const error = spread > 1e-12 ? Math.sqrt(spread / (total - 1)) : 0
      return { value: mean ** power, at: Math.log(mean), error }
    },
  }
}

/** A mean of numbers of 0 or more over another's, on the logarithm. */
export function studentizedRatio(above: Rows, below: Rows): Studentized {
  const rows = above.length
  return byInfluence(
    rows,
    (counts) => {
      const top = meanOf(counts, rows, (row) => above[row] as number)
      const bottom = meanOf(counts, rows, (row) => below[row] as number)
      return {
        value: top / bottom,
        log: Math.log(top / bottom),
        influence: (row) => (above[row] as number) / top - (below[row] as number) / bottom,
      }
    },
    Math.exp,
  )
}

/**
 * 1 − mean squared error / variance of what was observed, on ln(1 − it); `errors` are predicted − observed. `centred`: of their variance
 * instead of their square (explained variance).
 */
export function studentizedDetermination(observed: Rows, errors: Rows, centred: boolean): Studentized {
  const rows = observed.length
  return byInfluence(
    rows,
    (counts) => {
      const mean = meanOf(counts, rows, (row) => observed[row] as number)
      const bias = centred ? meanOf(counts, rows, (row) => errors[row] as number) : 0
      const residual = (row: number): number => ((errors[row] as number) - bias) ** 2
      const deviation = (row: number): number => ((observed[row] as number) - mean) ** 2
      const [left, total] = [meanOf(counts, rows, residual), meanOf(counts, rows, deviation)]
      if (!(total > 0)) return undefined
      return {
        value: 1 - left / total,
        log: Math.log(left / total),
        influence: (row) => residual(row) / left - deviation(row) / total,
      }
    },
    (log) => 1 - Math.exp(log),
  )
}
