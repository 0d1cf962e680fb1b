import type { EvaluationErrorCode } from '../expr/expr.ts'
import type { EvaluationError, Value } from '../expr/value.ts'
import { isError } from '../expr/value.ts'

/** An answer of any implementation, in one form: a time is bigint microseconds, a whole number a bigint. */
export type RowAnswer =
  | { readonly value: boolean | bigint | number | string }
  /** `other`: an error of which the implementation tells only that it is not `missing`. */
  | { readonly error: EvaluationErrorCode | 'other' }
  /** It threw, or gave something that is no answer: never equal to anything. */
  | { readonly broken: string }
  /** It was not asked, or did not decide in its time: no answer, and no disagreement. */
  | { readonly open: 'not asked' | 'not decided' }

/** How much an implementation tells of an error: its code, whether it is `missing`, or that there is one. */
export type ErrorDetail = 'code' | 'missing' | 'any'

/** The answer that a value of the reference evaluator is. */
export function answerOf(value: Value | EvaluationError): RowAnswer {
  if (isError(value)) return value
  if (typeof value !== 'object') return { value }
  if ('timestamp' in value && typeof value.timestamp === 'bigint') return { value: value.timestamp }
  if ('duration' in value && typeof value.duration === 'bigint') return { value: value.duration }
  return { broken: 'a value that is no cell' }
}

/** Same value (−0 equals 0: no expression can tell them apart). */
export function sameValue(a: unknown, b: unknown): boolean {
  return typeof a === typeof b && (a === b || (Number.isNaN(a) && Number.isNaN(b)))
}

/** Whether an answer is the reference's, in as much detail as the implementation tells of errors. */
export function agrees(reference: RowAnswer, other: RowAnswer, detail: ErrorDetail): boolean {
  if ('broken' in reference || 'broken' in other || 'open' in reference) return false
  if ('open' in other) return true
  if ('value' in reference || 'value' in other)
    return 'value' in reference && 'value' in other && sameValue(reference.value, other.value)
  if (detail === 'code') return reference.error === other.error
  return detail === 'any' || (reference.error === 'missing') === (other.error === 'missing')
}

/** An answer in words. */
export function answerText(answer: RowAnswer): string {
  if ('broken' in answer) return `broken: ${answer.broken}`
  if ('open' in answer) return answer.open
  if ('error' in answer) return answer.error === 'other' ? 'an error other than missing' : `error ${answer.error}`
  const { value } = answer
  if (typeof value === 'bigint') return String(value)
  return Object.is(value, -0) ? '-0.0' : typeof value === 'string' ? JSON.stringify(value) : String(value)
}
