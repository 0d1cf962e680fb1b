/**
 * What BigQuery cannot say or hold as the language means it: refused by `bigquerySupport`, or a difference that the guide tells of.
 */
export const bigqueryRestrictions = {
  lists: 'BigQuery: lists are refused: one that is missing is stored as an empty one.',
  'case-of-names': 'BigQuery: names of columns are compared without regard to case there.',
  'sum-order':
    'BigQuery: sums, means and moments of numbers differ in their last digits, since rows are added in another order.',
} as const

/** Names of the restrictions. */
export type BigqueryRestriction = keyof typeof bigqueryRestrictions
