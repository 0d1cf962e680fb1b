import { type Comparison, compare, constantUnlessNull, mixedComparison } from '../exact.ts'
import { type Sql, sql } from '../sql.ts'
import { double, postgresqlLiterals } from './literals.ts'

const top = double(2 ** 63)
const bottom = double(-(2 ** 63))

/**
 * The number becomes a whole one: a < d ⇔ a < ⌈d⌉, a <= d ⇔ a <= ⌊d⌋. A cast to numeric would not do: it keeps 15 digits.
 * Beyond int64 the answer is known.
 */
function compareCells(op: Comparison, int: Sql, number: Sql): Sql {
  if (op === '<>') return sql`(NOT ${compareCells('=', int, number)})`
  const rounded = op === '<' || op === '>=' ? sql`ceil(${number})` : sql`floor(${number})`
  const within = compare(op, int, sql`CAST(${rounded} AS bigint)`)
  // An AND would be false, not NULL, where the int is missing and the number not whole.
  const inside =
    op === '='
      ? sql`CASE WHEN ${rounded} = ${number} THEN ${within} ELSE ${constantUnlessNull(false, int)} END`
      : within
  return sql`(CASE WHEN ${number} >= ${top} THEN ${constantUnlessNull(op.startsWith('<'), int)} WHEN ${number} >= ${bottom} THEN ${inside} WHEN ${number} < ${bottom} THEN ${constantUnlessNull(op.startsWith('>'), int)} END)`
}

/** Compares the exact numbers of an int and a double. */
export const postgresqlMixed = mixedComparison(postgresqlLiterals, compareCells)
