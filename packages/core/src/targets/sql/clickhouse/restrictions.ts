/**
 * What ClickHouse cannot say or hold as the language means it: refused by `clickhouseSupport`, or a difference that the guide tells of.
 */
export const clickhouseRestrictions = {
  lists: 'ClickHouse: a list is never missing: an array cannot be NULL, and one that was when it was stored is empty.',
  'sum-order':
    'ClickHouse: sums, means and moments of numbers differ in their last digits, since rows are added in another order.',
} as const

/** Names of the restrictions. */
export type ClickhouseRestriction = keyof typeof clickhouseRestrictions
