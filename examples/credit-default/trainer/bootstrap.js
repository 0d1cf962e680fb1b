import { uniform } from './random.js'

/**
 * What figures would be on other samples of rows (Efron 1979): draws `size` rows with replacement and measures them.
 * @param {number} rows
 * @param {(weight: (row: number) => number) => Record<string, number>} figures measures a weighted table
 * @param {{ size: number, replicates: number, seed: number }} plan
 * @returns {Record<string, readonly number[]>} the value of each figure in every sample
 */
export function resample(rows, figures, { size, replicates, seed }) {
  const random = uniform(seed)
  const samples = Array.from({ length: replicates }, () => {
    const drawn = new Int32Array(rows)
    for (let i = 0; i < size; i += 1) drawn[Math.floor(random() * rows)] += 1
    return figures((row) => drawn[row])
  })
  return Object.fromEntries(Object.keys(samples[0]).map((name) => [name, samples.map((sample) => sample[name])]))
}

/**
 * @param {readonly number[]} values
 * @returns {number}
 */
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * The standard deviation of a sample (divisor n − 1).
 * @param {readonly number[]} values
 * @returns {number}
 */
export function deviation(values) {
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1))
}
