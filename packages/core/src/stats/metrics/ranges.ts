/**
 * Runs of rows in their order, and which of them another set of rows touches: an alarm for any part of an anomaly found it, and one
 * that touches none is false. The range-based precision and recall of N. Tatbul et al., NeurIPS 2018, with weight on existence alone (α = 1
 * for recall; a predicted range that overlaps a real one at all is right).
 */
export function touchedRuns(isIn: ArrayLike<boolean>, isTouched: ArrayLike<boolean>): readonly boolean[] {
  const runs: boolean[] = []
  for (let i = 0; i < isIn.length; i++) {
    if (isIn[i] !== true) continue
    if (i === 0 || isIn[i - 1] !== true) runs.push(false)
    if (isTouched[i] === true) runs[runs.length - 1] = true
  }
  return runs
}

/**
 * Mean |y_t − y_{t−m}| of values in the order of time: the error of the seasonal naive forecast, by which the mean absolute scaled
 * error is scaled. `undefined` with m values or fewer, or where it is 0. Source: R. J. Hyndman, A. B. Koehler, International
 * Journal of Forecasting 22 (2006).
 */
export function naiveError(values: ArrayLike<number>, period: number): number | undefined {
  let sum = 0
  for (let i = period; i < values.length; i++) sum += Math.abs((values[i] as number) - (values[i - period] as number))
  const mean = sum / (values.length - period)
  return mean > 0 && Number.isFinite(mean) ? mean : undefined
}
