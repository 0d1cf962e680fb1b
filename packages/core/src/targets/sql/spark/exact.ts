import { byRounding, mixedComparison } from '../exact.ts'
import { sql } from '../sql.ts'
import { sparkLiterals } from './literals.ts'

/** Compares the exact numbers of an int and a double. */
export const sparkMixed = mixedComparison(
  sparkLiterals,
  byRounding(sparkLiterals, { floor: (number) => sql`floor(${number})`, ceil: (number) => sql`ceil(${number})` }),
)
