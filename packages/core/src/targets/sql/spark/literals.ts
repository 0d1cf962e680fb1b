import type { Literal } from '../../../expr/expr.ts'
import type { Literals } from '../literals.ts'
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
export function literal({ type, value }: Literal): Sql {
  if (value === null) {
    return Object.hasOwn(sparkTypes, type.kind)
      ? sql`CAST(NULL AS ${sparkTypes[type.kind as keyof typeof sparkTypes]})`
      : sql`NULL`
  }
  switch (type.kind) {
    case 'int':
    case 'duration':
      return whole(BigInt(value))
    case 'timestamp':
      return sql`timestamp_micros(${whole(BigInt(value))})`
    case 'double':
      return double(Number(value))
    case 'bool':
      return value === true ? sql`true` : sql`false`
    default:
      return text(String(value))
  }
}

/** How Spark writes values. */
export const sparkLiterals: Literals = { text, double, bare: literal, literal }
