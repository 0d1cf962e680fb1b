import { type Aggregate, rows } from './aggregate.ts'

/** A p-value describes the rows at hand: how often chance alone would set two samples at least as far apart. */
const test = (doc: string): Aggregate =>
  rows(['column', 'relation'], 'double', `p-value of ${doc}`, { range: [0, 1], better: 'higher' })

/** Tests whether the rows of a column come from the distribution of another relation's: small where they do not. */
export const twoSampleTests = {
  chi2_p: test('Pearson’s χ² test over the bins of psi, not smoothed; bins empty on both sides are left out.'),
  g_p: test('the G-test (likelihood ratio) over the bins of psi, not smoothed; bins empty on both sides are left out.'),
  fisher_p: test('Fisher’s exact test, two-sided, of a column of two values; missing cells are left out.'),
  z_p: test('the pooled z test of two shares, two-sided, of a column of two values; missing cells are left out.'),
  ks_p: test('the Kolmogorov–Smirnov test; exact up to 1 000 000 pairs of rows, else Kolmogorov’s limit.'),
  cramer_von_mises_p: test('the Cramér–von Mises test, by its limit (SciPy’s method "asymptotic").'),
  anderson_darling_p: test('the Anderson–Darling test with midranks, by its limit.'),
  epps_singleton_p: test('the Epps–Singleton test of characteristic functions, also for discrete values.'),
  mann_whitney_p: test('the Mann–Whitney test, two-sided, corrected for ties and continuity.'),
  t_p: test('Welch’s t test of two means, two-sided.'),
  energy_p: test('the permutation test of the energy distance: 999 permutations, 199 above 100 000 rows.'),
  mmd_p: test('the permutation test of the maximum mean discrepancy: 999 permutations, 199 above 100 000 rows.'),
} as const satisfies Record<string, Aggregate>
