import type { TermArgument } from '../must.ts'
import type { ColumnType } from '../type.ts'
import type { Aggregate, AggregateName } from './aggregates.ts'
import { aggregates } from './aggregates.ts'

const BINNED: readonly ColumnType[] = ['integer', 'number', 'category', 'boolean']
const NUMERIC: readonly ColumnType[] = ['integer', 'number']
const TWO_VALUED: readonly ColumnType[] = ['boolean', 'category']
const WRITTEN: readonly ColumnType[] = ['text', 'category']
/** What is the same or another: of images by their content. */
const TOLD_APART: readonly ColumnType[] = ['integer', 'number', 'boolean', 'category', 'text', 'timestamp', 'image']
const ORDERED: readonly ColumnType[] = ['integer', 'number', 'timestamp', 'text']

/**
 * Column types that a `column` argument may have; undefined = any. Texts have no bins and no declared values, and
 * timestamps of two relations differ by nature, so psi and js take neither.
 */
export const acceptedColumns: Readonly<Partial<Record<AggregateName, readonly ColumnType[]>>> = {
  distinct: TOLD_APART,
  duplicates: TOLD_APART,
  overlap: TOLD_APART,
  psi: BINNED,
  js: BINNED,
  ks: NUMERIC,
  energy: NUMERIC,
  mmd: NUMERIC,
  shift_auc: NUMERIC,
  correlation_change: ['integer', 'number', 'boolean'],
  classifier_auc: ['integer', 'number', 'category', 'boolean', 'text', 'list'],
  cramers_v: BINNED,
  chi2_p: BINNED,
  g_p: BINNED,
  fisher_p: TWO_VALUED,
  z_p: TWO_VALUED,
  ks_p: NUMERIC,
  cramer_von_mises_p: NUMERIC,
  anderson_darling_p: NUMERIC,
  epps_singleton_p: NUMERIC,
  mann_whitney_p: NUMERIC,
  t_p: NUMERIC,
  energy_p: NUMERIC,
  mmd_p: NUMERIC,
  variants: WRITTEN,
  new_variants: WRITTEN,
  ascents: ORDERED,
  descents: ORDERED,
  repeats: ORDERED,
  not_after: ['integer', 'number', 'timestamp'],
  above_stddevs: NUMERIC,
  below_stddevs: NUMERIC,
  quantile_nearest: NUMERIC,
  approx_quantile: NUMERIC,
  approx_quantile_by_rank: NUMERIC,
  kl_bins: NUMERIC,
  kl_values: ['integer', 'number', 'category', 'boolean', 'text'],
  multilabel_f1_micro: ['boolean'],
  multilabel_f1_macro: ['boolean'],
  multilabel_f1_samples: ['boolean'],
  hamming_loss: ['boolean'],
  subset_accuracy: ['boolean'],
  mase: ORDERED,
  range_recall: ORDERED,
  range_precision: ORDERED,
  interval_coverage: NUMERIC,
  attribution_stability: NUMERIC,
  attribution_top_overlap: NUMERIC,
  attribution_share: NUMERIC,
  surrogate_r2: NUMERIC,
  exact_match: ['text'],
  token_f1: ['text'],
  rouge_1: ['text'],
  rouge_2: ['text'],
  rouge_l: ['text'],
}

const NAMES: readonly ColumnType[] = ['integer', 'text', 'category']
const BOX: readonly (readonly ColumnType[])[] = [NAMES, ['boolean'], NAMES, NUMERIC, NUMERIC, NUMERIC, NUMERIC, NUMERIC]

/** Column types by place, of functions whose columns differ in kind. */
export const acceptedAt: Readonly<Partial<Record<AggregateName, readonly (readonly ColumnType[])[]>>> = {
  detection_map: BOX,
  detection_map_at: [[], ...BOX],
}

/** Functions whose category has to have two declared values. */
export const takesTwoValues: ReadonlySet<AggregateName> = new Set(['fisher_p', 'z_p'])

/** Closed range of a `value` argument. */
export const valueRanges: Readonly<Partial<Record<AggregateName, readonly [low: number, high: number]>>> = {
  quantile: [0, 1],
  quantile_nearest: [0, 1],
  approx_quantile: [0, 1],
  approx_quantile_by_rank: [0, 1],
  above_stddevs: [0, Number.MAX_VALUE],
  below_stddevs: [0, Number.MAX_VALUE],
  kl_values: [0, 1],
  latency_ms: [0, 1],
  pinball: [0, 1],
  gain: [0, 1],
  lift: [0, 1],
  top_precision: [0, 1],
  expected_cost: [0, Number.MAX_VALUE],
  top_k_accuracy: [1, Number.MAX_SAFE_INTEGER],
  ndcg: [1, Number.MAX_SAFE_INTEGER],
  precision_at: [1, Number.MAX_SAFE_INTEGER],
  recall_at: [1, Number.MAX_SAFE_INTEGER],
  hit_rate_at: [1, Number.MAX_SAFE_INTEGER],
  f_beta: [0, Number.MAX_VALUE],
  tweedie_deviance: [0, Number.MAX_VALUE],
  mase: [1, Number.MAX_SAFE_INTEGER],
  detection_map_at: [0, 1],
  attribution_top_overlap: [1, Number.MAX_SAFE_INTEGER],
  attribution_share: [1, Number.MAX_SAFE_INTEGER],
}

const EXPLANATIONS = ['attribution_stability', 'attribution_top_overlap', 'attribution_share', 'surrogate_r2'] as const

/** Metrics that read no label: they describe what the model says, not whether it is right. */
export const unlabelled: ReadonlySet<AggregateName> = new Set<AggregateName>([
  'positive_rate',
  'latency_ms',
  'model_bytes',
  'order_dependent',
  'multilabel_f1_micro',
  'multilabel_f1_macro',
  'multilabel_f1_samples',
  'hamming_loss',
  'subset_accuracy',
  'exact_match',
  'token_f1',
  'rouge_1',
  'rouge_2',
  'rouge_l',
  'detection_map',
  'detection_map_at',
  ...EXPLANATIONS,
  'estimated_accuracy',
  'estimated_precision',
  'estimated_recall',
  'estimated_specificity',
  'estimated_f1',
  'estimated_precision_macro',
  'estimated_recall_macro',
  'estimated_f1_macro',
  'estimated_mae',
  'estimated_rmse',
  'estimated_roc_auc',
])

/** What the columns named hold, so that rows without a model have it, too. */
export const readsColumnsOnly = ({ needs }: Aggregate): boolean =>
  needs === 'columns' || needs === 'texts' || needs === 'boxes'

/** The row of the table, by name; undefined for other names. */
export function aggregateNamed(name: string): { readonly fn: AggregateName; readonly row: Aggregate } | undefined {
  if (!Object.hasOwn(aggregates, name)) return undefined
  const fn = name as AggregateName
  return { fn, row: aggregates[fn] }
}

/** How a call is written, for messages: `quantile(expr, value)`. */
export function signatureOf(fn: AggregateName, row: Aggregate): string {
  const args = row.args.map((kind, i) => (row.variadic && i === row.args.length - 1 ? `${kind}, …` : kind))
  return `${fn}(${args.join(', ')})`
}

/** What a number of columns, and lists of weights must be, where they are not; undefined where they are. */
export function shapeProblem(fn: AggregateName, args: readonly TermArgument[]): string | undefined {
  const columns = args.filter(({ kind }) => kind === 'column').length
  if (fn === 'attribution_top_overlap' || fn === 'attribution_share') {
    const most = fn === 'attribution_share' ? columns : columns / 2
    const [first] = args
    const isCount = first?.kind === 'value' && Number.isInteger(first.value) && first.value <= most
    if (!isCount) return `a whole number of at most ${most} features`
  }
  if (fn !== 'kl_values' && fn !== 'kl_bins') return undefined
  const [first, second] = args.flatMap((arg) => (arg.kind === 'list' ? [arg.values] : []))
  if (first === undefined || second === undefined) return undefined
  if (second.some((weight) => typeof weight !== 'number' || weight < 0)) return 'weights of 0 or more'
  if (second.every((weight) => weight === 0)) return 'a weight above 0'
  if (fn === 'kl_values') {
    if (first.length !== second.length) return 'as many weights as values'
    return new Set(first).size < first.length ? 'each value once' : undefined
  }
  if (second.length !== first.length + 1) return 'one weight more than edges'
  const ascending = first.every((edge, i) => typeof edge === 'number' && (i === 0 || edge > Number(first[i - 1])))
  return ascending ? undefined : 'numbers as edges, each above the one before'
}
