/**
 * Rows in falling order of score; `rows` are their positions in the table they came from.
 * @typedef {{ readonly rows: Int32Array, readonly scores: Float64Array, readonly labels: Uint8Array }} Ranking
 */

/** What is measured. @typedef {'roc_auc' | 'average_precision' | 'brier' | 'log_loss' | 'calibration_error' | 'accuracy'
 *   | 'precision' | 'recall' | 'f1' | 'positive_rate'} Metric */

const CALIBRATION_BINS = 10
const LEAST_PROBABILITY = 1e-15

/**
 * Sorts once what is then measured often.
 * @param {Float64Array} scores
 * @param {Uint8Array} labels
 * @param {(row: number) => boolean} [keep] a slice
 * @returns {Ranking}
 */
export function rank(scores, labels, keep = () => true) {
  const rows = Int32Array.from(scores.keys())
    .filter(keep)
    .sort((a, b) => scores[b] - scores[a] || a - b)
  return {
    rows,
    scores: Float64Array.from(rows, (row) => scores[row]),
    labels: Uint8Array.from(rows, (row) => labels[row]),
  }
}

/**
 * All metrics in one pass. Ties count half in the ROC area; average precision is step-wise; the calibration error is
 * over ten bins of equal mass; log loss is natural and clipped at 1e-15. (The definitions of scikit-learn.)
 * @param {Ranking} ranking
 * @param {number} threshold rows at or above it are decided positive
 * @param {(row: number) => number} [weight] e.g. how often a bootstrap drew the row
 * @returns {Record<Metric, number>} NaN where a metric is undefined, as the ROC area of one class
 */
export function measure(ranking, threshold, weight = () => 1) {
  const { rows, scores, labels } = ranking
  const weights = Float64Array.from(rows, weight)
  const mass = weights.reduce((sum, value) => sum + value, 0)
  const bins = Array.from({ length: CALIBRATION_BINS }, () => ({ score: 0, label: 0 }))
  const decided = { true: 0, false: 0 }
  const total = { true: 0, false: 0 }
  let pairs = 0
  let precisionSteps = 0
  let squares = 0
  let logs = 0

  for (let start = 0; start < rows.length; ) {
    const tied = { true: 0, false: 0 }
    let end = start
    for (; end < rows.length && scores[end] === scores[start]; end += 1) {
      const score = scores[end]
      const label = labels[end]
      const w = weights[end]
      const seen = total.true + total.false + tied.true + tied.false
      const bin = bins[Math.min(CALIBRATION_BINS - 1, Math.floor((CALIBRATION_BINS * seen) / mass))]
      bin.score += w * score
      bin.label += w * label
      squares += w * (score - label) ** 2
      logs -= w * Math.log(Math.max(LEAST_PROBABILITY, label === 1 ? score : 1 - score))
      tied[label === 1] += w
    }
    pairs += tied.false * (total.true + tied.true / 2)
    total.true += tied.true
    total.false += tied.false
    if (tied.true > 0) precisionSteps += (tied.true * total.true) / (total.true + total.false)
    if (scores[start] >= threshold) {
      decided.true = total.true
      decided.false = total.false
    }
    start = end
  }

  const positives = decided.true + decided.false
  return {
    roc_auc: pairs / (total.true * total.false),
    average_precision: precisionSteps / total.true,
    brier: squares / mass,
    log_loss: logs / mass,
    calibration_error: bins.reduce((sum, { score, label }) => sum + Math.abs(score - label), 0) / mass,
    accuracy: (decided.true + total.false - decided.false) / mass,
    precision: decided.true / positives,
    recall: decided.true / total.true,
    f1: (2 * decided.true) / (positives + total.true),
    positive_rate: positives / mass,
  }
}
