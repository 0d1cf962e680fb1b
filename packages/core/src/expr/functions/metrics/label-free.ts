import { type Aggregate, metric } from '../aggregate.ts'

const BASIS =
  'Expected without labels, from labelled rows of the same model (the relation) at equal decisions and scores; withdrawn where what that rests on does not hold.'
const expected = (doc: string): Aggregate =>
  metric('reference', 'bca', 'higher', [0, 1], `${doc} ${BASIS}`, { args: ['relation'] })
const ofClasses = (doc: string): Aggregate => expected(`Of a model of several classes: ${doc}`)
const ofAmounts = (doc: string): Aggregate =>
  metric('reference', 'bca', 'lower', [0, Number.POSITIVE_INFINITY], `Of a regression: ${doc} ${BASIS}`, {
    args: ['relation'],
  })

/** Metrics of rows whose labels have not arrived. */
export const labelFreeMetrics = {
  estimated_accuracy: expected('Share of rows whose decision (or class answered) equals the label.'),
  estimated_precision: expected('Share of positive decisions whose label is positive.'),
  estimated_recall: expected('Share of positive labels that the decision finds.'),
  estimated_specificity: expected('Share of negative labels that the decision leaves negative.'),
  estimated_f1: expected('Harmonic mean of precision and recall.'),
  estimated_precision_macro: ofClasses('mean of the precision of every declared class.'),
  estimated_recall_macro: ofClasses('mean of the recall of every declared class.'),
  estimated_f1_macro: ofClasses('mean of the F1 of every declared class.'),
  estimated_mae: ofAmounts('mean absolute error.'),
  estimated_rmse: ofAmounts('root of the mean squared error.'),
  estimated_roc_auc: expected('Area under the ROC curve; rows of one range of scores count as equal.'),
} as const satisfies Record<string, Aggregate>
