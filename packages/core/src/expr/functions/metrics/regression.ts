import { type Aggregate, metric } from '../aggregate.ts'

/** Metrics of a number that estimates the label. */
export const regressionMetrics = {
  mae: metric('amount', 'bootstrap-t', 'lower', [0, Infinity], 'Mean absolute error, in the label’s unit.'),
  mse: metric('amount', 'bootstrap-t', 'lower', [0, Infinity], 'Mean squared error, in the label’s unit squared.'),
  rmse: metric('amount', 'bootstrap-t', 'lower', [0, Infinity], 'Root of the mean squared error, in the label’s unit.'),
  mape: metric(
    'amount',
    'bootstrap-t',
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
  r2: metric(
    'amount',
    'bootstrap-t',
    'higher',
    [-Infinity, 1],
    'Coefficient of determination: the variance explained.',
  ),
  pinball: metric(
    'amount',
    'bootstrap-t',
    'lower',
    [0, Infinity],
    'Mean quantile (pinball) loss of a prediction of the label’s quantile q in [0, 1].',
    { args: ['value'] },
  ),
  rmsle: metric(
    'amount',
    'bootstrap-t',
    'lower',
    [0, Infinity],
    'Root of the mean squared difference of ln(1 + x); undefined where a label or prediction is −1 or less.',
  ),
  smape: metric(
    'amount',
    'bootstrap-t',
    'lower',
    [0, 2],
    'Mean of 2 |prediction − label| / (|prediction| + |label|), 0 where both are 0.',
  ),
  wape: metric(
    'amount',
    'bootstrap-t',
    'lower',
    [0, Infinity],
    'Sum of the absolute errors divided by that of the absolute labels.',
  ),
  explained_variance: metric(
    'amount',
    'bootstrap-t',
    'higher',
    [-Infinity, 1],
    'Share of the label’s variance that is not variance of the error; a constant bias costs nothing.',
  ),
} as const satisfies Record<string, Aggregate>
