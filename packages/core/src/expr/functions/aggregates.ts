/** What an argument of an aggregate may be: a column name, a row expression, a relation, a plain number, a text, a list of plain values. */
export type ArgumentKind = 'column' | 'expr' | 'relation' | 'value' | 'text' | 'list'

/** How an aggregate's interval is made; `none` = it describes the rows at hand. */
export type IntervalMethod =
  | 'none'
  | 'wilson'
  | 't'
  | 'fisher-z'
  | 'order-statistics'
  | 'delong'
  | 'bca'
  | 'bootstrap-two-sample'
  | 'bootstrap-band'

/** One aggregate, metric or distance of relation scope. */
export interface Aggregate {
  readonly args: readonly ArgumentKind[]
  /** The last argument kind may repeat (`duplicates(c, …)`). */
  readonly variadic?: true
  /** What an `expr` argument must be. `number` accepts int and double; `ordered` also timestamps and texts. */
  readonly expects?: 'number' | 'bool' | 'ordered' | 'any'
  readonly result: 'int' | 'double' | 'as-argument'
  /** Needs a model relation: its label, and its decision, its score, or (a regression's) amount. */
  readonly needs?: 'decision' | 'score' | 'amount' | 'timing'
  /** `rows` = always describes the rows; `rows-or-population` = population once `confidence` or `sample` is given, or on a model relation for `share`; `population` = always an estimate. */
  readonly speaksOf: 'rows' | 'rows-or-population' | 'population'
  readonly interval: IntervalMethod
  /** Closed range of possible results, for the check of thresholds. */
  readonly range?: readonly [number, number]
  /** Which sign of change is better, where the field agrees on one. */
  readonly better?: 'higher' | 'lower'
  readonly version: number
  readonly doc: string
}

const rows = (
  args: readonly ArgumentKind[],
  result: Aggregate['result'],
  doc: string,
  more: Partial<Aggregate> = {},
): Aggregate => ({
  args,
  result,
  speaksOf: 'rows',
  interval: 'none',
  version: 1,
  doc,
  ...more,
})
const either = (
  args: readonly ArgumentKind[],
  expects: Aggregate['expects'] & string,
  interval: IntervalMethod,
  doc: string,
  more: Partial<Aggregate> = {},
): Aggregate => ({
  args,
  expects,
  result: 'double',
  speaksOf: 'rows-or-population',
  interval,
  version: 1,
  doc,
  ...more,
})
const metric = (
  needs: 'decision' | 'score' | 'amount',
  interval: IntervalMethod,
  better: 'higher' | 'lower' | undefined,
  range: readonly [number, number] | undefined,
  doc: string,
): Aggregate => ({
  args: [],
  result: 'double',
  needs,
  speaksOf: 'population',
  interval,
  version: 1,
  doc,
  ...(better === undefined ? {} : { better }),
  ...(range === undefined ? {} : { range }),
})
const distance = (
  range: readonly [number, number] | undefined,
  doc: string,
  interval: 'bootstrap-two-sample' | 'bootstrap-band' = 'bootstrap-two-sample',
): Aggregate => ({
  args: ['column', 'relation'],
  result: 'double',
  speaksOf: 'population',
  interval,
  better: 'lower',
  version: 1,
  doc,
  ...(range === undefined ? {} : { range }),
})

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
  psi: distance(
    [0, Infinity],
    'Population stability index, natural log, over 10 quantile bins of the reference (categories: the declared values), a bin for missing, 0.5 added to each bin.',
  ),
  ks: distance([0, 1], 'Two-sample Kolmogorov–Smirnov statistic, exact, over non-missing values.', 'bootstrap-band'),
  js: distance([0, 1], 'Jensen–Shannon divergence, base 2, over the bins of psi.'),
  kl: distance(
    [0, Infinity],
    'Kullback–Leibler divergence of these rows from the reference, natural log, over the bins of psi.',
  ),
  hellinger: distance([0, 1], 'Hellinger distance over the bins of psi.'),
  total_variation: distance(
    [0, 1],
    'Share of the rows that would have to move to another bin of psi to be like the reference; not smoothed.',
    'bootstrap-band',
  ),
  linf: distance(
    [0, 1],
    'Greatest difference of the shares of one bin of psi (of a category: of one value); not smoothed.',
    'bootstrap-band',
  ),
  wasserstein: distance(
    [0, Infinity],
    'Wasserstein distance (earth mover’s, order 1) over non-missing values, in standard deviations of the reference.',
    'bootstrap-band',
  ),
  accuracy: metric('decision', 'wilson', 'higher', [0, 1], 'Share of rows whose decision equals the label.'),
  precision: metric('decision', 'wilson', 'higher', [0, 1], 'Share of positive decisions whose label is positive.'),
  recall: metric('decision', 'wilson', 'higher', [0, 1], 'Share of positive labels that the decision finds.'),
  specificity: metric(
    'decision',
    'wilson',
    'higher',
    [0, 1],
    'Share of negative labels that the decision leaves negative.',
  ),
  negative_predictive_value: metric(
    'decision',
    'wilson',
    'higher',
    [0, 1],
    'Share of negative decisions whose label is negative.',
  ),
  balanced_accuracy: metric('decision', 'bca', 'higher', [0, 1], 'Mean of recall and specificity.'),
  mcc: metric('decision', 'bca', 'higher', [-1, 1], 'Matthews correlation of label and decision.'),
  kappa: metric('decision', 'bca', 'higher', [-1, 1], 'Cohen’s kappa: agreement of label and decision beyond chance.'),
  f1: metric('decision', 'bca', 'higher', [0, 1], 'Harmonic mean of precision and recall of the positive class.'),
  positive_rate: metric('decision', 'wilson', undefined, [0, 1], 'Share of positive decisions.'),
  roc_auc: metric('score', 'delong', 'higher', [0, 1], 'Area under the ROC curve; ties count half.'),
  average_precision: metric('score', 'bca', 'higher', [0, 1], 'Step-wise average precision, as scikit-learn.'),
  brier: metric('score', 'bca', 'lower', [0, 1], 'Mean squared difference of score and label.'),
  log_loss: metric(
    'score',
    'bca',
    'lower',
    [0, Infinity],
    'Mean negative log-likelihood, natural log, scores clipped at 1e-15.',
  ),
  calibration_error: metric('score', 'bca', 'lower', [0, 1], 'Expected calibration error over 10 bins of equal mass.'),
  mae: metric('amount', 'bca', 'lower', [0, Infinity], 'Mean absolute error, in the label’s unit.'),
  mse: metric('amount', 'bca', 'lower', [0, Infinity], 'Mean squared error, in the label’s unit squared.'),
  rmse: metric('amount', 'bca', 'lower', [0, Infinity], 'Root of the mean squared error, in the label’s unit.'),
  mape: metric(
    'amount',
    'bca',
    'lower',
    [0, Infinity],
    'Mean absolute error relative to the label, as a share; undefined where a label is 0.',
  ),
  mean_error: metric(
    'amount',
    'bca',
    undefined,
    undefined,
    'Mean of prediction minus label: the bias of a regression.',
  ),
  median_absolute_error: metric(
    'amount',
    'order-statistics',
    'lower',
    [0, Infinity],
    'Median of the absolute error, in the label’s unit.',
  ),
  r2: metric('amount', 'bca', 'higher', [-Infinity, 1], 'Coefficient of determination: the variance explained.'),
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
