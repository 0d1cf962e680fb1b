import type { EvaluationErrorCode } from '../expr.ts'
import type { EvaluationError, Value } from '../value.ts'

/** What evaluation gives: a value, or why there is none. */
export type Outcome = Value | EvaluationError

/** One row of the function table, on arguments that are values of the declared kinds. */
export type Implementation = (...args: never[]) => Outcome

/** The result of an operation that has none. */
export function error(code: EvaluationErrorCode): EvaluationError {
  return { error: code }
}

/** An int, or `overflow` outside of int64. */
export function int64(value: bigint): bigint | EvaluationError {
  return BigInt.asIntN(64, value) === value ? value : error('overflow')
}

/** A finite double, or `non-finite`. */
export function finite(value: number): number | EvaluationError {
  return Number.isFinite(value) ? value : error('non-finite')
}
