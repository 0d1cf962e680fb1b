import { type Aggregate, metric } from '../aggregate.ts'

/** Metrics of a number that estimates the label. */
export const regressionMetrics = {
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
} as const satisfies Record<string, Aggregate>
