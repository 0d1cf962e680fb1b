import { binColumn } from './bins.js'
import { offsets } from './histogram.js'
import { permutation, uniform } from './random.js'
import { evaluate, growTree, leaves, mapLeaves } from './tree.js'

/**
 * A sum of trees. The risk of a row is sigmoid(base + sum of its leaves).
 * @typedef {{ readonly kind: 'trees', readonly features: readonly string[], readonly base: number,
 *   readonly trees: readonly import('./tree.js').Tree[] }} TreeModel
 */

/**
 * `increasing` and `decreasing` name features the risk must not fall, respectively rise, with; `rate` shrinks every
 * tree; `sample` is the share of rows each tree sees.
 * @typedef {{ readonly features: readonly string[], readonly increasing: readonly string[],
 *   readonly decreasing: readonly string[], readonly trees: number, readonly depth: number, readonly rate: number,
 *   readonly minRows: number, readonly l2: number, readonly sample: number, readonly seed: number }} BoostOptions
 */

/** In units of log odds: far below what any of these models knows. */
const FINEST_STEP = 2 ** -16

/**
 * Gradient boosting for binary log loss (Friedman 2001; Newton leaves as in Chen and Guestrin 2016, equations 5-7).
 * @param {import('./table.js').Table} table
 * @param {BoostOptions} options
 * @returns {TreeModel} the same for the same arguments, to the last bit
 */
export function boost(table, options) {
  const columns = options.features.map((name) => binColumn(table.features[name]))
  const signs = options.features.map((name) => signOf(name, options))
  const limits = { depth: options.depth, minRows: options.minRows, l2: options.l2, signs }
  const gradients = new Float64Array(table.rows)
  const hessians = new Float64Array(table.rows)
  const material = { columns, starts: offsets(columns), gradients, hessians }

  const base = logOdds(table.labels)
  const scores = new Float64Array(table.rows).fill(base)
  const random = uniform(options.seed)
  const trees = []
  for (let round = 0; round < options.trees; round += 1) {
    for (let row = 0; row < table.rows; row += 1) {
      const risk = sigmoid(scores[row])
      gradients[row] = risk - table.labels[row]
      hessians[row] = risk * (1 - risk)
    }
    const tree = mapLeaves(
      growTree(material, sampleRows(table.rows, options.sample, random), limits),
      (value) => value * options.rate,
    )
    for (let row = 0; row < table.rows; row += 1) scores[row] += valueOf(tree, table, options.features, row)
    trees.push(tree)
  }
  return onGrid({ kind: 'trees', features: options.features, base, trees })
}

/**
 * The log odds of a row.
 * @param {TreeModel} model
 * @param {import('./table.js').Table} table
 * @param {number} row
 * @returns {number}
 */
export function treeScore(model, table, row) {
  let score = model.base
  for (const tree of model.trees) score += valueOf(tree, table, model.features, row)
  return score
}

/** 1 / (1 + e^−x). @param {number} x @returns {number} */
export const sigmoid = (x) => 1 / (1 + Math.exp(-x))

/**
 * Which way the risk may move with a feature: +1, −1 or 0 (free).
 * @param {string} name
 * @param {{ readonly increasing: readonly string[], readonly decreasing: readonly string[] }} options
 * @returns {number}
 */
export const signOf = (name, { increasing, decreasing }) =>
  Number(increasing.includes(name)) - Number(decreasing.includes(name))

/**
 * Rounds base and leaves to multiples of a power of two, so coarse that every sum of them is exact in float32. The
 * runtime may then add the trees in any order, over any threads and batch sizes, and always gets the same number.
 * Rounding keeps the order of leaves, hence monotonicity. With 2^-16, sums up to 256 fit into the 24 bits of float32.
 * @param {TreeModel} model
 * @returns {TreeModel}
 */
function onGrid(model) {
  const largest = model.trees.reduce((sum, tree) => sum + Math.max(...leaves(tree).map(Math.abs)), Math.abs(model.base))
  // One bit to spare (23, not 24): rounding itself may lengthen a sum by half a step a tree.
  const step = Math.max(FINEST_STEP, 2 ** (Math.ceil(Math.log2(largest)) - 23))
  const round = (value) => Math.round(value / step) * step
  return { ...model, base: round(model.base), trees: model.trees.map((tree) => mapLeaves(tree, round)) }
}

const valueOf = (tree, table, features, row) => evaluate(tree, (feature) => table.features[features[feature]][row])

function logOdds(labels) {
  const positives = labels.reduce((sum, label) => sum + label, 0)
  if (positives === 0 || positives === labels.length) throw new Error('the training rows hold one class only')
  return Math.log(positives / (labels.length - positives))
}

function sampleRows(rows, share, random) {
  if (share >= 1) return Int32Array.from({ length: rows }, (_, row) => row)
  return permutation(rows, random)
    .subarray(0, Math.max(1, Math.round(rows * share)))
    .sort()
}
