import { literalFrom, type Literals } from '../literals.ts'
import { backslashTextLiteral, floatLiteral, type Sql, sql, textLiteral } from '../sql.ts'
import { timestampOf } from './times.ts'
import { clickhouseTypes } from './types.ts'

/** A text. A backslash is an escape. */
export const text = (value: string): Sql => backslashTextLiteral(value, { '\0': '\\0' })

/** A float64. */
export function double(value: number): Sql {
  if (Number.isFinite(value)) return floatLiteral(value)
  return value > 0 ? sql`inf` : sql`(-inf)`
}

/** An integer of 64 bits: a bare one would be of as few bits as it needs, and without a sign. */
export const whole = (value: bigint): Sql => sql`CAST(${textLiteral(String(value))} AS Int64)`

/** A literal with the type of its kind. */
export const literal = literalFrom({
  text,
  double,
  whole,
  instant: (micros) => timestampOf(whole(micros)),
  types: clickhouseTypes,
})

/** How ClickHouse writes values. */
export const clickhouseLiterals: Literals = { text, double, bare: literal, literal }
