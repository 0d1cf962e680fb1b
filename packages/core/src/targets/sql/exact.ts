import type { Literals } from './literals.ts'
import type { Operand } from './spelling.ts'
import { type Sql, sql } from './sql.ts'

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

/** Compares the exact numbers of an int and a double. */
export type MixedComparison = (op: Comparison, int: Operand, number: Operand) => Sql

/**
 * Comparisons of an int with a double, by the exact numbers. A literal on either side becomes a bound of the other
 * side's type here; `ofCells` compares where neither is known.
 */
export function mixedComparison(literals: Literals, ofCells: (op: Comparison, int: Sql, number: Sql) => Sql) {
  const integer = (value: bigint): Sql =>
    literals.bare({ node: 'literal', type: { kind: 'int' }, value: String(value) })

  /** Compares an int with a number known here: the bound becomes a whole number, so the column stays bare. */
  const intWithNumber = (op: Comparison, int: Sql, number: number): Sql => {
    if (!Number.isFinite(number)) {
      return constantUnlessNull(op === '<>' || (number > 0 ? op.startsWith('<') : op.startsWith('>')), int)
    }
    const whole = Number.isInteger(number)
    if (!whole && (op === '=' || op === '<>')) return constantUnlessNull(op === '<>', int)
    // i < 2.5 ⇔ i < 3, i <= 2.5 ⇔ i <= 2; upward for < and >=, downward for <= and >.
    const bound = BigInt(op === '<' || op === '>=' ? Math.ceil(number) : Math.floor(number))
    if (bound > MAX) return constantUnlessNull(op.startsWith('<'), int)
    if (bound < MIN) return constantUnlessNull(op.startsWith('>') || op === '<>', int)
    return compare(op, int, integer(bound))
  }

  /** Compares a number with an int known here: where float64 cannot hold it, with its neighbour on the right side. */
  const numberWithInt = (op: Comparison, number: Sql, int: bigint): Sql => {
    const nearest = Number(int)
    const exact = BigInt(nearest)
    if (exact === int) return compare(op, number, literals.double(nearest))
    if (op === '=' || op === '<>') return constantUnlessNull(op === '<>', number)
    const upward = op.startsWith('>')
    // No float64 lies between the int and `nearest`, so `nearest` itself is on the far side of the int or not.
    const included = upward ? exact > int : exact < int
    return compare(upward ? (included ? '>=' : '>') : included ? '<=' : '<', number, literals.double(nearest))
  }

  const intDouble: MixedComparison = (op, int, number) => {
    if (number.literal !== undefined) return intWithNumber(op, int.sql, Number(number.literal.value))
    if (int.literal !== undefined) {
      return numberWithInt(mirrored[op], number.sql, BigInt(int.literal.value as string))
    }
    return ofCells(op, int.sql, number.sql)
  }
  return {
    intDouble,
    doubleInt: (op: Comparison, number: Operand, int: Operand) => intDouble(mirrored[op], int, number),
  }
}

const TOP = 2 ** 63

/** How a database rounds a double to an int, asked within int64 only; a value beyond may be anything that does not raise. */
export interface Rounding {
  readonly floor: (number: Sql) => Sql
  readonly ceil: (number: Sql) => Sql
}

/**
 * Compares cells by making the number a whole one: a < d ⇔ a < ⌈d⌉, a <= d ⇔ a <= ⌊d⌋. Beyond int64 the answer is known. For
 * `mixedComparison`, where a database compares an int with a double as doubles.
 */
export function byRounding({ double }: Literals, { floor, ceil }: Rounding) {
  return function compareCells(op: Comparison, int: Sql, number: Sql): Sql {
    if (op === '<>') return sql`(NOT ${compareCells('=', int, number)})`
    const rounded = op === '<' || op === '>=' ? ceil(number) : floor(number)
    const within = compare(op, int, rounded)
    // An AND would be false, not NULL, where the int is missing and the number not whole.
    const inside =
      op === '='
        ? sql`CASE WHEN floor(${number}) = ${number} THEN ${within} ELSE ${constantUnlessNull(false, int)} END`
        : within
    return sql`(CASE WHEN ${number} >= ${double(TOP)} THEN ${constantUnlessNull(op.startsWith('<'), int)} WHEN ${number} >= ${double(-TOP)} THEN ${inside} WHEN ${number} < ${double(-TOP)} THEN ${constantUnlessNull(op.startsWith('>'), int)} END)`
  }
}
