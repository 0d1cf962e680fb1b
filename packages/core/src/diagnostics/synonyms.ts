import { nearestName } from './suggest.ts'

/** What other tools call the functions, column types and severities of this language; no edit distance finds these. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  roc_auc: ['auc', 'auroc', 'roc_auc_score', 'rocauc'],
  average_precision: ['pr_auc', 'auprc', 'average_precision_score', 'ap'],
  f1: ['f1_score', 'f_score', 'fscore'],
  accuracy: ['accuracy_score', 'acc'],
  precision: ['precision_score', 'ppv'],
  recall: ['recall_score', 'sensitivity', 'tpr', 'true_positive_rate'],
  specificity: ['tnr', 'true_negative_rate'],
  brier: ['brier_score', 'brier_score_loss'],
  log_loss: ['logloss', 'cross_entropy'],
  calibration_error: ['ece', 'expected_calibration_error'],
  negative_predictive_value: ['npv'],
  balanced_accuracy: ['balanced_accuracy_score', 'bacc'],
  mcc: ['matthews_corrcoef', 'phi', 'matthews'],
  kappa: ['cohen_kappa_score', 'cohens_kappa'],
  mae: ['mean_absolute_error'],
  mse: ['mean_squared_error'],
  rmse: ['root_mean_squared_error'],
  mape: ['mean_absolute_percentage_error'],
  mean_error: ['bias', 'me'],
  median_absolute_error: ['medae', 'mad'],
  r2: ['r2_score', 'r_squared', 'rsquared', 'coefficient_of_determination'],
  psi: ['population_stability_index'],
  js: ['jensenshannon', 'jensen_shannon', 'jsd'],
  ks: ['ks_2samp', 'kolmogorov_smirnov', 'kstest'],
  kl: ['kl_div', 'kullback_leibler', 'entropy'],
  total_variation: ['tvd', 'tv', 'total_variation_distance'],
  linf: ['linfinity', 'l_infinity', 'chebyshev'],
  wasserstein: ['wasserstein_distance', 'emd', 'earth_mover'],
  positive_rate: ['selection_rate', 'approval_rate'],
  mean: ['avg', 'average'],
  median: ['percentile_50', 'p50'],
  quantile: ['percentile'],
  stddev: ['std', 'stdev', 'sd', 'stddev_samp'],
  variance: ['var', 'var_samp'],
  distinct: ['nunique', 'n_unique', 'count_distinct', 'unique'],
  null_share: ['missing_share', 'null_rate', 'missing_rate', 'nulls'],
  count: ['n', 'rows', 'row_count', 'nrows', 'len'],
  present: ['non_null_count', 'notnull', 'valid_count', 'non_missing'],
  mode_count: ['top_count', 'most_common'],
  correlation: ['corr', 'pearson'],
  size: ['len', 'length', 'strlen'],
  number: ['float', 'float64', 'float32', 'double', 'decimal', 'numeric', 'real'],
  integer: ['int', 'int64', 'int32', 'bigint', 'long'],
  text: ['string', 'str', 'varchar', 'object'],
  boolean: ['bool', 'binary'],
  category: ['enum', 'factor', 'categorical', 'nominal'],
  timestamp: ['date', 'datetime', 'time', 'datetime64'],
  block: ['error', 'critical', 'blocker', 'fatal', 'fail'],
  regression: ['regressor'],
  'binary-classification': ['classification', 'binary', 'classifier'],
}

/** The known word that a word of another tool means, else the nearest known one; for words of the language, not for names of a user. */
export function nearestWord(word: string, known: Iterable<string>): string | undefined {
  const words = [...known]
  const lower = word.toLowerCase()
  return words.find((candidate) => SYNONYMS[candidate]?.includes(lower) === true) ?? nearestName(word, words)
}
