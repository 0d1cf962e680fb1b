/**
 * What Spark cannot say or hold as the language means it: refused by `sparkSupport`, or a difference that the guide tells of.
 */
export const sparkRestrictions = {
  matches: '`matches` is refused: Spark has no RE2.',
  'sum-order':
    'Sums, means and moments of numbers differ from DuckDB in their last digits, since rows are added in another order, and in another one on each run.',
  'partial-sums':
    'A sum of numbers whose parts leave float64 may be infinite in Spark and not in DuckDB, or the other way round.',
} as const

/** Names of the restrictions. */
export type SparkRestriction = keyof typeof sparkRestrictions
