import { byRounding, mixedComparison } from '../exact.ts'
import { sql } from '../sql.ts'
import { trinoLiterals } from './literals.ts'

/** Compares the exact numbers of an int and a double. */
export const trinoMixed = mixedComparison(
  trinoLiterals,
  byRounding(trinoLiterals, {
    floor: (number) => sql`try_cast(floor(${number}) AS BIGINT)`,
    ceil: (number) => sql`try_cast(ceil(${number}) AS BIGINT)`,
  }),
)
