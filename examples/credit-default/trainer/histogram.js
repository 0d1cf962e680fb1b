/**
 * Sums of gradient, hessian and rows per bin, for all features one behind the other: three numbers a bin.
 * @typedef {Float64Array} Histogram
 */

/**
 * Where each feature's bins begin in a histogram; one entry more than features.
 * @param {readonly import('./bins.js').Bins[]} columns
 * @returns {Int32Array}
 */
export function offsets(columns) {
  const starts = new Int32Array(columns.length + 1)
  columns.forEach(({ edges }, i) => {
    starts[i + 1] = starts[i] + 3 * (edges.length + 1)
  })
  return starts
}

/**
 * Adds up the rows of a node.
 * @param {readonly import('./bins.js').Bins[]} columns
 * @param {Int32Array} starts as made by `offsets`
 * @param {Int32Array} rows
 * @param {Float64Array} gradients
 * @param {Float64Array} hessians
 * @returns {Histogram}
 */
export function accumulate(columns, starts, rows, gradients, hessians) {
  const histogram = new Float64Array(starts[columns.length])
  for (let f = 0; f < columns.length; f += 1) {
    const { codes } = columns[f]
    const start = starts[f]
    for (let i = 0; i < rows.length; i += 1) {
      const row = rows[i]
      const cell = start + 3 * codes[row]
      histogram[cell] += gradients[row]
      histogram[cell + 1] += hessians[row]
      histogram[cell + 2] += 1
    }
  }
  return histogram
}

/**
 * What is left of a node when one child is taken out: the other child, without reading its rows.
 * @param {Histogram} whole
 * @param {Histogram} part
 * @returns {Histogram}
 */
export const subtract = (whole, part) => whole.map((value, i) => value - part[i])
