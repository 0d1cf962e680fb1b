import { deviation, mean } from './bootstrap.js'

/**
 * A clause that needs a bound: the figure it bounds, the side that is allowed, and the step the bound is rounded to.
 * `family` is the number of slices asked in the same clause (a Holm family); a `fixed` bound is a wish, not a proposal.
 * @typedef {{ readonly figure: string, readonly side: '>=' | '<=', readonly step: number, readonly family?: number,
 *   readonly fixed?: number }} BoundedClause
 */

/** @type {readonly BoundedClause[]} */
export const CLAUSES = [
  { figure: 'roc_auc', side: '>=', step: 0.01 },
  { figure: 'average_precision', side: '>=', step: 0.01 },
  { figure: 'brier', side: '<=', step: 0.005 },
  { figure: 'log_loss', side: '<=', step: 0.01 },
  { figure: 'calibration_error', side: '<=', step: 0.005 },
  { figure: 'accuracy', side: '>=', step: 0.01 },
  { figure: 'precision', side: '>=', step: 0.01 },
  { figure: 'recall', side: '>=', step: 0.01 },
  { figure: 'f1', side: '>=', step: 0.01 },
  { figure: 'positive_rate', side: '<=', step: 0.01 },
  { figure: 'recall ratio across sex', side: '>=', step: 0.05 },
  { figure: 'precision ratio across sex', side: '>=', step: 0.05 },
  { figure: 'recall gap across sex', side: '<=', step: 0.01 },
  { figure: 'positive_rate gap across sex', side: '<=', step: 0.01 },
  { figure: 'roc_auc[sex=1]', side: '>=', step: 0.01, family: 2 },
  { figure: 'roc_auc[sex=2]', side: '>=', step: 0.01, family: 2 },
  { figure: 'roc_auc[education=1]', side: '>=', step: 0.01, family: 7 },
  { figure: 'roc_auc[education=2]', side: '>=', step: 0.01, family: 7 },
  { figure: 'roc_auc[education=3]', side: '>=', step: 0.01, family: 7 },
  { figure: 'roc_auc[education=4]', side: '>=', step: 0.01, family: 7 },
  { figure: 'roc_auc[young]', side: '>=', step: 0.01 },
  { figure: 'roc_auc[young]', side: '>=', step: 0.01, fixed: 0.75 },
  { figure: 'positive_rate ratio across sex', side: '>=', step: 0.05, fixed: 0.8 },
]

/** Two-sided normal quantiles at 95 %, Bonferroni-corrected for families of slices (the first step of Holm). */
const INTERVAL = { 1: 1.96, 2: 2.2414, 7: 2.6901 }
/** One-sided normal quantiles: an honest model should pass 95 times in 100; a challenger as good as the champion, 90. */
const POWER = 1.6449
const POWER_OF_COMPARISON = 1.2816

/**
 * Proposes a bound for a clause: its expected value on the test split, less the interval's half width and once more
 * what chance may take, rounded to the lenient side.
 * @param {BoundedClause} clause
 * @param {{ folds: readonly [number, number], samples: readonly number[] }} measured mean and deviation over the folds;
 *   the figure in bootstrap samples as large as the test split
 */
export function boundRow(clause, { folds, samples }) {
  const [expected, error] = [mean(samples), deviation(samples)]
  const direction = clause.side === '>=' ? 1 : -1
  const interval = INTERVAL[clause.family ?? 1]
  const strict = expected - direction * (interval + POWER) * error
  const bound = clause.fixed ?? tidy(direction * Math.floor((direction * strict) / clause.step) * clause.step)
  const passes = samples.filter((value) => direction * (value - bound) > interval * error).length
  return { ...clause, folds, expected, error, bound, chance: passes / samples.length }
}

/**
 * The page bounds.md.
 * @param {{ rows: readonly ReturnType<typeof boundRow>[], gains: readonly { rows: number, values: readonly number[] }[],
 *   options: import('./boost.js').BoostOptions, threshold: number, size: number, trained: number,
 *   slices: Record<string, number>, folds: number }} facts
 * @returns {string} Markdown
 */
export function document({ rows, gains, options, threshold, size, trained, slices, folds }) {
  const marginOf = (values) => tidy(Math.ceil(((1.96 + POWER_OF_COMPARISON) * deviation(values)) / 0.001) * 0.001)
  const compared = gains.map(
    ({ rows: on, values }) =>
      `| ${on} | ${digits(mean(values))} ± ${digits(deviation(values))} | (1.96 + 1.28) × ${digits(deviation(values))} ≈ **${marginOf(values)}** |`,
  )
  const line = (row) =>
    `| ${row.figure} | ${digits(row.folds[0])} ± ${digits(row.folds[1])} | ${digits(row.expected)} ± ${digits(row.error)} ` +
    `| ${row.side} ${Number.isNaN(row.bound) ? 'none can be set' : row.bound}${row.fixed === undefined ? '' : ' (a wish)'} ` +
    `| ${(100 * row.chance).toFixed(0)} % |`
  return `# Where the bounds come from

Written by \`crossvalidate.js\`; do not edit. Only the ${trained} rows of the train split were read: ${folds} folds, every row
scored by a model that had not seen it. The bounds were committed before any model was measured on the test split.

Model: ${options.trees} trees of depth ${options.depth}, rate ${options.rate}, at least ${options.minRows} rows a leaf, ridge ${options.l2}, ${100 * options.sample} % of the rows a tree;
increasing in ${options.increasing.join(', ') || 'nothing'}; decreasing in ${options.decreasing.join(', ') || 'nothing'}.
Features: ${options.features.join(', ')}.
Decision: risk >= ${threshold}.

**Rule.** *Expected* is the mean, ± the standard deviation, over 1000 bootstrap samples of the out-of-fold scores, each as
large as the test split (${size} rows). A clause is satisfied when its whole 95 % interval is on the allowed side, so the
bound is the expected value, less 1.96 standard errors for the interval (2.24 in a family of 2 slices, 2.69 in one of 7: all
codes of education that occur),
less 1.64 more so that an honest model passes 95 times in 100; rounded to the lenient side. *Passes* is the share of the
samples that would satisfy the bound. A bound marked *a wish* is not derived: it shows what the data cannot decide.

| figure | over the folds | expected on the test split | bound | passes |
|---|---|---|---|---|
${rows.map(line).join('\n')}

Rows per slice in train: ${Object.entries(slices)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')}.
Slices asked in one clause share its bound: the lowest of theirs. A figure that is undefined in some sample (a slice
without a defaulter) has no expected value; its slice ends inconclusive.

**Champion and challenger.** The same folds, learned once from all other rows and once from the share that \`train\` has of
\`train\` and the half of \`fresh\` that is learned from. A challenger no better than the champion passes
\`roc_auc() >= roc_auc(champion) - margin\` 90 times in 100 with these margins: on the test split, and on the held-out
part of a window of labelled requests.

| rows | gain in ROC area (paired) | margin |
|---|---|---|
${compared.join('\n')}
`
}

const digits = (value) => (Number.isNaN(value) ? 'undefined' : value.toFixed(4))
const tidy = (value) => Number(value.toFixed(6))
