import { literalFrom, type Literals } from '../literals.ts'
import { floatLiteral, type Sql, sql, textLiteral } from '../sql.ts'
import { timestampOf } from './times.ts'
import { trinoTypes } from './types.ts'

/** A text; Trino's literals have no escapes. NUL, which no text of SQL should hold, is made of its code point. */
export function text(value: string): Sql {
  const [first = '', ...rest] = value.split('\0')
  return rest.reduce((before, part) => sql`concat(${before}, chr(0), ${textLiteral(part)})`, textLiteral(first))
}

/** A float64. Without an exponent Trino would read an exact decimal. */
export function double(value: number): Sql {
  if (Number.isFinite(value)) return floatLiteral(value)
  return value > 0 ? sql`infinity()` : sql`(-infinity())`
}

/** An integer of 64 bits: a small one would be an INTEGER, whose sums overflow elsewhere. */
export const whole = (value: bigint): Sql => sql`BIGINT ${textLiteral(String(value))}`

/** A literal with the type of its kind. */
export const literal = literalFrom({
  text,
  double,
  whole,
  instant: (micros) => timestampOf(whole(micros)),
  types: trinoTypes,
})

/** How Trino writes values. */
export const trinoLiterals: Literals = { text, double, bare: literal, literal }
