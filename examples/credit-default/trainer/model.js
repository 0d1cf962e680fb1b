import { boost, sigmoid, treeScore } from './boost.js'
import { fitScorecard, scorecardScore } from './logistic.js'

/** @typedef {import('./boost.js').TreeModel | import('./logistic.js').Scorecard} Model */

/**
 * Fits the kind of model that is asked for.
 * @param {'trees' | 'scorecard'} kind
 * @param {import('./table.js').Table} table
 * @param {import('./boost.js').BoostOptions} options a scorecard uses the features, the signs and `l2`
 * @returns {Model}
 */
export const fit = (kind, table, options) => (kind === 'trees' ? boost(table, options) : fitScorecard(table, options))

/**
 * The estimated probability of default of every row, rounded to float32 as the exported model rounds it.
 * @param {Model} model
 * @param {import('./table.js').Table} table
 * @returns {Float64Array}
 */
export function predict(model, table) {
  const score = model.kind === 'trees' ? treeScore : scorecardScore
  return Float64Array.from({ length: table.rows }, (_, row) => Math.fround(sigmoid(score(model, table, row))))
}
