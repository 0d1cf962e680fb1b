import { type Aggregate, metric } from '../aggregate.ts'

/** Metrics of a score, and of the probability of one class. */
export const scoreMetrics = {
  roc_auc: metric('score', 'delong', 'higher', [0, 1], 'Area under the ROC curve; ties count half.', {
    ofClasses: 'one',
  }),
  average_precision: metric('score', 'bca', 'higher', [0, 1], 'Step-wise average precision, as scikit-learn.', {
    ofClasses: 'one',
  }),
  brier: metric('score', 'bca', 'lower', [0, 1], 'Mean squared difference of score and label.', { ofClasses: 'one' }),
  log_loss: metric(
    'score',
    'bca',
    'lower',
    [0, Infinity],
    'Mean negative log-likelihood, natural log, scores clipped at 1e-15.',
    { ofClasses: 'all' },
  ),
  calibration_error: metric('score', 'bca', 'lower', [0, 1], 'Expected calibration error over 10 bins of equal mass.', {
    ofClasses: 'one',
  }),
} as const satisfies Record<string, Aggregate>
