import { type Comparison, compare, mixedComparison } from '../exact.ts'
import { type Sql, sql } from '../sql.ts'
import { duckdbLiterals } from './literals.ts'

/**
 * Beyond 2^53 the cast rounds; as it is monotone, a strict order of the rounded values is the true one, and only a tie
 * has to be settled on whole numbers of 128 bits.
 */
function compareCells(op: Comparison, int: Sql, number: Sql): Sql {
  if (op === '<>') return sql`(NOT ${compareCells('=', int, number)})`
  const rounded = sql`CAST(${int} AS DOUBLE)`
  const tie = sql`(${rounded} = ${number} AND ${compare(op, sql`CAST(${int} AS HUGEINT)`, sql`TRY_CAST(${number} AS HUGEINT)`)})`
  if (op === '=') return tie
  const strict = compare(op.startsWith('<') ? '<' : '>', rounded, number)
  const safe = sql`${int} BETWEEN -9007199254740992 AND 9007199254740992`
  return sql`(CASE WHEN ${safe} THEN ${compare(op, rounded, number)} ELSE (${strict} OR ${tie}) END)`
}

/** Compares the exact numbers of an int and a double. */
export const duckdbMixed = mixedComparison(duckdbLiterals, compareCells)
