import { type Aggregate, distance } from './aggregate.ts'

/** How far the rows of a column are from those of another relation. */
export const distances = {
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
  energy: distance(
    [0, Infinity],
    'Energy distance √(2 ∫ (F − G)²) over non-missing values, in standard deviations of the reference.',
    'bootstrap-band',
  ),
  mmd: distance(
    [0, Math.SQRT2],
    'Maximum mean discrepancy over non-missing values; Gaussian kernel as wide as a standard deviation of the reference.',
    'bootstrap-band',
  ),
  cramers_v: distance([0, 1], 'Cramér’s V of value and relation over the bins of psi; not smoothed.'),
  shift_auc: distance(
    [0, 1],
    'Area under the ROC curve of telling these rows from the reference by this column: 0.5 without a shift, above where values are greater.',
    'delong',
    'neither',
  ),
  correlation_change: {
    ...distance(
      [-2, 2],
      'Pearson correlation of two columns here less that in the reference, each over rows where both are present; true is 1 and false 0.',
      'fisher-z',
      'neither',
    ),
    args: ['column', 'column', 'relation'],
  },
  classifier_auc: {
    ...distance(
      [0, 1],
      'Area under the ROC curve of a classifier (60 boosted trees of depth 3) that learned on up to half of the rows, 10 000 of each relation, to tell these rows from the reference by all the columns together, and is judged on the others: 0.5 without drift. Of a text its words count, of a list each of its first 512 elements.',
      'delong',
    ),
    args: ['relation', 'column'],
    variadic: true,
  },
} as const satisfies Record<string, Aggregate>
