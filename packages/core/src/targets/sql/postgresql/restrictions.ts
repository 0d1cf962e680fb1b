/**
 * What PostgreSQL cannot say or hold as the language means it. Each is refused (by `postgresqlSupport`) or asked of the
 * reader of a relation, and shown by a test against a real server (`conformance/differential/postgresql/`).
 */
export const postgresqlRestrictions = {
  matches: '`matches` is refused: PostgreSQL has no RE2.',
  nul: 'A text literal with a NUL character is refused: no text of PostgreSQL holds one.',
  'long-names':
    'A column whose name has more than 63 bytes is refused: PostgreSQL would read the column of the first 63 bytes.',
  'far-times':
    'A time literal before 4714-11-24 BC or after 275760-09-13 is refused; the language itself reads the years 1 to 9999.',
  infinity: 'A timestamp of ±infinity is no instant: its cell has no value. NaN is missing.',
  encoding: 'The database must be in UTF-8, so that characters are code points.',
  version: 'PostgreSQL 14 or later: before, `extract` gave rounded numbers.',
  'sum-order':
    'Sums, means and moments of numbers differ from DuckDB in their last digits, since rows are added in another order; where a partial sum leaves float64, DuckDB is infinite and PostgreSQL may not be.',
  moments:
    'Variance, standard deviation and correlation are undefined (on both engines) where a value is beyond ±1e145, infinite ones included; correlation also where a sum of squares is below 1e-290.',
} as const

/** Names of the restrictions. */
export type PostgresqlRestriction = keyof typeof postgresqlRestrictions
