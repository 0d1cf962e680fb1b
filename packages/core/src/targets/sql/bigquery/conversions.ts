import { type Sql, sql } from '../sql.ts'
import { text } from './literals.ts'

/* A pattern says first what is a number: a cast takes white space, `inf` and `0x1F`, too. */

const INTEGER = text('\\A[+-]?[0-9]+\\z')
const DECIMAL = text('\\A[+-]?[0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?\\z')

/** Digits with an optional sign to an integer, else NULL; NULL outside of int64. */
export const intOfText = (s: Sql): Sql =>
  sql`(CASE WHEN REGEXP_CONTAINS(${s}, ${INTEGER}) THEN SAFE_CAST(${s} AS INT64) END)`

/** A decimal to a float64, else NULL; infinite where it rounds to ∞. */
export const doubleOfText = (s: Sql): Sql =>
  sql`(CASE WHEN REGEXP_CONTAINS(${s}, ${DECIMAL}) THEN SAFE_CAST(${s} AS FLOAT64) END)`
