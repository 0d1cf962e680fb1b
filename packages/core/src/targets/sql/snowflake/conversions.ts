import { type Sql, sql } from '../sql.ts'
import { text } from './literals.ts'

/* A pattern says first what is a number: a conversion takes white space and `inf`, too. A pattern is of the whole text. */

const INTEGER = text('[+-]?[0-9]+')
const DECIMAL = text('[+-]?[0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?')

/** Digits with an optional sign to an integer, else NULL; NULL outside of int64. */
export function intOfText(s: Sql): Sql {
  const number = sql`TRY_TO_NUMBER(${s}, 38, 0)`
  return sql`(CASE WHEN REGEXP_LIKE(${s}, ${INTEGER}) AND ${number} BETWEEN -9223372036854775808 AND 9223372036854775807 THEN ${number} END)`
}

/** A decimal to a float64, else NULL; infinite where it rounds to ∞. */
export const doubleOfText = (s: Sql): Sql => sql`(CASE WHEN REGEXP_LIKE(${s}, ${DECIMAL}) THEN TRY_TO_DOUBLE(${s}) END)`
