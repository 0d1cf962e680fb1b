import { literalFrom, type Literals } from '../literals.ts'
import { backslashTextLiteral, floatLiteral, integerLiteral, type Sql, sql } from '../sql.ts'
import { sparkTypes } from './types.ts'

/** A text. A backslash is an escape in Spark, and `${` would be replaced by a setting: both are written as escapes. */
export const text = (value: string): Sql => backslashTextLiteral(value)

/** A float64. Without the `D` Spark would read an exact decimal. */
export function double(value: number): Sql {
  if (Number.isFinite(value)) return floatLiteral(value, 'D')
  return value > 0 ? sql`double('Infinity')` : sql`double('-Infinity')`
}

/** An integer of 64 bits. Its sign belongs to the number, so that the least one can be written. */
const whole = (value: bigint): Sql => integerLiteral(value, 'L')

/** A literal with the type of its kind. A small whole number would be an INT, whose sums overflow elsewhere. */
export const literal = literalFrom({
  text,
  double,
  whole,
  instant: (micros) => sql`timestamp_micros(${whole(micros)})`,
  types: sparkTypes,
})

/** How Spark writes values. */
export const sparkLiterals: Literals = { text, double, bare: literal, literal }
