/**
 * What Snowflake cannot say or hold as the language means it: refused by `snowflakeSupport`, or a difference that the guide tells of.
 */
export const snowflakeRestrictions = {
  matches: 'Snowflake: `matches` is refused: Snowflake has no RE2.',
  lists: 'Snowflake: lists are refused: their elements are VARIANT there, which have no type of their own.',
  'sum-order':
    'Snowflake: sums, means and moments of numbers differ in their last digits, since rows are added in another order.',
} as const

/** Names of the restrictions. */
export type SnowflakeRestriction = keyof typeof snowflakeRestrictions
