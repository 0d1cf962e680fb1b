import { aggregates } from '@plumbline/core'
import { METRIC_WORDS } from '../../steps/metric-words.ts'
import type { Cursor } from './cursor.ts'

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
    for (const word of [name, name.replaceAll('_', ' '), ...(METRIC_WORDS[name] ?? [])]) words.set(word, name)
  }
  return words
}

/** A metric by its name or a word of the field. */
export function metricIn(cursor: Cursor): string | undefined {
  const words = metricWords()
  return words.get(cursor.take(...words.keys()) ?? '')
}

/** Whether it is a metric of models, which may be written as a call. */
export const takesArguments = (name: string): boolean =>
  Object.hasOwn(ROWS, name) && ROWS[name]?.needs !== undefined && ROWS[name].needs !== 'timing'

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
  energy: ['energy distance'],
  mmd: ['mmd', 'maximum mean discrepancy'],
  cramers_v: ["cramer's v", 'cramér’s v', "cramér's v"],
  shift_auc: ['shift auc', 'domain classifier auc'],
  chi2_p: ['p-value of the chi-squared test', 'p-value of the χ² test', 'chi-squared p-value'],
  g_p: ['p-value of the g-test', 'g-test p-value'],
  fisher_p: ["p-value of fisher's exact test", 'p-value of fisher’s exact test'],
  z_p: ['p-value of the z test', 'p-value of the z-test'],
  ks_p: ['p-value of the ks test', 'ks p-value', 'p-value of the kolmogorov-smirnov test'],
  cramer_von_mises_p: ['p-value of the cramér-von mises test', 'p-value of the cramer-von mises test'],
  anderson_darling_p: ['p-value of the anderson-darling test'],
  epps_singleton_p: ['p-value of the epps-singleton test'],
  mann_whitney_p: ['p-value of the mann-whitney test'],
  t_p: ['p-value of the t test', 'p-value of the t-test', "p-value of welch's t test"],
  energy_p: ['p-value of the energy test'],
  mmd_p: ['p-value of the mmd test'],
}

/** A distance between two samples of a column. */
export function distanceIn(cursor: Cursor): string | undefined {
  const words = new Map<string, string>()
  for (const [name, own] of Object.entries(DISTANCES))
    if (ROWS[name] !== undefined) for (const word of own) words.set(word, name)
  return words.get(cursor.take(...words.keys()) ?? '')
}
