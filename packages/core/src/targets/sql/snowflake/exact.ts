import { byRounding, mixedComparison } from '../exact.ts'
import { sql } from '../sql.ts'
import { snowflakeLiterals } from './literals.ts'

/** Compares the exact numbers of an int and a double. */
export const snowflakeMixed = mixedComparison(
  snowflakeLiterals,
  byRounding(snowflakeLiterals, {
    floor: (number) => sql`CAST(FLOOR(${number}) AS BIGINT)`,
    ceil: (number) => sql`CAST(CEIL(${number}) AS BIGINT)`,
  }),
)
