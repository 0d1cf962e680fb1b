import { aggregates } from '@plumbline/core'
import type { Cursor } from './cursor.ts'

/** Words of the field for a metric, beside the name the language has for it. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  roc_auc: ['roc auc', 'auc', 'auroc', 'auc roc', 'roc-auc', 'area under the roc curve', 'area under the curve'],
  average_precision: ['average precision', 'pr auc', 'auprc', 'pr-auc', 'area under the precision-recall curve'],
  accuracy: ['accuracy', 'share of correct decisions', 'share of correct predictions'],
  balanced_accuracy: ['balanced accuracy'],
  precision: ['precision', 'positive predictive value', 'ppv'],
  recall: ['recall', 'sensitivity', 'true positive rate', 'tpr', 'hit rate', 'detection rate'],
  specificity: ['specificity', 'true negative rate', 'tnr', 'selectivity'],
  negative_predictive_value: ['negative predictive value', 'npv'],
  false_positive_rate: ['false positive rate', 'fpr', 'fall-out', 'false alarm rate'],
  false_negative_rate: ['false negative rate', 'fnr', 'miss rate'],
  false_discovery_rate: ['false discovery rate', 'fdr'],
  calibration_bias: ['calibration bias', 'calibration-in-the-large'],
  gini: ['gini', 'gini coefficient', 'accuracy ratio'],
  f1: ['f1', 'f1 score', 'f1-score', 'f score', 'f-score'],
  mcc: ['mcc', 'matthews correlation', 'matthews correlation coefficient'],
  kappa: ['kappa', "cohen's kappa", 'cohen’s kappa', 'cohen kappa'],
  positive_rate: [
    'positive rate',
    'selection rate',
    'acceptance rate',
    'rate of positive decisions',
    'share of positive decisions',
  ],
  brier: ['brier', 'brier score'],
  log_loss: ['log loss', 'logloss', 'log-loss', 'cross entropy', 'cross-entropy'],
  calibration_error: ['calibration error', 'ece', 'expected calibration error'],
  mae: ['mae', 'mean absolute error', 'average absolute error'],
  mse: ['mse', 'mean squared error', 'average squared error'],
  rmse: ['rmse', 'root mean squared error', 'root mean square error'],
  mape: ['mape', 'mean absolute percentage error', 'average relative error'],
  mean_error: ['mean error', 'bias of the predictions', 'average error'],
  median_absolute_error: ['median absolute error'],
  r2: ['r2', 'r²', 'r squared', 'r-squared', 'coefficient of determination', 'share of variance explained'],
}

const ROWS = aggregates as Readonly<
  Record<
    string,
    {
      readonly needs?: string
      readonly better?: 'higher' | 'lower'
      readonly args: readonly string[]
      readonly speaksOf: string
    }
  >
>

/** Every way to name a metric, in lower case. */
export function metricWords(): ReadonlyMap<string, string> {
  const words = new Map<string, string>()
  for (const [name, row] of Object.entries(ROWS)) {
    if (row.needs === undefined || row.needs === 'timing' || row.args.length > 0) continue
    for (const word of [name, name.replaceAll('_', ' '), ...(SYNONYMS[name] ?? [])]) words.set(word, name)
  }
  return words
}

/** A metric by its name or a word of the field. */
export function metricIn(cursor: Cursor): string | undefined {
  const words = metricWords()
  return words.get(cursor.take(...words.keys()) ?? '')
}

/** Of which change the field says that it is better. */
export const betterOf = (metric: string): 'higher' | 'lower' | undefined => ROWS[metric]?.better

const DISTANCES: Readonly<Record<string, readonly string[]>> = {
  psi: ['psi', 'population stability index', 'drift', 'distribution drift', 'shift', 'population shift'],
  ks: ['ks', 'ks distance', 'ks statistic', 'kolmogorov-smirnov distance', 'kolmogorov-smirnov statistic'],
  js: ['js', 'jensen-shannon divergence', 'jensen-shannon distance', 'js divergence'],
  kl: ['kl', 'kl divergence', 'kullback-leibler divergence'],
  hellinger: ['hellinger', 'hellinger distance'],
  total_variation: ['total variation', 'total variation distance'],
  linf: ['linf', 'l-infinity distance'],
  wasserstein: ['wasserstein', 'wasserstein distance', "earth mover's distance", 'earth mover’s distance'],
}

/** A distance between two samples of a column. */
export function distanceIn(cursor: Cursor): string | undefined {
  const words = new Map<string, string>()
  for (const [name, own] of Object.entries(DISTANCES))
    if (ROWS[name] !== undefined) for (const word of own) words.set(word, name)
  return words.get(cursor.take(...words.keys()) ?? '')
}
