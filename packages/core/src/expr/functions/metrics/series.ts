import { type Aggregate, metric } from '../aggregate.ts'

/** Metrics of rows in the order of a column: forecasts and alarms. */
export const seriesMetrics = {
  mase: metric(
    'series',
    'bca',
    'lower',
    [0, Infinity],
    'Mean absolute scaled error: mean absolute error divided by that of the forecast by the label so many rows earlier (the second argument: 1, or a season), in the order of the column; the divisor is taken as given.',
    { args: ['column', 'value'] },
  ),
  interval_coverage: metric(
    'columns',
    'wilson',
    undefined,
    [0, 1],
    'Share of rows whose label lies between two columns (low, high), ends included: coverage of a prediction interval.',
    { args: ['column', 'column'] },
  ),
  range_recall: metric(
    'ranges',
    'wilson',
    'higher',
    [0, 1],
    'Share of anomalies (runs of positive labels in the order of the column) in which some row is decided positive.',
    { args: ['column'] },
  ),
  range_precision: metric(
    'ranges',
    'wilson',
    'higher',
    [0, 1],
    'Share of alarms (runs of positive decisions in the order of the column) in which some label is positive.',
    { args: ['column'] },
  ),
} as const satisfies Record<string, Aggregate>
