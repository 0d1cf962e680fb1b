import { literalFrom, type Literals } from '../literals.ts'
import { backslashTextLiteral, floatLiteral, integerLiteral, type Sql, sql } from '../sql.ts'
import { timestampOf } from './times.ts'
import { bigqueryTypes } from './types.ts'

/** A text. A backslash is an escape, and a line ends a text. */
export const text = (value: string): Sql => backslashTextLiteral(value, { '\0': '\\u0000', '\n': '\\n', '\r': '\\r' })

/** A float64. */
export function double(value: number): Sql {
  if (Number.isFinite(value)) return floatLiteral(value)
  return value > 0 ? sql`CAST('inf' AS FLOAT64)` : sql`CAST('-inf' AS FLOAT64)`
}

/** An integer, which always has 64 bits. */
export const whole = (value: bigint): Sql => integerLiteral(value)

/** A literal with the type of its kind. */
export const literal = literalFrom({
  text,
  double,
  whole,
  instant: (micros) => timestampOf(whole(micros)),
  types: bigqueryTypes,
})

/** How BigQuery writes values. */
export const bigqueryLiterals: Literals = { text, double, bare: literal, literal }
