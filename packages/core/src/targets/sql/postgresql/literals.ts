import type { Literal } from '../../../expr/expr.ts'
import { literalFrom, type Literals } from '../literals.ts'
import { escapedTextLiteral, identifier, integerLiteral, type Sql, sql, textLiteral } from '../sql.ts'
import { postgresqlTypes } from './types.ts'

/** A text; PostgreSQL holds none with NUL, which `refusedValue` says before. */
export const text = (value: string): Sql => escapedTextLiteral(value)

/** A float64. Read from text, since PostgreSQL takes `2.5e0` for an exact decimal, which has no −0 and no infinity. */
export function double(value: number): Sql {
  const digits = Object.is(value, -0) ? '-0' : String(value)
  return sql`double precision ${textLiteral(digits)}`
}

const LEAST = -(2n ** 63n)

/** −2^63 from text: after a minus sign 2^63 is too large for a bigint, and would be a decimal. */
function whole(value: bigint): Sql {
  return value === LEAST ? sql`bigint '-9223372036854775808'` : integerLiteral(value)
}

/** Microseconds from 1970 to the first instant that PostgreSQL has, 4714-11-24 BC. */
const FIRST_INSTANT = -210_866_803_200_000_000n
/** The last that JavaScript's calendar has, which spells the literal: 275760-09-13. */
const LAST_INSTANT = 8_640_000_000_000_000_000n
const SECOND = 1_000_000n

/** An instant as PostgreSQL reads it in any DateStyle: `2024-01-02 03:04:05.000006`, with BC where the year is below 1. */
function instant(micros: bigint): Sql {
  const fraction = ((micros % SECOND) + SECOND) % SECOND
  const date = new Date(Number((micros - fraction) / 1000n))
  const year = date.getUTCFullYear()
  const rest = date
    .toISOString()
    .replace(/^[+-]?\d+/, '')
    .slice(0, -'.000Z'.length)
    .replace('T', ' ')
  const shown = String(year > 0 ? year : 1 - year).padStart(4, '0')
  return sql`timestamp ${textLiteral(`${shown}${rest}.${String(fraction).padStart(6, '0')}${year > 0 ? '' : ' BC'}`)}`
}

/** A literal as PostgreSQL reads it beside a value of the same type: a small whole number is an integer there. */
export const bareLiteral = literalFrom({ text, double, whole, instant, types: postgresqlTypes })

/** A literal with the type of its kind even where it stands alone: int is bigint, and a text is no unknown. */
export function literal(node: Literal): Sql {
  if (node.value === null) return bareLiteral(node)
  switch (node.type.kind) {
    case 'int':
    case 'duration':
      return sql`CAST(${bareLiteral(node)} AS bigint)`
    case 'string':
      return sql`CAST(${bareLiteral(node)} AS text)`
    default:
      return bareLiteral(node)
  }
}

/** How PostgreSQL writes values. */
export const postgresqlLiterals: Literals = { text, double, bare: bareLiteral, literal }

/** Why PostgreSQL cannot hold a literal; undefined where it can. */
export function refusedValue({ type, value }: Literal): string | undefined {
  if (typeof value === 'string' && type.kind === 'string' && value.includes('\0')) {
    return 'PostgreSQL holds no text with a NUL character'
  }
  if (value !== null && type.kind === 'timestamp' && (BigInt(value) < FIRST_INSTANT || BigInt(value) > LAST_INSTANT)) {
    return 'PostgreSQL holds no time before 4714-11-24 BC, and none is written after 275760-09-13'
  }
  return undefined
}

/** The bytes of a name that PostgreSQL reads; of a longer one it would silently read the beginning. */
const NAME_BYTES = 63

/** Why PostgreSQL cannot have a column of this name; undefined where it can. */
export function refusedName(name: string): string | undefined {
  const bytes = new TextEncoder().encode(name).length
  return bytes > NAME_BYTES ? `PostgreSQL cuts names to ${NAME_BYTES} bytes, and this one has ${bytes}` : undefined
}

/** A name, always quoted. One that PostgreSQL would cut is refused: the check says so before. */
export function postgresqlIdentifier(name: string): Sql {
  const refused = refusedName(name)
  if (refused !== undefined) throw new RangeError(`${refused}: ${name}`)
  return identifier(name)
}
