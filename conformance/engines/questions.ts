import type { TestClause } from '../../packages/engine/src/testing/program-builder.ts'

const slices = { all: '', positive: 'x > 0.0', odd: 'i % 2 == 1', none: 'i < -5000000000000000000' }

/** Every kind of clause that a table is asked; `other` is a relation that distances and joins compare with. */
export function questions(other: string): readonly TestClause[] {
  const every = (id: string, condition: string, more: Partial<TestClause> = {}): TestClause => ({
    id,
    every: condition,
    slices,
    ...more,
  })
  const must = (id: string, condition: string, more: Partial<TestClause> = {}): TestClause => ({
    id,
    must: condition,
    slices,
    confidence: 'none',
    ...more,
  })
  return [
    every('range', 'i >= 0 && i <= 1000'),
    every('numbers', 'x >= -1.5 && x < 1e6'),
    every('mixed', 'x * 2.0 + y <= 1e9 || b'),
    every('overflow', 'i + j > i'),
    every('division', '10 / j >= 1'),
    every('texts', 's.size() <= 1 || s.contains("b")'),
    every('cased', 's < "a"'),
    every('times', 'at > timestamp("1990-01-01T00:00:00Z")'),
    every('listed', 'g in [0, 1]'),
    every('present', 'x != null'),
    every('pass', 'x > 0.0', { missing: 'pass' }),
    every('exclude', 'y / x > 0.5', { missing: 'exclude' }),
    every('mostly', 'b', { mostly: '0.4' }),
    { id: 'key', uniqueKey: ['id'] },
    { id: 'pair-key', uniqueKey: ['j', 's'], slices },
    { id: 'splits', disjointSplits: true },
    { id: 'cast', castable: 'x' },
    { id: 'in-split', of: 'rows.small', every: 'x >= 0.0' },
    { id: 'split-mean', of: 'rows.large', must: 'mean(y) > 0.0', confidence: 'none' },
    must('rows', 'count() >= 10'),
    must('shares', 'null_share(x) <= 0.3 && share(x > 0.0) > 0.2'),
    must('uniques', 'distinct(s) + distinct(x) + distinct(at) + distinct(i) >= 5'),
    must('sums', 'sum(j) > 0'),
    must('float-sum', 'sum(x) > 0.0'),
    must('means', 'mean(x) + mean(i) > 0.0'),
    must('ends', 'max(x) - min(y) >= 0.0'),
    must('int-ends', 'max(i) - min(i) >= 0'),
    must('spread', 'variance(y) >= 0.0 && stddev(j) <= 3.0'),
    must('middle', 'median(x) <= quantile(y, 0.9)'),
    must('int-middle', 'quantile(i, 0.25) <= median(i)'),
    must('together', 'correlation(i, j) >= -0.5'),
    must('repeated', 'duplicates(j, s) <= 100'),
    must('modes', 'mode_count(j) >= 2 && modes(j) >= 1'),
    must('outliers', 'above_stddevs(j, 1.5) <= 3 && below_stddevs(j, 1.5) <= 3'),
    must('nearest', 'quantile_nearest(j, 0.4) <= 1.0'),
    must('drift', `psi(x, ${other}) < 0.2`),
    must('int-drift', `js(i, ${other}) < 0.2 && total_variation(j, ${other}) < 0.5`),
    must('category-drift', `psi(g, ${other}) < 0.2`),
    must('flag-drift', `psi(b, ${other}) < 0.2`),
    must('distance', `ks(x, ${other}) < 0.3`),
    must('flag-distance', `ks(j, ${other}) < 0.3`),
    must('moved', `wasserstein(y, ${other}) < 2.0`),
    must('test', `ks_p(x, ${other}) > 0.01`),
    must('ranks', `mann_whitney_p(y, ${other}) > 0.01`),
    must('tied-ranks', `mann_whitney_p(j, ${other}) > 0.01`),
    must('flag-test', `ks_p(i, ${other}) > 0.01`),
    must('squares', `cramer_von_mises_p(y, ${other}) > 0.01`),
    must('tied-squares', `cramer_von_mises_p(j, ${other}) > 0.01`),
    must('weighted-squares', `anderson_darling_p(y, ${other}) > 0.01`),
    must('tied-weighted-squares', `anderson_darling_p(j, ${other}) > 0.01`),
    must('means-apart', `t_p(j, ${other}) > 0.01`),
    must('large-means-apart', `t_p(y, ${other}) > 0.01`),
    must('waves', `epps_singleton_p(j, ${other}) > 0.01`),
    must('counts', `chi2_p(g, ${other}) > 0.01`),
    must('given-bins', 'kl_bins(x, [-1.0, 0.0, 1.0], [0.25, 0.25, 0.25, 0.25]) <= 5.0'),
    must('change', `correlation_change(i, j, ${other}) <= 0.5`),
    must('told', 'mutual_information(g, j) >= 0.0'),
    must('numbers-told', 'mutual_information(x, y) <= 3.0'),
    must('columns', 'column_count() == 9 && column_position("x") == 4'),
  ]
}

/** Questions whose relations have to be in one place. */
export const joined = (other: string): readonly TestClause[] => [
  { id: 'overlap', must: `overlap(rows, ${other}, j) >= 1`, slices },
  { id: 'orphans', must: `orphans(i, ${other}, i) <= 100`, slices },
  { id: 'after', must: `not_after(i, ${other}) <= 100`, slices },
  { id: 'after-in-time', must: `not_after(at, ${other}) >= 0`, slices },
  { id: 'as-many', must: `count() >= count_of(${other})`, slices },
]

/** Questions with an interval that needs no random numbers. */
export const estimated: readonly TestClause[] = [
  { id: 'estimated-change', must: 'correlation_change(j, b, others) <= 0.5', slices },
  { id: 'estimated-shift', must: 'shift_auc(j, others) <= 0.6', slices },
  { id: 'estimated-shift-of-numbers', must: 'shift_auc(y, others) >= 0.4', slices },
  { id: 'estimated-share', must: 'share(x > 0.0) >= 0.3', confidence: 0.95, slices },
  { id: 'estimated-mean', must: 'mean(y) <= 10.0', confidence: 0.9, slices },
  { id: 'estimated-median', must: 'median(x) <= 10.0', confidence: 0.95, slices },
]
