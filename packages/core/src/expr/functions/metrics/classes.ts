import { type Aggregate, type MetricNeeds, metric } from '../aggregate.ts'

const whole = { ofClasses: 'all' } as const
const averaged = (doc: string, interval: 'bca' | 'wilson' = 'bca', needs: MetricNeeds = 'answer'): Aggregate =>
  metric(needs, interval, 'higher', [0, 1], doc, whole)

/** Metrics of a model of several classes. */
export const classMetrics = {
  precision_macro: averaged('Mean of the precision of every declared class; a class never answered counts 0.'),
  recall_macro: averaged('Mean of the recall of every declared class: balanced accuracy.'),
  f1_macro: averaged('Mean of the F1 of every declared class.'),
  jaccard_macro: averaged(
    'Mean over the declared classes of intersection over union: mean IoU of a segmentation, where rows are pixels.',
  ),
  precision_weighted: averaged('Precision of each class, weighted by its rows; a class never answered counts 0.'),
  recall_weighted: averaged('Recall of each class, weighted by its rows.'),
  f1_weighted: averaged('F1 of each class, weighted by its rows.'),
  precision_micro: averaged('Share of right answers among those that name a declared class.', 'wilson'),
  recall_micro: averaged('Share of right answers among the rows of a declared class.', 'wilson'),
  f1_micro: averaged('Harmonic mean of precision_micro and recall_micro.'),
  confusion: metric(
    'answer',
    'wilson',
    undefined,
    [0, 1],
    'Share of the rows of one class (the first) that are answered with another (the second).',
    { args: ['class', 'class'], ...whole },
  ),
  top_k_accuracy: metric(
    'probabilities',
    'wilson',
    'higher',
    [0, 1],
    'Share of rows whose class is among the k most probable; of equal ones the later declared comes first, as scikit-learn.',
    { args: ['value'], ...whole },
  ),
  brier_multiclass: metric(
    'probabilities',
    'bootstrap-t',
    'lower',
    [0, 2],
    'Mean over rows of the squared differences of each class’s probability from what came true, summed over the classes.',
    whole,
  ),
  roc_auc_ovr: averaged(
    'Mean of the areas under the ROC curve of each class against the rest.',
    'bca',
    'probabilities',
  ),
  roc_auc_ovr_weighted: averaged(
    'Areas under the ROC curve of each class against the rest, weighted by the rows of the class.',
    'bca',
    'probabilities',
  ),
} as const satisfies Record<string, Aggregate>
