import { byRounding, mixedComparison } from '../exact.ts'
import { sql } from '../sql.ts'
import { bigqueryLiterals } from './literals.ts'

/** Compares the exact numbers of an int and a double. */
export const bigqueryMixed = mixedComparison(
  bigqueryLiterals,
  byRounding(bigqueryLiterals, {
    floor: (number) => sql`SAFE_CAST(FLOOR(${number}) AS INT64)`,
    ceil: (number) => sql`SAFE_CAST(CEIL(${number}) AS INT64)`,
  }),
)
