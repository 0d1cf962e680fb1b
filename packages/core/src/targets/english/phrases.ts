/** How a function is said: words, and numbers for the places of its arguments (0 is the operand of a method). */
export interface Phrase {
  readonly name: string
  readonly method?: true
  /** What stands before the dot, where that is no operand: `math`. */
  readonly namespace?: string
  readonly parts: readonly (string | number)[]
}

const call = (name: string, ...parts: readonly (string | number)[]): Phrase => ({ name, parts })
const method = (name: string, ...parts: readonly (string | number)[]): Phrase => ({ name, method: true, parts })
const math = (name: string, ...parts: readonly (string | number)[]): Phrase => ({ name, namespace: 'math', parts })

/** Metrics of a model, which may be asked of another model, too. */
const METRICS: Readonly<Record<string, string>> = {
  accuracy: 'the accuracy',
  precision: 'the precision',
  recall: 'the recall',
  specificity: 'the specificity',
  f1: 'the F score',
  positive_rate: 'the rate of positive decisions',
  roc_auc: 'the area under the ROC curve',
  average_precision: 'the average precision',
  brier: 'the Brier score',
  log_loss: 'the log loss',
  calibration_error: 'the calibration error',
  negative_predictive_value: 'the negative predictive value',
  balanced_accuracy: 'the balanced accuracy',
  mcc: 'the Matthews correlation',
  kappa: 'Cohen kappa',
  precision_macro: 'the macro precision',
  recall_macro: 'the macro recall',
  f1_macro: 'the macro F score',
  precision_weighted: 'the weighted precision',
  recall_weighted: 'the weighted recall',
  f1_weighted: 'the weighted F score',
  precision_micro: 'the micro precision',
  recall_micro: 'the micro recall',
  f1_micro: 'the micro F score',
  roc_auc_ovr: 'the mean area under the ROC curves',
  roc_auc_ovr_weighted: 'the weighted area under the ROC curves',
  false_positive_rate: 'the false positive rate',
  false_negative_rate: 'the false negative rate',
  false_discovery_rate: 'the false discovery rate',
  calibration_bias: 'the calibration bias',
  gini: 'the Gini coefficient',
  rmsle: 'the root of the average squared logarithmic error',
  smape: 'the average symmetric error',
  wape: 'the weighted relative error',
  explained_variance: 'the explained variance',
  d2_absolute_error: 'the explained absolute error',
  brier_multiclass: 'the Brier score of all classes',
  false_omission_rate: 'the false omission rate',
  mae: 'the average absolute error',
  mse: 'the average squared error',
  rmse: 'the root of the average squared error',
  mape: 'the average relative error',
  mean_error: 'the average error',
  median_absolute_error: 'the middle absolute error',
  r2: 'the share of variance explained',
  jaccard: 'the Jaccard index',
  jaccard_macro: 'the macro Jaccard index',
  exact_match: 'the exact match',
  token_f1: 'the F score of words',
  rouge_1: 'the ROUGE of words',
  rouge_2: 'the ROUGE of pairs',
  rouge_l: 'the ROUGE of sequences',
  mase: 'the scaled error',
  interval_coverage: 'the coverage',
  model_bytes: 'the size of the file in bytes',
  order_dependent: 'the number of rows answered otherwise in another order',
  range_recall: 'the recall of ranges',
  range_precision: 'the precision of ranges',
}

/** Metrics asked with numbers or columns, which may be followed by another model. */
const ASKED_WITH: readonly (readonly [name: string, ...parts: readonly (string | number)[]])[] = [
  ['lift', 'the lift at the top share', 0],
  ['gain', 'the share of positives found at the top share', 0],
  ['top_precision', 'the precision at the top share', 0],
  ['pinball', 'the quantile loss at', 0],
  ['expected_cost', 'the expected cost by false positive', 0, 'and false negative', 1],
  ['ndcg', 'the normalised discounted gain of each', 0, 'at', 1],
  ['f_beta', 'the F score that weighs recall by', 0],
  ['tweedie_deviance', 'the Tweedie deviance of the power', 0],
  ['hit_rate_at', 'the hit rate of each', 0, 'at', 1],
  ['recall_at', 'the ranked recall of each', 0, 'at', 1],
  ['precision_at', 'the ranked precision of each', 0, 'at', 1],
  ['map', 'the mean average precision of each', 0],
  ['mrr', 'the mean reciprocal rank of each', 0],
]

const TESTS: readonly (readonly [name: string, words: string])[] = [
  ['chi2_p', 'chi square'],
  ['g_p', 'likelihood ratio'],
  ['fisher_p', 'Fisher'],
  ['z_p', 'shares'],
  ['ks_p', 'Kolmogorov Smirnov'],
  ['cramer_von_mises_p', 'Cramer von Mises'],
  ['anderson_darling_p', 'Anderson Darling'],
  ['epps_singleton_p', 'Epps Singleton'],
  ['mann_whitney_p', 'Mann Whitney'],
  ['t_p', 'Welch'],
  ['energy_p', 'energy'],
  ['mmd_p', 'mean discrepancy'],
]

const AGGREGATES: readonly Phrase[] = [
  call('count', 'the number of rows'),
  call('distinct', 'the number of distinct values of', 0),
  call('null_share', 'the share of missing cells of', 0),
  call('present', 'the number of cells given of', 0),
  call('mode_count', 'the count of the most common value of', 0),
  call('modes', 'the number of most common values of', 0),
  call('ascents', 'the number of ascents of', 0),
  call('descents', 'the number of descents of', 0),
  call('repeats', 'the number of repeats of', 0),
  call('above_stddevs', 'the number of cells above the mean of', 0, 'by standard deviations', 1),
  call('below_stddevs', 'the number of cells below the mean of', 0, 'by standard deviations', 1),
  call('quantile_nearest', 'the nearest quantile of', 0, 'at', 1),
  call('approx_distinct', 'the approximate number of distinct values of', 0),
  call('approx_quantile', 'the approximate quantile of', 0, 'at', 1),
  call('approx_quantile_by_rank', 'the value of about the rank of the quantile of', 0, 'at', 1),
  call('orphans', 'the number of cells of', 0, 'that are in', 1, 'no cell of', 2),
  call('not_after', 'the number of values of', 0, 'that are not after', 1),
  call('mutual_information', 'the mutual information of', 0, 'and', 1),
  call('count_of', 'the number of rows of', 0),
  call('column_count', 'the number of columns'),
  call('overlap', 'the number of values that', 0, 'and', 1, 'share in', 2),
  call('sum', 'the sum of', 0),
  call('min', 'the least of', 0),
  call('max', 'the greatest of', 0),
  call('mean', 'the mean of', 0),
  call('variance', 'the variance of', 0),
  call('stddev', 'the standard deviation of', 0),
  call('median', 'the median of', 0),
  call('quantile', 'the quantile of', 0, 'at', 1),
  call('share', 'the share of rows where', 0),
  call('correlation', 'the correlation of', 0, 'with', 1),
  call('variants', 'the number of other spellings in', 0),
  call('new_variants', 'the number of new spellings in', 0, 'against', 1),
  call('psi', 'the population stability index of', 0, 'against', 1),
  call('ks', 'the Kolmogorov Smirnov distance of', 0, 'from', 1),
  call('js', 'the Jensen Shannon divergence of', 0, 'from', 1),
  call('kl', 'the Kullback Leibler divergence of', 0, 'from', 1),
  call('hellinger', 'the Hellinger distance of', 0, 'from', 1),
  call('total_variation', 'the total variation of', 0, 'against', 1),
  call('linf', 'the greatest difference of shares of', 0, 'against', 1),
  call('wasserstein', 'the Wasserstein distance of', 0, 'from', 1),
  call('confusion', 'the share of', 0, 'taken for', 1),
  call('top_k_accuracy', 'the accuracy of the first', 0),
  call('energy', 'the energy distance of', 0, 'from', 1),
  call('mmd', 'the maximum mean discrepancy of', 0, 'from', 1),
  call('cramers_v', 'the Cramer V of', 0, 'against', 1),
  call('correlation_change', 'the change of the correlation of', 0, 'with', 1, 'from', 2),
  call('shift_auc', 'the area under the curve of a shift of', 0, 'from', 1),
  ...TESTS.map(([name, words]) => call(name, `the p value of the ${words} test of`, 0, 'against', 1)),
  call('latency_ms', 'the latency in milliseconds at', 0),
  ...ASKED_WITH.flatMap(([name, ...parts]) => {
    const more = parts.filter((part) => typeof part === 'number').length
    return [call(name, ...parts), call(name, ...parts, 'by model', more)]
  }),
  call('min_over', 'the least over', 0, 'of', 1),
  call('max_over', 'the greatest over', 0, 'of', 1),
  call('all_over', 'for all of', 0, 'it holds that', 1),
  call('ratio_across', 'the ratio across', 0, 'of', 1),
  call('gap_across', 'the gap across', 0, 'of', 1),
  ...Object.entries(METRICS).flatMap(([name, words]) => [
    call(name, words),
    call(name, words, 'of', 0),
    call(name, words, 'of', 0, 'by', 1),
  ]),
]

const ROW: readonly Phrase[] = [
  call('has', 'a value is given for', 0),
  call('label', 'the label of', 0),
  call('size', 'the length of', 0),
  call('violated', 'the clause', 0, 'has been violated'),
  call('satisfied', 'the clause', 0, 'has been satisfied'),
  call('undecided', 'the clause', 0, 'is undecided'),
  call('timestamp', 'the instant', 0),
  call('duration', 'the duration', 0),
  call('q', 'the quantity', 0, 'in', 1),
  call('double', 'the decimal number', 0),
  call('int', 'the whole number', 0),
  call('string', 'the text of', 0),
  math('abs', 'the absolute value of', 0),
  math('greatest', 'the greater of', 0, 'and', 1),
  math('least', 'the lesser of', 0, 'and', 1),
  math('round', 'the nearest whole number to', 0),
  math('floor', 'the whole number at or below', 0),
  math('ceil', 'the whole number at or above', 0),
  math('sqrt', 'the square root of', 0),
  method('size', 'the size of', 0),
  method('getFullYear', 'the year of', 0),
  method('getMonth', 'the zero based month of', 0),
  method('getDate', 'the day of the month of', 0),
  method('getDayOfMonth', 'the zero based day of the month of', 0),
  method('getDayOfWeek', 'the day of the week of', 0),
  method('getDayOfYear', 'the zero based day of the year of', 0),
  method('getHours', 'the hours of', 0),
  method('getMinutes', 'the minutes of', 0),
  method('getSeconds', 'the seconds of', 0),
  method('getMilliseconds', 'the milliseconds of', 0),
  method('width', 'the width of', 0),
  method('height', 'the height of', 0),
  method('channels', 'the channels of', 0),
  method('format', 'the format of', 0),
  method('bytes', 'the file size of', 0),
  method('digest', 'the digest of', 0),
  method('lowerAscii', 'the lower case of', 0),
  method('upperAscii', 'the upper case of', 0),
  method('trim', 'the trimmed text of', 0),
  method('substring', 'the part of', 0, 'from', 1),
  method('substring', 'the part of', 0, 'from', 1, 'to', 2),
  method('with', 0, 'changed by', 1),
]

/** Primary phrases: they begin with a word and end where their last argument ends. */
export const PHRASES: readonly Phrase[] = [...AGGREGATES, ...ROW.filter(({ parts }) => typeof parts[0] === 'string')]

/** Said between operand and argument, like a comparison. */
export const RELATIONS: readonly Phrase[] = [
  method('startsWith', 0, 'starts with', 1),
  method('endsWith', 0, 'ends with', 1),
  method('contains', 0, 'contains', 1),
  method('matches', 0, 'matches the pattern', 1),
  ...ROW.filter(({ parts }) => parts[0] === 0),
]

/** The phrase of a function with so many arguments (the operand of a method included, a namespace not). */
export function phraseOf(name: string, places: number, isMethod: boolean, namespace?: string): Phrase | undefined {
  return [...PHRASES, ...RELATIONS].find(
    (phrase) =>
      phrase.name === name &&
      phrase.namespace === namespace &&
      (phrase.method === true) === isMethod &&
      phrase.parts.filter((part) => typeof part === 'number').length === places,
  )
}
