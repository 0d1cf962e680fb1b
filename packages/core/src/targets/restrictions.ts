/**
 * What the implementations of the language cannot have equal, and how it is kept from mattering: refused by `check`, made
 * equal by rule, or told less exactly. Each is shown by a test (`conformance/differential/restrictions.test.ts`); those of
 * PostgreSQL have a list of their own.
 */
export const restrictions = {
  'below-a-microsecond':
    'A time or duration finer than a microsecond is refused where it is written: no target holds it.',
  'years-1-to-9999':
    'A time outside the years 1 to 9999 is refused where it is written, and arithmetic that leaves them is the error `overflow`.',
  'negative-zero':
    'No expression that is compiled tells −0 from 0: they are equal, and dividing by either is an error.',
  'error-codes':
    'SQL tells whether an error is `missing`; which other one it is, the reference and JavaScript tell alone.',
  'half-a-pair':
    'A text with half of a surrogate pair is no UTF-8: JSON can bring one to a guard, no database holds it.',
  'border-of-the-margin': 'At a margin of 0 a condition may be true or false; only above and below it is decided.',
  'order-of-sums':
    'Sums, means and moments of numbers differ in their last digits with the order in which rows are added.',
} as const

/** Names of the restrictions. */
export type Restriction = keyof typeof restrictions
