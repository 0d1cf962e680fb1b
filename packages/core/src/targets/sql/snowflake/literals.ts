import { literalFrom, type Literals } from '../literals.ts'
import { backslashTextLiteral, floatLiteral, integerLiteral, type Sql, sql } from '../sql.ts'
import { timestampOf } from './times.ts'
import { snowflakeTypes } from './types.ts'

/** A text. A backslash is an escape. */
export const text = (value: string): Sql => backslashTextLiteral(value, { '\0': '\\u0000' })

/** A float64. */
export function double(value: number): Sql {
  if (Number.isFinite(value)) return floatLiteral(value)
  return value > 0 ? sql`CAST('inf' AS DOUBLE)` : sql`CAST('-inf' AS DOUBLE)`
}

/** An integer: a decimal of up to 38 digits, whatever its type is called. */
export const whole = (value: bigint): Sql => integerLiteral(value)

/** A literal with the type of its kind. */
export const literal = literalFrom({
  text,
  double,
  whole,
  instant: (micros) => timestampOf(whole(micros)),
  types: snowflakeTypes,
})

/** How Snowflake writes values. */
export const snowflakeLiterals: Literals = { text, double, bare: literal, literal }
