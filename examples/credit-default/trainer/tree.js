import { accumulate, subtract } from './histogram.js'

/**
 * A regression tree. A row goes left when its feature is at most the threshold, both as float32.
 * @typedef {{ readonly kind: 'leaf', readonly value: number }} Leaf
 * @typedef {{ readonly kind: 'split', readonly feature: number, readonly threshold: number,
 *   readonly left: Tree, readonly right: Tree }} Split
 * @typedef {Leaf | Split} Tree
 */

/**
 * How a tree may grow: at most `depth` splits on a path; at least `minRows` rows in a leaf; `l2` is added to every
 * hessian sum; `signs[f]` is +1 where the tree must not fall as feature f grows, −1 where it must not rise, else 0.
 * @typedef {{ readonly depth: number, readonly minRows: number, readonly l2: number,
 *   readonly signs: readonly number[] }} Limits
 */

/**
 * What trees are grown on: the binned columns, where each begins in a histogram, and the loss per row.
 * @typedef {{ readonly columns: readonly import('./bins.js').Bins[], readonly starts: Int32Array,
 *   readonly gradients: Float64Array, readonly hessians: Float64Array }} Material
 */

/** The interval in which every leaf below a node must lie. @typedef {{ low: number, high: number }} Bounds */

/**
 * Grows one tree by Newton steps on gradients and hessians.
 *
 * Monotone constraints: every node carries bounds for its leaves. A split on a constrained feature is refused when the
 * values of its sides are in the wrong order; when it is made, their middle becomes the bound between the sides, so
 * that no leaf further down can cross it. (The "basic" method of LightGBM and XGBoost.) It makes each single tree
 * monotone, hence their sum.
 *
 * @param {Material} material
 * @param {Int32Array} rows the rows to grow on
 * @param {Limits} limits
 * @returns {Tree}
 */
export function growTree(material, rows, limits) {
  const histogramOf = (part) =>
    accumulate(material.columns, material.starts, part, material.gradients, material.hessians)

  const grow = (node, depth) => {
    const split = depth < limits.depth ? bestSplit(material, node, limits) : undefined
    if (split === undefined) return { kind: 'leaf', value: node.value }
    const { codes, edges } = material.columns[split.feature]
    const left = node.rows.filter((row) => codes[row] <= split.bin)
    const right = node.rows.filter((row) => codes[row] > split.bin)
    const histograms = depth + 1 < limits.depth ? childHistograms(node.histogram, left, right, histogramOf) : []
    const bounds = childBounds(node.bounds, limits.signs[split.feature], split)
    const child = (side, part, value) => ({ rows: part, value, bounds: bounds[side], histogram: histograms[side] })
    return {
      kind: 'split',
      feature: split.feature,
      threshold: edges[split.bin],
      left: grow(child(0, left, split.left), depth + 1),
      right: grow(child(1, right, split.right), depth + 1),
    }
  }

  const histogram = histogramOf(rows)
  const bounds = { low: -Infinity, high: Infinity }
  const { gradient, hessian } = total(histogram, material.starts)
  return grow({ rows, histogram, bounds, value: newton(gradient, hessian, bounds, limits.l2) }, 0)
}

/** The value a tree gives to one row, read by `feature => float32`. */
export function evaluate(tree, read) {
  let node = tree
  while (node.kind === 'split') node = read(node.feature) <= node.threshold ? node.left : node.right
  return node.value
}

/**
 * The same tree with every leaf replaced.
 * @param {Tree} tree
 * @param {(value: number) => number} change
 * @returns {Tree}
 */
export function mapLeaves(tree, change) {
  if (tree.kind === 'leaf') return { kind: 'leaf', value: change(tree.value) }
  return { ...tree, left: mapLeaves(tree.left, change), right: mapLeaves(tree.right, change) }
}

/**
 * All leaf values, from left to right.
 * @param {Tree} tree
 * @returns {readonly number[]}
 */
export const leaves = (tree) => (tree.kind === 'leaf' ? [tree.value] : [...leaves(tree.left), ...leaves(tree.right)])

/** The split that lowers the loss most; of equals the first feature and bin, so that a tree is a function of its data. */
function bestSplit({ columns, starts }, { histogram, bounds, value }, { minRows, l2, signs }) {
  const all = total(histogram, starts)
  const unsplit = loss(all.gradient, all.hessian, value, l2)
  let best
  let bestGain = 0
  for (let feature = 0; feature < columns.length; feature += 1) {
    let gradient = 0
    let hessian = 0
    let rows = 0
    const bins = columns[feature].edges.length
    for (let bin = 0; bin < bins; bin += 1) {
      const cell = starts[feature] + 3 * bin
      gradient += histogram[cell]
      hessian += histogram[cell + 1]
      rows += histogram[cell + 2]
      if (rows < minRows) continue
      if (all.rows - rows < minRows) break
      const left = newton(gradient, hessian, bounds, l2)
      const right = newton(all.gradient - gradient, all.hessian - hessian, bounds, l2)
      if (signs[feature] * (right - left) < 0) continue
      const split = loss(gradient, hessian, left, l2) + loss(all.gradient - gradient, all.hessian - hessian, right, l2)
      if (unsplit - split > bestGain) {
        bestGain = unsplit - split
        best = { feature, bin, left, right }
      }
    }
  }
  return best
}

/** The leaf value that minimises the loss to second order, −G / (H + λ), moved into the bounds. */
function newton(gradient, hessian, { low, high }, l2) {
  return Math.min(high, Math.max(low, -gradient / (hessian + l2)))
}

/** The second-order loss of a leaf value w: G w + (H + λ) w² / 2. It also holds for values moved by bounds. */
const loss = (gradient, hessian, value, l2) => gradient * value + ((hessian + l2) * value * value) / 2

/** Reads only the smaller child's rows; the larger is the rest. */
function childHistograms(whole, left, right, histogramOf) {
  if (left.length <= right.length) {
    const small = histogramOf(left)
    return [small, subtract(whole, small)]
  }
  const small = histogramOf(right)
  return [subtract(whole, small), small]
}

function childBounds(bounds, sign, { left, right }) {
  const middle = (left + right) / 2
  if (sign === 0) return [bounds, bounds]
  const below = { low: bounds.low, high: middle }
  const above = { low: middle, high: bounds.high }
  return sign > 0 ? [below, above] : [above, below]
}

/** The sums over a node: those over the bins of any one feature. */
function total(histogram, starts) {
  const sums = { gradient: 0, hessian: 0, rows: 0 }
  for (let cell = starts[0]; cell < starts[1]; cell += 3) {
    sums.gradient += histogram[cell]
    sums.hessian += histogram[cell + 1]
    sums.rows += histogram[cell + 2]
  }
  return sums
}
