import { type Aggregate, metric } from '../aggregate.ts'

/** Metrics of a decision, and of one class among several. */
export const decisionMetrics = {
  accuracy: metric('decision', 'wilson', 'higher', [0, 1], 'Share of rows whose decision equals the label.', {
    ofClasses: 'all',
  }),
  precision: metric('decision', 'wilson', 'higher', [0, 1], 'Share of positive decisions whose label is positive.', {
    ofClasses: 'one',
  }),
  recall: metric('decision', 'wilson', 'higher', [0, 1], 'Share of positive labels that the decision finds.', {
    ofClasses: 'one',
  }),
  specificity: metric(
    'decision',
    'wilson',
    'higher',
    [0, 1],
    'Share of negative labels that the decision leaves negative.',
    { ofClasses: 'one' },
  ),
  negative_predictive_value: metric(
    'decision',
    'wilson',
    'higher',
    [0, 1],
    'Share of negative decisions whose label is negative.',
    { ofClasses: 'one' },
  ),
  false_positive_rate: metric('decision', 'wilson', 'lower', [0, 1], 'Share of negative labels decided positive.', {
    ofClasses: 'one',
  }),
  false_negative_rate: metric('decision', 'wilson', 'lower', [0, 1], 'Share of positive labels decided negative.', {
    ofClasses: 'one',
  }),
  false_discovery_rate: metric('decision', 'wilson', 'lower', [0, 1], 'Share of positive decisions that are wrong.', {
    ofClasses: 'one',
  }),
  false_omission_rate: metric('decision', 'wilson', 'lower', [0, 1], 'Share of negative decisions that are wrong.', {
    ofClasses: 'one',
  }),
  jaccard: metric(
    'decision',
    'wilson',
    'higher',
    [0, 1],
    'Intersection over union of positive labels and positive decisions (IoU of a segmentation, where rows are pixels; `cluster:` the image).',
    { ofClasses: 'one' },
  ),
  expected_cost: metric(
    'decision',
    'bca',
    'lower',
    [0, Infinity],
    'Mean cost of a row, from the cost of a wrong positive decision (the first) and of a wrong negative one.',
    { args: ['value', 'value'] },
  ),
  balanced_accuracy: metric('decision', 'bca', 'higher', [0, 1], 'Mean of recall and specificity.', {
    ofClasses: 'all',
  }),
  mcc: metric('decision', 'bca', 'higher', [-1, 1], 'Matthews correlation of label and decision.', {
    ofClasses: 'all',
  }),
  kappa: metric('decision', 'bca', 'higher', [-1, 1], 'Cohen’s kappa: agreement of label and decision beyond chance.', {
    ofClasses: 'all',
  }),
  f1: metric('decision', 'bca', 'higher', [0, 1], 'Harmonic mean of precision and recall of the positive class.', {
    ofClasses: 'one',
  }),
  f_beta: metric(
    'decision',
    'bca',
    'higher',
    [0, 1],
    'Weighted harmonic mean of precision and recall of the positive class; recall counts beta² times as much as precision.',
    { args: ['value'], ofClasses: 'one' },
  ),
  positive_rate: metric('decision', 'wilson', undefined, [0, 1], 'Share of positive decisions.', { ofClasses: 'one' }),
} as const satisfies Record<string, Aggregate>
