import type { AggregateName } from '../expr/functions/aggregates.ts'

/** How it is known beforehand what rows can show of a number. */
export type Way =
  /** A share of rows that are known (`of`), or that the decision chooses. */
  | { readonly kind: 'share'; readonly of: 'rows' | 'positives' | 'negatives' | 'chosen' | 'union' | 'runs' }
  /** A ROC area, or twice it less one; the mean of those of each class. */
  | { readonly kind: 'area' }
  | { readonly kind: 'mean-area'; readonly average: 'macro' | 'weighted' }
  /** A number of the counts of a decision. */
  | { readonly kind: 'decision' }
  /** A metric of a regression whose interval follows from errors of a normal distribution. */
  | { readonly kind: 'loss' }
  /** A mean over rows of numbers between ends that are known, or of any; `of`: what the numbers are. */
  | { readonly kind: 'bounded-mean'; readonly range?: readonly [number, number]; readonly isShare?: true }
  | { readonly kind: 'mean-loss'; readonly of: string }
  /** A mean over groups of rows, of numbers between 0 and 1. */
  | { readonly kind: 'group-mean' }
  /** Of numbers in the data. */
  | { readonly kind: 'mean' | 'sum' | 'quantile' | 'correlation' }
  | { readonly kind: 'scale'; readonly of: 'stddev' | 'variance' }
  /** A number whose standard error follows from its value. */
  | { readonly kind: 'known-error' }
  | { readonly kind: 'calibration' }
  /** Nothing: why. */
  | { readonly kind: 'none'; readonly why: string }

const [rows, chosen] = [
  { kind: 'share', of: 'rows' },
  { kind: 'share', of: 'chosen' },
] as const
const [decision, loss, known, unit] = [
  { kind: 'decision' },
  { kind: 'loss' },
  { kind: 'known-error' },
  { kind: 'bounded-mean' },
] as const
const ofGroups = { kind: 'group-mean' } as const
const without = (why: string): Way => ({ kind: 'none', why })
const distance = without(
  'how a distance varies where there is drift depends on the drift; without any, an `always` clause is told its false alarms',
)
const unlabelled = without(
  'it varies with the labelled rows it is expected from, and with how well they stand for these',
)
const described = without('it has no interval: it is the least or greatest of the rows at hand')

/** How each number that estimates a population is known beforehand; a test asks every one of the function table for its way. */
export const WAYS: Readonly<Partial<Record<AggregateName, Way>>> = {
  share: rows,
  accuracy: rows,
  positive_rate: rows,
  top_k_accuracy: rows,
  exact_match: rows,
  subset_accuracy: rows,
  interval_coverage: rows,
  recall_micro: rows,
  recall: { kind: 'share', of: 'positives' },
  false_negative_rate: { kind: 'share', of: 'positives' },
  confusion: { kind: 'share', of: 'positives' },
  specificity: { kind: 'share', of: 'negatives' },
  false_positive_rate: { kind: 'share', of: 'negatives' },
  precision: chosen,
  negative_predictive_value: chosen,
  false_discovery_rate: chosen,
  false_omission_rate: chosen,
  precision_micro: rows,
  jaccard: { kind: 'share', of: 'union' },
  range_recall: { kind: 'share', of: 'runs' },
  range_precision: { kind: 'share', of: 'runs' },
  roc_auc: { kind: 'area' },
  gini: { kind: 'area' },
  roc_auc_ovr: { kind: 'mean-area', average: 'macro' },
  roc_auc_ovr_weighted: { kind: 'mean-area', average: 'weighted' },
  f1: decision,
  f_beta: decision,
  balanced_accuracy: decision,
  mcc: decision,
  kappa: decision,
  precision_macro: decision,
  recall_macro: decision,
  f1_macro: decision,
  jaccard_macro: decision,
  precision_weighted: decision,
  f1_weighted: decision,
  recall_weighted: { kind: 'bounded-mean', isShare: true },
  f1_micro: unit,
  mae: loss,
  mse: loss,
  rmse: loss,
  mape: loss,
  smape: loss,
  rmsle: loss,
  pinball: loss,
  mase: loss,
  median_absolute_error: loss,
  r2: loss,
  surrogate_r2: loss,
  explained_variance: loss,
  wape: { kind: 'mean-loss', of: 'what the error of a row exceeds its label times the bound by' },
  mean_error: { kind: 'mean-loss', of: 'the errors of the rows' },
  log_loss: { kind: 'mean-loss', of: 'the losses of the rows' },
  tweedie_deviance: { kind: 'mean-loss', of: 'the deviances of the rows' },
  brier: unit,
  brier_multiclass: { kind: 'bounded-mean', range: [0, 2] },
  expected_cost: unit,
  hamming_loss: unit,
  token_f1: unit,
  rouge_1: unit,
  rouge_2: unit,
  rouge_l: unit,
  multilabel_f1_samples: unit,
  attribution_top_overlap: unit,
  attribution_stability: { kind: 'bounded-mean', range: [-1, 1] },
  multilabel_f1_micro: known,
  multilabel_f1_macro: known,
  ndcg: ofGroups,
  map: ofGroups,
  mrr: ofGroups,
  precision_at: ofGroups,
  recall_at: ofGroups,
  hit_rate_at: ofGroups,
  average_precision: known,
  top_precision: known,
  gain: known,
  lift: known,
  calibration_bias: known,
  calibration_error: { kind: 'calibration' },
  detection_map: known,
  detection_map_at: known,
  mean: { kind: 'mean' },
  sum: { kind: 'sum' },
  median: { kind: 'quantile' },
  quantile: { kind: 'quantile' },
  correlation: { kind: 'correlation' },
  stddev: { kind: 'scale', of: 'stddev' },
  variance: { kind: 'scale', of: 'variance' },
  min: described,
  max: described,
  attribution_share: without('rows count by the size of their attributions, which is not known'),
  latency_ms: without('how many answers are timed is decided when the candidate is staged'),
  d2_absolute_error: without('how the absolute errors go with those of the median is not known'),
  psi: distance,
  ks: distance,
  js: distance,
  kl: distance,
  hellinger: distance,
  total_variation: distance,
  linf: distance,
  wasserstein: distance,
  energy: distance,
  mmd: distance,
  cramers_v: distance,
  shift_auc: distance,
  classifier_auc: distance,
  correlation_change: distance,
  estimated_accuracy: unlabelled,
  estimated_precision: unlabelled,
  estimated_recall: unlabelled,
  estimated_specificity: unlabelled,
  estimated_f1: unlabelled,
  estimated_precision_macro: unlabelled,
  estimated_recall_macro: unlabelled,
  estimated_f1_macro: unlabelled,
  estimated_mae: unlabelled,
  estimated_rmse: unlabelled,
  estimated_roc_auc: unlabelled,
}

/** The way of a number; of one that no table names, the reason that nothing is known of it. */
export const wayOf = (fn: AggregateName): Way => WAYS[fn] ?? without('it describes the rows at hand')
