import type { Expr } from '../../expr/expr.ts'
import { type EvaluationError, isError, type Value } from '../../expr/value.ts'
import { scalarKind } from './encoding.ts'
import { above, below, fractionOf } from './float64.ts'
import { double } from './numbers.ts'
import type { Question } from './question.ts'
import { and, equal, implies, integer, not, or, real, render, smt, type Term, truth } from './term.ts'
import { textTerm } from './text.ts'

/** What a part of a condition is on the row at hand: the answer of the reference evaluator. */
export type ValueOf = (part: Expr) => Value | EvaluationError

/**
 * Facts, true of every row, that tell the solver what it got wrong at the row it proposed: the float64 there are around a
 * number that is none, what a sum is rounded to, what a function is of these arguments. By their text.
 */
export function refine(question: Question, valueOf: ValueOf): ReadonlyMap<string, Term> {
  const { encoding, cells } = question
  const facts = new Map<string, Term>()
  const add = (fact: Term): void => void facts.set(render(fact), fact)
  for (const column of cells.doubles) {
    const cell = valueOf(column)
    if (typeof cell === 'number' && Number.isFinite(cell)) add(gap(cells.read(column).value, cell))
  }
  for (const { expr, exact, value } of encoding.roundings) {
    const result = valueOf(expr)
    if (typeof result !== 'number' || !Number.isFinite(result)) continue
    const [low, high] = [middle(below(result), result), middle(result, above(result))]
    add(implies(and(smt`(< ${low} ${exact})`, smt`(< ${exact} ${high})`), equal(value, double(result))))
    add(gap(value, result))
  }
  for (const { expr, args, value, error, cells: columns } of encoding.applications) {
    const made = valueOf(expr)
    const same = isError(made) ? undefined : valueIs(value, made)
    const is = isError(made) ? error : same === undefined ? undefined : and(not(error), same)
    if (is === undefined) continue
    const given =
      columns === undefined
        ? args.map((arg) => {
            const read = valueOf(arg.expr)
            return isError(read) ? undefined : valueIs(arg.value, read)
          })
        : columns.map((column) => {
            // What depends on a list is not known by its cells.
            if (scalarKind(column.type) === undefined) return undefined
            const { value: cell, missing } = cells.read(column)
            const read = valueOf(column)
            if (isError(read)) return missing
            const of = valueIs(cell, read)
            return of === undefined ? undefined : and(not(missing), of)
          })
    if (given.every((each) => each !== undefined)) add(implies(and(...given), is))
  }
  return facts
}

/** That a number lies in none of the two gaps around a float64. */
export function gap(value: Term, at: number): Term {
  const [low, high] = [below(at), above(at)]
  return and(
    or(smt`(<= ${value} ${double(low)})`, smt`(>= ${value} ${double(at)})`),
    or(smt`(<= ${value} ${double(at)})`, smt`(>= ${value} ${double(high)})`),
  )
}

/** Half way between two float64 next to each other; where one of them is infinite, half a unit beyond the other. */
function middle(low: number, high: number): Term {
  if (!Number.isFinite(high)) return middleBeyond(low)
  if (!Number.isFinite(low)) return smt`(- ${middleBeyond(-high)})`
  const [a, b] = [fractionOf(low), fractionOf(high)]
  return real(a.numerator * b.denominator + b.numerator * a.denominator, 2n * a.denominator * b.denominator)
}

const middleBeyond = (greatest: number): Term => real(fractionOf(greatest).numerator + 2n ** 970n)

/** A term is a value; undefined where SMT-LIB cannot write it. */
function valueIs(term: Term, value: Value): Term | undefined {
  switch (typeof value) {
    case 'boolean':
      return equal(term, truth(value))
    case 'bigint':
      return equal(term, integer(value))
    case 'number':
      return Number.isNaN(value) ? undefined : equal(term, double(value))
    case 'string': {
      const text = textTerm(value)
      return text === undefined ? undefined : equal(term, text)
    }
    default:
      if ('timestamp' in value && typeof value.timestamp === 'bigint') return equal(term, integer(value.timestamp))
      return 'duration' in value && typeof value.duration === 'bigint'
        ? equal(term, integer(value.duration))
        : undefined
  }
}
