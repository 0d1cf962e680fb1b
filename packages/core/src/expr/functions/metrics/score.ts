import { type Aggregate, metric } from '../aggregate.ts'

/** Metrics of a score, and of the probability of one class. */
export const scoreMetrics = {
  roc_auc: metric('score', 'delong', 'higher', [0, 1], 'Area under the ROC curve; ties count half.', {
    ofClasses: 'one',
  }),
  average_precision: metric('score', 'bca', 'higher', [0, 1], 'Step-wise average precision, as scikit-learn.', {
    ofClasses: 'one',
  }),
  brier: metric('score', 'bootstrap-t', 'lower', [0, 1], 'Mean squared difference of score and label.', {
    ofClasses: 'one',
  }),
  log_loss: metric(
    'score',
    'bootstrap-t',
    'lower',
    [0, Infinity],
    'Mean negative log-likelihood, natural log, scores clipped at 1e-15.',
    { ofClasses: 'all' },
  ),
  calibration_error: metric(
    'score',
    'folded-normal',
    'lower',
    [0, 1],
    'Expected calibration error over 10 bins of equal mass.',
    {
      ofClasses: 'one',
    },
  ),
  calibration_bias: metric(
    'score',
    'bca',
    undefined,
    [-1, 1],
    'Mean score minus share of positive labels: calibration in the large; above 0 where scores are too high.',
    { ofClasses: 'one' },
  ),
  gini: metric(
    'score',
    'delong',
    'higher',
    [-1, 1],
    'Gini coefficient (accuracy ratio): 2 · area under the ROC curve − 1.',
    {
      ofClasses: 'one',
    },
  ),
  gain: metric(
    'score',
    'bca',
    'higher',
    [0, 1],
    'Share of the positive labels among the top share of rows by score; rows of equal score count in part.',
    { args: ['value'], ofClasses: 'one' },
  ),
  lift: metric(
    'score',
    'bca',
    'higher',
    [0, Infinity],
    'Share of positive labels among the top share of rows by score, divided by that among all rows.',
    { args: ['value'], ofClasses: 'one' },
  ),
  top_precision: metric(
    'score',
    'bca',
    'higher',
    [0, 1],
    'Share of positive labels among the top share of rows by score: precision of an alarm for so many rows.',
    { args: ['value'], ofClasses: 'one' },
  ),
} as const satisfies Record<string, Aggregate>
