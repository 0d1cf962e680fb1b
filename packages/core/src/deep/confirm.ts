import { createEvaluator } from '../expr/evaluate/evaluate.ts'
import type { Expr } from '../expr/expr.ts'
import { type EvaluationError, isError, type RecordValue, type Value } from '../expr/value.ts'
import type { Demand, SmtColumn } from '../targets/smt/index.ts'
import { oncePer } from './once-per.ts'

/** A regular expression is compiled once for the condition it stands in, however many rows are tried. */
const evaluatorOf = oncePer((_part: Expr) => createEvaluator())

/** Evaluates parts of conditions on one row. A part that cannot be evaluated at all counts as the error `too-costly`. */
export function onRow(row: RecordValue): (part: Expr) => Value | EvaluationError {
  return (part) => {
    try {
      return evaluatorOf(part).evaluate(part, { row })
    } catch (thrown) {
      // A timestamp beyond every calendar has no parts.
      if (thrown instanceof RangeError) return { error: 'too-costly' }
      throw thrown
    }
  }
}

/** Whether a row meets a demand, by the reference evaluator. */
export function meets(demand: Demand, valueOf: (part: Expr) => Value | EvaluationError): boolean {
  const { expr, within, missing, holds } = demand
  if (within !== undefined && valueOf(within) !== true) return holds
  const value = valueOf(expr)
  const met = isError(value) ? missing !== 'fail' && value.error === 'missing' : value === true
  return met === holds
}

/** Whether a row lies in what is taken for granted of the columns. */
export function inDomain(row: RecordValue, columns: ReadonlyMap<string, SmtColumn>): boolean {
  return [...row].every(([name, cell]) => {
    const column = columns.get(name)
    if (column === undefined) return true
    if (cell === null) return column.optional !== false
    const { low, high, values } = column
    if (low !== undefined && quantity(cell) < ofBound(cell, low)) return false
    if (high !== undefined && quantity(cell) > ofBound(cell, high)) return false
    if (values === undefined || values.length === 0) return true
    return values.some(({ code }) => (typeof cell === 'bigint' ? BigInt(code) === cell : code === cell))
  })
}

function quantity(cell: Value): bigint | number {
  if (typeof cell === 'bigint' || typeof cell === 'number') return cell
  if (typeof cell !== 'object') return Number.NaN
  if ('timestamp' in cell) return cell.timestamp as bigint
  return 'duration' in cell ? (cell.duration as bigint) : Number.NaN
}

const ofBound = (cell: Value, bound: number | string): bigint | number =>
  typeof cell === 'number' ? Number(bound) : BigInt(bound)
