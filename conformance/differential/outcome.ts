import type { EvaluationErrorCode } from '../../packages/core/src/expr/expr.ts'

/** An answer of any implementation, in one form: times are bigint microseconds. */
export type Outcome =
  | { readonly value: boolean | bigint | number | string }
  | { readonly error: EvaluationErrorCode }
  /** It threw, or gave something that is no answer: always a disagreement. */
  | { readonly broken: string }

/** What SQL says: a value, or an error of which only `missing` is told apart. */
export type SqlOutcome =
  | { readonly value: boolean | bigint | number | string }
  | { readonly error: 'missing' | 'other' }
  | { readonly broken: string }

/** For messages. */
export function show(outcome: Outcome | SqlOutcome): string {
  if ('broken' in outcome) return `broken: ${outcome.broken}`
  if ('error' in outcome) return `error ${outcome.error}`
  const { value } = outcome
  if (typeof value === 'bigint') return `${value}n`
  return Object.is(value, -0) ? '-0' : typeof value === 'string' ? JSON.stringify(value) : String(value)
}

/** Same value (−0 equals 0: no expression can tell them apart). */
export function sameValue(a: unknown, b: unknown): boolean {
  return typeof a === typeof b && (a === b || (Number.isNaN(a) && Number.isNaN(b)))
}

/** The reference and JavaScript must agree to the error code. */
export function agrees(reference: Outcome, other: Outcome): boolean {
  if ('broken' in reference || 'broken' in other) return false
  if ('error' in reference || 'error' in other)
    return 'error' in reference && 'error' in other && reference.error === other.error
  return sameValue(reference.value, other.value)
}

/** SQL must agree on the value, on being an error, and on the error being `missing`. */
export function agreesWithSql(reference: Outcome, other: SqlOutcome): boolean {
  if ('broken' in reference || 'broken' in other) return false
  if ('error' in reference || 'error' in other) {
    return 'error' in reference && 'error' in other && (reference.error === 'missing') === (other.error === 'missing')
  }
  return sameValue(reference.value, other.value)
}
