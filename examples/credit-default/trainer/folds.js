import { fit, predict } from './model.js'
import { permutation, uniform } from './random.js'
import { pick } from './table.js'

/**
 * Predicts every row by a model that has not seen it.
 * @param {import('./table.js').Table} table
 * @param {import('./boost.js').BoostOptions} options
 * @param {{ folds: number, seed: number, share?: number }} plan `share` of the other folds' rows is learned from
 * @returns {{ scores: Float64Array, foldOf: Uint8Array }}
 */
export function crossPredict(table, options, { folds, seed, share = 1 }) {
  const order = permutation(table.rows, uniform(seed))
  const foldOf = new Uint8Array(table.rows)
  order.forEach((row, position) => {
    foldOf[row] = position % folds
  })
  const scores = new Float64Array(table.rows)
  for (let fold = 0; fold < folds; fold += 1) {
    const others = order.filter((row) => foldOf[row] !== fold)
    const model = fit('trees', pick(table, others.subarray(0, Math.round(others.length * share)).sort()), options)
    const own = order.filter((row) => foldOf[row] === fold)
    const predicted = predict(model, pick(table, own))
    own.forEach((row, i) => {
      scores[row] = predicted[i]
    })
  }
  return { scores, foldOf }
}
