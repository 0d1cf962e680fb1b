import { sigmoid, signOf } from './boost.js'

/**
 * A scorecard: the risk of a row is sigmoid(intercept + sum of weight × feature).
 * @typedef {{ readonly kind: 'scorecard', readonly features: readonly string[], readonly intercept: number,
 *   readonly weights: readonly number[] }} Scorecard
 */

const MOST_STEPS = 50
const CONVERGED = 1e-10

/**
 * Logistic regression by Newton's method (iteratively reweighted least squares) with a small ridge. A feature whose
 * weight comes out against its declared sign gets weight 0, and the rest is fitted again.
 * @param {import('./table.js').Table} table
 * @param {{ readonly features: readonly string[], readonly increasing: readonly string[],
 *   readonly decreasing: readonly string[], readonly l2: number }} options
 * @returns {Scorecard}
 */
export function fitScorecard(table, options) {
  let used = options.features
  for (;;) {
    const fitted = fit(table, used, options.l2)
    const wrong = used.filter((name, i) => signOf(name, options) * fitted.weights[i] < 0)
    if (wrong.length === 0) {
      const weights = options.features.map((name) => fitted.weights[used.indexOf(name)] ?? 0)
      return { kind: 'scorecard', features: options.features, intercept: fitted.intercept, weights }
    }
    used = used.filter((name) => !wrong.includes(name))
  }
}

/**
 * The log odds of a row, rounded to float32 as the exported model rounds them.
 * @param {Scorecard} model
 * @param {import('./table.js').Table} table
 * @param {number} row
 * @returns {number}
 */
export function scorecardScore(model, table, row) {
  let score = 0
  model.features.forEach((name, i) => {
    score += model.weights[i] * table.features[name][row]
  })
  return Math.fround(score + model.intercept)
}

/** Fits on standardised columns, where one ridge suits all, and folds the scaling back into the weights. */
function fit(table, features, l2) {
  const columns = features.map((name) => standardise(table.features[name]))
  const size = columns.length + 1
  let beta = new Float64Array(size)
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const gradient = Float64Array.from(beta, (value, i) => (i === 0 ? 0 : l2 * value))
    const hessian = Array.from({ length: size }, (_, i) =>
      Float64Array.from({ length: size }, (_, j) => (i === j && i > 0 ? l2 : 0)),
    )
    const x = new Float64Array(size).fill(1)
    for (let row = 0; row < table.rows; row += 1) {
      for (let i = 1; i < size; i += 1) x[i] = columns[i - 1].values[row]
      const risk = sigmoid(x.reduce((sum, value, i) => sum + value * beta[i], 0))
      for (let i = 0; i < size; i += 1) {
        gradient[i] += (risk - table.labels[row]) * x[i]
        for (let j = 0; j <= i; j += 1) hessian[i][j] += risk * (1 - risk) * x[i] * x[j]
      }
    }
    const change = solve(hessian, gradient)
    beta = beta.map((value, i) => value - change[i])
    if (Math.max(...change.map(Math.abs)) < CONVERGED) break
  }
  const weights = columns.map(({ deviation }, i) => beta[i + 1] / deviation)
  return { weights, intercept: columns.reduce((sum, { mean }, i) => sum - weights[i] * mean, beta[0]) }
}

function standardise(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1
  return { mean, deviation, values: Float64Array.from(values, (value) => (value - mean) / deviation) }
}

/** Solves A x = b for a symmetric positive definite A (its lower half), by the Cholesky decomposition. */
function solve(lower, b) {
  const n = b.length
  const l = lower.map((line) => Float64Array.from(line))
  const x = Float64Array.from(b)
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = l[i][j]
      for (let k = 0; k < j; k += 1) sum -= l[i][k] * l[j][k]
      l[i][j] = i === j ? Math.sqrt(sum) : sum / l[j][j]
    }
    for (let k = 0; k < i; k += 1) x[i] -= l[i][k] * x[k]
    x[i] /= l[i][i]
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < n; k += 1) x[i] -= l[k][i] * x[k]
    x[i] /= l[i][i]
  }
  return x
}
