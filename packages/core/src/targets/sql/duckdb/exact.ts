import { integerLiteral, type Sql, sql } from '../sql.ts'
import { double } from './literals.ts'
import type { Operand } from './spelling.ts'

/** The six comparisons. */
export type Comparison = '<' | '<=' | '>' | '>=' | '=' | '<>'

const written: Readonly<Record<Comparison, Sql>> = {
  '<': sql`<`,
  '<=': sql`<=`,
  '>': sql`>`,
  '>=': sql`>=`,
  '=': sql`=`,
  '<>': sql`<>`,
}
const mirrored: Readonly<Record<Comparison, Comparison>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '=': '=',
  '<>': '<>',
}

/** Compares two operands of one type. */
export const compare = (op: Comparison, a: Sql, b: Sql): Sql => sql`(${a} ${written[op]} ${b})`

/** A constant, but NULL where the operand is NULL. */
export const constantUnlessNull = (value: boolean, operand: Sql): Sql =>
  value ? sql`(${operand} IS NOT NULL OR NULL)` : sql`(${operand} IS NULL AND NULL)`

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n

/** Compares an int with a number known here: the bound becomes a whole number, so the column stays bare. */
function intWithNumber(op: Comparison, int: Sql, number: number): Sql {
  if (!Number.isFinite(number)) {
    return constantUnlessNull(op === '<>' || (number > 0 ? op.startsWith('<') : op.startsWith('>')), int)
  }
  const whole = Number.isInteger(number)
  if (!whole && (op === '=' || op === '<>')) return constantUnlessNull(op === '<>', int)
  // i < 2.5 ⇔ i < 3, i <= 2.5 ⇔ i <= 2; upward for < and >=, downward for <= and >.
  const bound = BigInt(op === '<' || op === '>=' ? Math.ceil(number) : Math.floor(number))
  if (bound > MAX) return constantUnlessNull(op.startsWith('<'), int)
  if (bound < MIN) return constantUnlessNull(op.startsWith('>') || op === '<>', int)
  return compare(op, int, integerLiteral(bound))
}

/** Compares a number with an int known here: where float64 cannot hold it, with its neighbour on the right side. */
function numberWithInt(op: Comparison, number: Sql, int: bigint): Sql {
  const nearest = Number(int)
  const exact = BigInt(nearest)
  if (exact === int) return compare(op, number, double(nearest))
  if (op === '=' || op === '<>') return constantUnlessNull(op === '<>', number)
  const upward = op.startsWith('>')
  // No float64 lies between the int and `nearest`, so `nearest` itself is on the far side of the int or not.
  const included = upward ? exact > int : exact < int
  return compare(upward ? (included ? '>=' : '>') : included ? '<=' : '<', number, double(nearest))
}

/**
 * Compares the exact numbers of an int and a double. Beyond 2^53 the cast rounds; as it is monotone, a strict order of
 * the rounded values is the true one, and only a tie has to be settled on whole numbers of 128 bits.
 */
export function compareIntDouble(op: Comparison, int: Operand, number: Operand): Sql {
  if (number.literal !== undefined) return intWithNumber(op, int.sql, Number(number.literal.value))
  if (int.literal !== undefined) {
    return numberWithInt(mirrored[op], number.sql, BigInt(int.literal.value as string))
  }
  if (op === '<>') return sql`(NOT ${compareIntDouble('=', int, number)})`
  const rounded = sql`CAST(${int.sql} AS DOUBLE)`
  const tie = sql`(${rounded} = ${number.sql} AND ${compare(op, sql`CAST(${int.sql} AS HUGEINT)`, sql`TRY_CAST(${number.sql} AS HUGEINT)`)})`
  if (op === '=') return tie
  const strict = compare(op.startsWith('<') ? '<' : '>', rounded, number.sql)
  const safe = sql`${int.sql} BETWEEN -9007199254740992 AND 9007199254740992`
  return sql`(CASE WHEN ${safe} THEN ${compare(op, rounded, number.sql)} ELSE (${strict} OR ${tie}) END)`
}

/** Compares a double with an int. */
export const compareDoubleInt = (op: Comparison, number: Operand, int: Operand): Sql =>
  compareIntDouble(mirrored[op], int, number)
