import { measure, rank } from './metrics.js'

/** The slices and groups of the specification. */
const SLICES = {
  'sex=1': (features, row) => features.sex[row] === 1,
  'sex=2': (features, row) => features.sex[row] === 2,
  'education=1': (features, row) => features.education[row] === 1,
  'education=2': (features, row) => features.education[row] === 2,
  'education=3': (features, row) => features.education[row] === 3,
  'education=4': (features, row) => features.education[row] === 4,
  young: (features, row) => features.age[row] < 25,
}

/**
 * Everything the specification may bound, as functions of row weights: `roc_auc`, `roc_auc[young]`,
 * `recall ratio across sex` (least / greatest), `positive_rate gap across sex` (greatest − least) and so on.
 * @param {import('./table.js').Table} table
 * @param {Float64Array} scores
 * @param {number} threshold
 * @param {(row: number) => boolean} [keep] only these rows
 * @returns {(weight?: (row: number) => number) => Record<string, number>}
 */
export function figuresOf(table, scores, threshold, keep = () => true) {
  const all = rank(scores, table.labels, keep)
  const slices = Object.entries(SLICES).map(([name, holds]) => ({
    name,
    ranking: rank(scores, table.labels, (row) => keep(row) && holds(table.features, row)),
  }))
  return (weight) => {
    const figures = { ...measure(all, threshold, weight) }
    const bySlice = Object.fromEntries(slices.map(({ name, ranking }) => [name, measure(ranking, threshold, weight)]))
    for (const { name } of slices) figures[`roc_auc[${name}]`] = bySlice[name].roc_auc
    const men = bySlice['sex=1']
    const women = bySlice['sex=2']
    for (const metric of ['recall', 'precision', 'positive_rate']) {
      figures[`${metric} ratio across sex`] =
        Math.min(men[metric], women[metric]) / Math.max(men[metric], women[metric])
    }
    for (const metric of ['recall', 'positive_rate']) {
      figures[`${metric} gap across sex`] = Math.abs(men[metric] - women[metric])
    }
    return figures
  }
}

/**
 * How many rows each slice has.
 * @param {import('./table.js').Table} table
 * @returns {Record<string, number>}
 */
export function sliceRows(table) {
  const rows = Array.from({ length: table.rows }, (_, row) => row)
  return Object.fromEntries(
    Object.entries(SLICES).map(([name, holds]) => [name, rows.filter((row) => holds(table.features, row)).length]),
  )
}
