import type { EvaluationErrorCode, Literal } from './expr.ts'

/** A timestamp: microseconds since 1970-01-01T00:00:00Z. */
export interface Timestamp {
  readonly timestamp: bigint
}

/** A duration in microseconds. */
export interface Duration {
  readonly duration: bigint
}

/** A whole row: its cells by column name; a null cell is missing. */
export type RecordValue = ReadonlyMap<string, Value | null>

/** What an expression evaluates to: int → bigint, double → number, string → string, bool → boolean. */
export type Value = boolean | bigint | number | string | Timestamp | Duration | RecordValue

/** Why an expression has no value on a row. */
export interface EvaluationError {
  readonly error: EvaluationErrorCode
}

/** True for the error results of evaluation. */
export function isError(value: Value | EvaluationError): value is EvaluationError {
  return typeof value === 'object' && 'error' in value
}

/** The value a literal of the tree stands for; null for the null literal. */
export function literalValue(literal: Literal): Value | null {
  const { type, value } = literal
  if (value === null) return null
  switch (type.kind) {
    case 'int':
      return BigInt(value as string)
    case 'timestamp':
      return { timestamp: BigInt(value as string) }
    case 'duration':
      return { duration: BigInt(value as string) }
    case 'double':
      return Number(value)
    default:
      return value as boolean | string
  }
}
