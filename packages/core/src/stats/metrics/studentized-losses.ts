import type { Located, Studentized } from '../studentized.ts'

/** Rows of one number each, read together with how often each row counts. */
type Rows = ArrayLike<number>

/** Sums below are of numbers of order 1, and a variance below this is their rounding. */
const NO_VARIANCE = 1e-12

/** A number of which the logarithm `log` has the variance `variance` / (rows − 1); `undefined` where it does not exist. */
function located(value: number, log: number, variance: number, rows: number): Located | undefined {
  if (!Number.isFinite(value)) return undefined
  return { value, at: log, error: variance > NO_VARIANCE ? Math.sqrt(variance / (rows - 1)) : 0 }
}

/** Kurtosis of what each row adds, for the rows that count. */
function kurtosisOf(counts: Uint32Array, influence: (row: number) => number): number {
  let [total, squares, fourths] = [0, 0, 0]
  for (let row = 0; row < counts.length; row++) {
    const count = counts[row] as number
    if (count === 0) continue
    const square = influence(row) ** 2
    total += count
    squares += count * square
    fourths += count * square * square
  }
  return (fourths * total) / squares ** 2
}

const NONE = new Uint32Array(0)

// `locate` is asked on every resample: one loop of plain sums each, no function called in it. The variance is that of what each row adds to
// the logarithm (the delta method).

/** A mean of losses of 0 or more, or its root (`power` 0.5), on the logarithm. */
export function studentizedMean(losses: Float64Array, power = 1): Studentized {
  const sumsOf = (counts: Uint32Array) => {
    let [sum, squares, total] = [0, 0, 0]
    for (let row = 0; row < losses.length; row++) {
      const count = (counts[row] as number) | 0
      const loss = losses[row] as number
      sum += count * loss
      squares += count * loss * loss
      total = (total + count) | 0
    }
    return { mean: sum / total, square: squares / total, total }
  }
  return {
    valueAt: (log) => Math.exp(power * log),
    locate(counts = NONE) {
      const { mean, square, total } = sumsOf(counts)
      return located(mean ** power, Math.log(mean), square / (mean * mean) - 1, total)
    },
    kurtosis(counts = NONE) {
      const { mean } = sumsOf(counts)
      return kurtosisOf(counts, (row) => (losses[row] as number) / mean - 1)
    },
  }
}

/** A mean of numbers of 0 or more over another's, on the logarithm. */
export function studentizedRatio(above: Rows, below: Rows): Studentized {
  const sumsOf = (counts: Uint32Array) => {
    let [a, b, aa, bb, ab, total] = [0, 0, 0, 0, 0, 0]
    for (let row = 0; row < above.length; row++) {
      const count = (counts[row] as number) | 0
      const x = above[row] as number
      const y = below[row] as number
      a += count * x
      b += count * y
      aa += count * x * x
      bb += count * y * y
      ab += count * x * y
      total = (total + count) | 0
    }
    return { a: a / total, b: b / total, aa: aa / total, bb: bb / total, ab: ab / total, total }
  }
  return {
    valueAt: Math.exp,
    locate(counts = NONE) {
      const { a, b, aa, bb, ab, total } = sumsOf(counts)
      return located(a / b, Math.log(a / b), aa / (a * a) - (2 * ab) / (a * b) + bb / (b * b), total)
    },
    kurtosis(counts = NONE) {
      const { a, b } = sumsOf(counts)
      return kurtosisOf(counts, (row) => (above[row] as number) / a - (below[row] as number) / b)
    },
  }
}

/**
 * 1 − mean squared error / variance of what was observed, on ln(1 − it); `errors` are predicted − observed. `centred`: of their variance
 * instead of their square (explained variance).
 */
export function studentizedDetermination(observed: Rows, errors: Rows, centred: boolean): Studentized {
  const rows = observed.length
  // Around the means of all rows and in units of their deviations, so that sums of powers lose no digits.
  const y = scaled(observed, meanOf(observed))
  const e = scaled(errors, centred ? meanOf(errors) : 0)
  const ratio = (e.scale / y.scale) ** 2
  const [ofErrors, ofObserved] = [e.values, y.values]
  const momentsOf = (counts: Uint32Array) => {
    let [e1, e2, e3, e4, y1, y2, y3, y4, e1y1, e2y1, e1y2, e2y2, total] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    for (let row = 0; row < rows; row++) {
      const count = (counts[row] as number) | 0
      const x = ofErrors[row] as number
      const z = ofObserved[row] as number
      const cx = count * x
      const cz = count * z
      const xx = x * x
      const zz = z * z
      e1 += cx
      e2 += cx * x
      e3 += cx * xx
      e4 += cx * x * xx
      y1 += cz
      y2 += cz * z
      y3 += cz * zz
      y4 += cz * z * zz
      e1y1 += cx * z
      e2y1 += cx * x * z
      e1y2 += cx * zz
      e2y2 += cx * x * zz
      total = (total + count) | 0
    }
    const [m, b] = [y1 / total, centred ? e1 / total : 0]
    const left = e2 - 2 * b * e1 + b * b * total
    const all = y2 - m * y1
    const ofLeft = e4 - 4 * b * e3 + 6 * b * b * e2 - 4 * b ** 3 * e1 + b ** 4 * total
    const ofAll = y4 - 4 * m * y3 + 6 * m * m * y2 - 4 * m ** 3 * y1 + m ** 4 * total
    const shared =
      e2y2 -
      2 * m * e2y1 +
      m * m * e2 -
      2 * b * (e1y2 - 2 * m * e1y1 + m * m * e1) +
      b * b * (y2 - 2 * m * y1 + m * m * total)
    const variance = total * (ofLeft / left ** 2 - (2 * shared) / (left * all) + ofAll / all ** 2)
    return { m, b, left: left / total, all: all / total, variance, total }
  }
  return {
    valueAt: (log) => 1 - Math.exp(log),
    locate(counts = NONE) {
      const { left, all, variance, total } = momentsOf(counts)
      if (!(all > 0)) return undefined
      const share = (ratio * left) / all
      return located(1 - share, Math.log(share), variance, total)
    },
    kurtosis(counts = NONE) {
      const { m, b, left, all } = momentsOf(counts)
      return kurtosisOf(
        counts,
        (row) => ((ofErrors[row] as number) - b) ** 2 / left - ((ofObserved[row] as number) - m) ** 2 / all,
      )
    },
  }
}

function meanOf(values: Rows): number {
  let sum = 0
  for (let row = 0; row < values.length; row++) sum += values[row] as number
  return sum / values.length
}

/** Values less `center`, in units of the root of their mean square. */
function scaled(values: Rows, center: number): { readonly values: Float64Array; readonly scale: number } {
  const moved = Float64Array.from(values, (value) => value - center)
  const scale = Math.sqrt(meanOf(moved.map((value) => value * value))) || 1
  return { values: moved.map((value) => value / scale), scale }
}
