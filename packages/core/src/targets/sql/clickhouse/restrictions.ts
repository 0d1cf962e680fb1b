/**
 * What ClickHouse cannot say or hold as the language means it: refused by `clickhouseSupport`, or a difference that the guide tells of.
 */
export const clickhouseRestrictions = {
  lists: 'ClickHouse: lists are refused: an array of ClickHouse cannot be missing.',
  'sum-order':
    'ClickHouse: sums, means and moments of numbers differ in their last digits, since rows are added in another order.',
} as const

/** Names of the restrictions. */
export type ClickhouseRestriction = keyof typeof clickhouseRestrictions
