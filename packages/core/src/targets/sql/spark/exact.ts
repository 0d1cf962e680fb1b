import { type Comparison, compare, constantUnlessNull, mixedComparison } from '../exact.ts'
import { type Sql, sql } from '../sql.ts'
import { double, sparkLiterals } from './literals.ts'

const top = double(2 ** 63)
const bottom = double(-(2 ** 63))

/**
 * The number becomes a whole one: a < d ⇔ a < ⌈d⌉, a <= d ⇔ a <= ⌊d⌋. Beyond int64, where `floor` and `ceil` end, the answer is
 * known.
 */
function compareCells(op: Comparison, int: Sql, number: Sql): Sql {
  if (op === '<>') return sql`(NOT ${compareCells('=', int, number)})`
  const rounded = op === '<' || op === '>=' ? sql`ceil(${number})` : sql`floor(${number})`
  const within = compare(op, int, rounded)
  // An AND would be false, not NULL, where the int is missing and the number not whole.
  const inside =
    op === '='
      ? sql`CASE WHEN CAST(${rounded} AS DOUBLE) = ${number} THEN ${within} ELSE ${constantUnlessNull(false, int)} END`
      : within
  return sql`(CASE WHEN ${number} >= ${top} THEN ${constantUnlessNull(op.startsWith('<'), int)} WHEN ${number} >= ${bottom} THEN ${inside} WHEN ${number} < ${bottom} THEN ${constantUnlessNull(op.startsWith('>'), int)} END)`
}

/** Compares the exact numbers of an int and a double. */
export const sparkMixed = mixedComparison(sparkLiterals, compareCells)
