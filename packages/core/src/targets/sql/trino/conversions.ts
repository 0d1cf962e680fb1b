import { type Sql, sql } from '../sql.ts'
import { text } from './literals.ts'

/*
 * A cast takes `1d` and `0x1p3` too, so a pattern says first what is a number. `\z` is the end of the text: `$` is also before a line
 * feed at its end.
 */

const INTEGER = text('\\A[+-]?[0-9]+\\z')
const DECIMAL = text('\\A[+-]?[0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?\\z')

/** Digits with an optional sign to an integer, else NULL; NULL outside of int64. */
export const intOfText = (s: Sql): Sql =>
  sql`(CASE WHEN regexp_like(${s}, ${INTEGER}) THEN try_cast(${s} AS BIGINT) END)`

/** A decimal to a float64, else NULL; infinite where it rounds to ∞. */
export const doubleOfText = (s: Sql): Sql =>
  sql`(CASE WHEN regexp_like(${s}, ${DECIMAL}) THEN try_cast(${s} AS DOUBLE) END)`
