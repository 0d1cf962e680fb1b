import { type Aggregate, either, rows } from './aggregate.ts'
import { distances } from './distances.ts'
import { boxMetrics } from './metrics/boxes.ts'
import { classMetrics } from './metrics/classes.ts'
import { explanationMetrics } from './metrics/explanations.ts'
import { decisionMetrics } from './metrics/decision.ts'
import { labelFreeMetrics } from './metrics/label-free.ts'
import { modelNumbers } from './metrics/model-numbers.ts'
import { labelMetrics } from './metrics/labels.ts'
import { rankingMetrics } from './metrics/ranking.ts'
import { regressionMetrics } from './metrics/regression.ts'
import { scoreMetrics } from './metrics/score.ts'
import { seriesMetrics } from './metrics/series.ts'
import { textMetrics } from './metrics/texts.ts'
import { twoSampleTests } from './two-sample-tests.ts'

export type { Aggregate, ArgumentKind, IntervalMethod, MetricNeeds } from './aggregate.ts'

/** The relation half of the function table. */
export const aggregates = {
  count: rows([], 'int', 'Number of rows.'),
  distinct: rows(['column'], 'int', 'Number of distinct non-missing values.'),
  null_share: rows(['column'], 'double', 'Missing cells divided by rows.', { range: [0, 1] }),
  duplicates: rows(
    ['column'],
    'int',
    'Rows in groups larger than one, by the named columns; a missing cell equals a missing cell.',
    { variadic: true },
  ),
  present: rows(['column'], 'int', 'Number of non-missing cells.', { range: [0, Infinity] }),
  mode_count: rows(
    ['column'],
    'int',
    'How often the most common non-missing value occurs; 0 where all cells are missing.',
    { range: [0, Infinity] },
  ),
  modes: rows(['column'], 'int', 'Number of non-missing values that are as common as the most common one.', {
    range: [0, Infinity],
  }),
  variants: rows(
    ['column'],
    'int',
    'Number of distinct texts that are another way to write one that is there: equal to it but for case, blanks and signs ("Ok", "ok ", "o.k." count 2).',
    { range: [0, Infinity] },
  ),
  new_variants: rows(
    ['column', 'relation'],
    'int',
    'Number of distinct texts that the other relation does not hold, although it holds another way to write them (as `variants`).',
    { range: [0, Infinity] },
  ),
  ascents: rows(['column'], 'int', 'Cells greater than the non-missing cell before, in the order of the data.', {
    range: [0, Infinity],
  }),
  descents: rows(['column'], 'int', 'Cells less than the non-missing cell before, in the order of the data.', {
    range: [0, Infinity],
  }),
  repeats: rows(['column'], 'int', 'Cells equal to the non-missing cell before, in the order of the data.', {
    range: [0, Infinity],
  }),
  above_stddevs: rows(
    ['column', 'value'],
    'int',
    'Non-missing cells at least so many sample standard deviations (divisor n − 1) above the mean; undefined where they do not vary.',
    { range: [0, Infinity] },
  ),
  below_stddevs: rows(
    ['column', 'value'],
    'int',
    'Non-missing cells at least so many sample standard deviations (divisor n − 1) below the mean; undefined where they do not vary.',
    { range: [0, Infinity] },
  ),
  quantile_nearest: rows(
    ['column', 'value'],
    'double',
    'Quantile q in [0, 1] that is one of the values: of the two that `quantile` interpolates, the nearer; halfway, the one of even rank counted from 0 (`nearest` of NumPy).',
  ),
  approx_distinct: rows(
    ['column'],
    'int',
    'Number of distinct non-missing values, estimated in 4 kB (HyperLogLog, 4 096 registers): relative standard error 1.6 %, 95 % of tables within 3.3 %. Of rows measured file by file the same number as of all rows. In a database: exact.',
    { range: [0, Infinity] },
  ),
  approx_quantile: rows(
    ['column', 'value'],
    'double',
    'The non-missing value at rank ⌊q · (n − 1)⌋ from 0, within 1 % of its size (histogram whose bins grow by 2 %, as DDSketch). Of rows measured file by file the same number as of all rows. In a database: exact.',
  ),
  approx_quantile_by_rank: rows(
    ['column', 'value'],
    'double',
    'A non-missing value whose rank is ⌊q · (n − 1)⌋ from 0 to 1 % of n. Of rows measured file by file from sketches (KLL; each value off so far in fewer than one of a hundred), otherwise and in a database the one at that rank.',
  ),
  kl_values: rows(
    ['column', 'list', 'list', 'value'],
    'double',
    'Kullback–Leibler divergence (natural log) of the non-missing cells from given weights of given values; the last number is the weight that values not listed share equally, where there are any. Infinite where a value without weight occurs. Weights are scaled to 1.',
    { range: [0, Infinity], better: 'lower' },
  ),
  kl_bins: rows(
    ['column', 'list', 'list'],
    'double',
    'Kullback–Leibler divergence (natural log) of the non-missing cells from given weights of bins with given edges: one weight below the first edge, one for each bin [edge, next edge), one from the last edge on. Infinite where a bin without weight has a cell. Weights are scaled to 1.',
    { range: [0, Infinity], better: 'lower' },
  ),
  count_of: rows(['relation'], 'int', 'Number of rows of another relation.', { range: [0, Infinity] }),
  orphans: rows(
    ['column', 'relation', 'foreign'],
    'int',
    'Rows whose non-missing cell is no cell of the column of the other relation: broken references. A slice picks rows of this relation only.',
    { range: [0, Infinity] },
  ),
  not_after: rows(
    ['column', 'relation'],
    'int',
    'Non-missing cells that are not above the greatest non-missing cell of the same column in the other relation; 0 where that has none. In a slice: of its rows, on both sides.',
    { range: [0, Infinity] },
  ),
  mutual_information: rows(
    ['column', 'column'],
    'double',
    'Mutual information of two columns (natural log) by the frequencies of their values, over rows where both are present; numbers in ten bins of equal mass, as those of psi. 0 where knowing one tells nothing of the other; values that hardly repeat raise it by themselves.',
    { range: [0, Infinity] },
  ),
  column_count: rows([], 'int', 'Number of columns in the data, declared or not.', { range: [0, Infinity] }),
  column_position: rows(
    ['text'],
    'int',
    'Place of the column of this name among those in the data, from 1; 0 where there is none.',
    { range: [0, Infinity] },
  ),
  overlap: rows(
    ['relation', 'relation', 'column'],
    'int',
    'Distinct non-missing values of the column found in both relations.',
  ),
  sum: either(['expr'], 'number', 'bca', 'Sum over non-missing; an int sum beyond int64 is an error.', {
    result: 'as-argument',
  }),
  min: either(['expr'], 'ordered', 'none', 'Least non-missing value.', { result: 'as-argument' }),
  max: either(['expr'], 'ordered', 'none', 'Greatest non-missing value.', { result: 'as-argument' }),
  mean: either(['expr'], 'number', 't', 'Arithmetic mean over non-missing.'),
  variance: either(['expr'], 'number', 'bca', 'Sample variance, divisor n − 1.', { range: [0, Infinity] }),
  stddev: either(['expr'], 'number', 'bca', 'Sample standard deviation, divisor n − 1.', { range: [0, Infinity] }),
  median: either(['expr'], 'number', 'order-statistics', 'Median, linear interpolation (type 7, as NumPy).'),
  quantile: either(
    ['expr', 'value'],
    'number',
    'order-statistics',
    'Quantile q in [0, 1], linear interpolation (type 7, as NumPy).',
  ),
  share: either(
    ['expr'],
    'bool',
    'wilson',
    'Rows where the condition is true, divided by all rows; a row whose condition is an error is not true.',
    { range: [0, 1] },
  ),
  correlation: either(['expr', 'expr'], 'number', 'fisher-z', 'Pearson correlation over rows where both are present.', {
    range: [-1, 1],
  }),
  ...distances,
  ...twoSampleTests,
  ...decisionMetrics,
  ...scoreMetrics,
  ...classMetrics,
  ...regressionMetrics,
  ...rankingMetrics,
  ...labelMetrics,
  ...seriesMetrics,
  ...textMetrics,
  ...boxMetrics,
  ...explanationMetrics,
  ...labelFreeMetrics,
  ...modelNumbers,
  latency_ms: {
    args: ['value'],
    result: 'double',
    needs: 'timing',
    speaksOf: 'population',
    interval: 'order-statistics',
    better: 'lower',
    range: [0, Infinity],
    version: 1,
    doc: 'Quantile q of the time to one answer of the staged candidate, in milliseconds.',
  },
} as const satisfies Record<string, Aggregate>

/** Names of the relation half of the function table. */
export type AggregateName = keyof typeof aggregates
