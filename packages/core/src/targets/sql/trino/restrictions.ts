/**
 * What Trino cannot say or hold as the language means it: refused by `trinoSupport`, or a difference that the guide tells of.
 */
export const trinoRestrictions = {
  matches: '`matches` is refused: Trino has no RE2.',
  'case-of-names':
    'Names of columns are compared without regard to case there: two columns that differ in it alone cannot be told apart.',
  'sum-order':
    'Sums, means and moments of numbers differ from DuckDB in their last digits, since rows are added in another order, and in another one on each run.',
} as const

/** Names of the restrictions. */
export type TrinoRestriction = keyof typeof trinoRestrictions
