import { type Aggregate, metric } from '../aggregate.ts'

const PAIRS = 'Columns in pairs: a label, and the answer for it (both true or false).'
const ofSets = (interval: 'bca' | 'wilson', better: 'higher' | 'lower', doc: string): Aggregate =>
  metric('columns', interval, better, [0, 1], `${doc} ${PAIRS}`, { args: ['column', 'column'], variadic: true })

/** Metrics of several labels per row. */
export const labelMetrics = {
  multilabel_f1_micro: ofSets('bca', 'higher', 'F1 of all pairs of row and label, pooled.'),
  multilabel_f1_macro: ofSets('bca', 'higher', 'Mean of the F1 of every label.'),
  multilabel_f1_samples: ofSets(
    'bca',
    'higher',
    'Mean of the F1 of every row; a row without label and answer counts 0, as scikit-learn.',
  ),
  hamming_loss: ofSets('bca', 'lower', 'Share of wrong labels of a row, averaged.'),
  subset_accuracy: ofSets('wilson', 'higher', 'Share of rows with all labels right.'),
} as const satisfies Record<string, Aggregate>
