/** What rows of one kind there are, in all and in the slice. */
export interface RowsAt {
  readonly rows: number
  readonly positives: number
}

/** A clause asked of so many rows, as somebody of a field wrote it: whether any outcome of them decides it. */
export interface RowsCase {
  readonly name: string
  /** As YAML after `says:`. */
  readonly yaml: string
  readonly at: RowsAt
  /** A share of these rows, at least or at most a bound; or a quantile of the numbers of all rows. */
  readonly of:
    | { readonly kind: 'share'; readonly rows: number; readonly bound: number; readonly atLeast: boolean }
    | { readonly kind: 'quantile'; readonly q: number; readonly atLeast: boolean }
  readonly confidence?: number
  /** What its author believes. */
  readonly can: { readonly hold: boolean; readonly fail: boolean }
}

const share = (rows: number, bound: number, atLeast: boolean): RowsCase['of'] => ({
  kind: 'share',
  rows,
  bound,
  atLeast,
})
const M = 'of: m.log, '

/** Clauses that few rows decide, or cannot. */
export const ROWS_CASES: readonly RowsCase[] = [
  {
    name: 'triage: 12 urgent patients at night, nine of ten to be found',
    yaml: `${M}must: recall() >= 0.9`,
    at: { rows: 80, positives: 12 },
    of: share(12, 0.9, true),
    can: { hold: false, fail: true },
  },
  {
    name: 'triage: 40 urgent patients, nine of ten to be found',
    yaml: `${M}must: recall() >= 0.9`,
    at: { rows: 200, positives: 40 },
    of: share(40, 0.9, true),
    can: { hold: true, fail: true },
  },
  {
    name: 'triage: one in a hundred sent home, of 12 who should not be',
    yaml: `${M}must: false_negative_rate() <= 0.01`,
    at: { rows: 80, positives: 12 },
    of: share(12, 0.01, false),
    can: { hold: false, fail: true },
  },
  {
    name: 'insurance: three claims of a new region, hardly any stopped wrongly',
    yaml: `${M}must: false_positive_rate() <= 0.6`,
    at: { rows: 5, positives: 2 },
    of: share(3, 0.6, false),
    can: { hold: true, fail: false },
  },
  {
    name: 'insurance: most claims are legitimate, which three rows cannot deny',
    yaml: `${M}must: specificity() >= 0.4`,
    at: { rows: 5, positives: 2 },
    of: share(3, 0.4, true),
    can: { hold: true, fail: false },
  },
  {
    name: 'hiring: 25 applications, nearly all right, as few firms have more',
    yaml: `${M}must: accuracy() >= 0.98`,
    at: { rows: 25, positives: 10 },
    of: share(25, 0.98, true),
    can: { hold: false, fail: true },
  },
  {
    name: 'fraud: at most one card in a thousand is stopped, of a thousand',
    yaml: `${M}must: positive_rate() <= 0.001`,
    at: { rows: 1_000, positives: 3 },
    of: share(1_000, 0.001, false),
    can: { hold: false, fail: true },
  },
  {
    name: 'fraud: at most one card in a hundred is stopped, of a thousand, at 99 %',
    yaml: `${M}confidence: 99%, must: positive_rate() <= 0.01`,
    at: { rows: 1_000, positives: 3 },
    of: share(1_000, 0.01, false),
    confidence: 0.99,
    can: { hold: true, fail: true },
  },
  {
    name: 'maintenance: half of 4 failures foreseen',
    yaml: `${M}must: recall() >= 0.5`,
    at: { rows: 300, positives: 4 },
    of: share(4, 0.5, true),
    can: { hold: true, fail: true },
  },
  {
    name: 'maintenance: the slowest hundredth of 200 repairs',
    yaml: 'of: log, confidence: 95%, must: "quantile(wait, 0.99) <= 30.0"',
    at: { rows: 200, positives: 10 },
    of: { kind: 'quantile', q: 0.99, atLeast: false },
    can: { hold: false, fail: true },
  },
  {
    name: 'delivery: the middle of five, at most',
    yaml: 'of: log, confidence: 95%, must: median(wait) <= 30.0',
    at: { rows: 5, positives: 2 },
    of: { kind: 'quantile', q: 0.5, atLeast: false },
    can: { hold: false, fail: false },
  },
  {
    name: 'delivery: a tenth takes longer, of forty',
    yaml: 'of: log, confidence: 95%, must: "quantile(wait, 0.9) >= 30.0"',
    at: { rows: 40, positives: 2 },
    of: { kind: 'quantile', q: 0.9, atLeast: true },
    can: { hold: true, fail: true },
  },
]
