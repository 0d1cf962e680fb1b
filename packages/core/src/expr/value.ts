import type { EvaluationErrorCode, Literal } from './expr.ts'
import type { Type } from './type.ts'

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

/** An unsigned 64-bit integer. */
export interface Uint {
  readonly uint: bigint
}

/** Octets. */
export interface Bytes {
  readonly bytes: Uint8Array
}

/** The value `null`, where it is a value and no missing cell: in expressions without columns. */
export interface Null {
  readonly null: true
}

/** A list. */
export interface List {
  readonly list: readonly Value[]
}

/** A map, by `mapKey` of its keys, in the order written. */
export interface MapValue {
  readonly map: ReadonlyMap<string, { readonly key: Value; readonly value: Value }>
}

/** A value or none. */
export interface Optional {
  readonly optional: Value | undefined
}

/** A type as a value, by its CEL name. */
export interface TypeValue {
  readonly type: string
}

/** What an expression evaluates to: int → bigint, double → number, string → string, bool → boolean. */
export type Value =
  | boolean
  | bigint
  | number
  | string
  | Timestamp
  | Duration
  | RecordValue
  | Uint
  | Bytes
  | Null
  | List
  | MapValue
  | Optional
  | TypeValue

/** The value `null`. */
export const NULL_VALUE: Null = { null: true }

/** Why an expression has no value on a row. */
export interface EvaluationError {
  readonly error: EvaluationErrorCode
}

/** True for the error results of evaluation. */
export function isError(value: Value | EvaluationError): value is EvaluationError {
  return typeof value === 'object' && 'error' in value
}

/** The value a literal of the tree stands for; null for a missing cell written out. */
export function literalValue(literal: Literal): Value | null {
  const { type, value } = literal
  if (value === null) return type.kind === 'null' ? NULL_VALUE : null
  switch (type.kind) {
    case 'uint':
      return { uint: BigInt(value as string) }
    case 'bytes':
      return { bytes: Uint8Array.from(value as string, (char) => char.charCodeAt(0)) }
    case 'type':
      return { type: value as string }
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

/** The literal that stands for a value of a scalar kind, as the tree encodes it; NaN is a missing cell, as null is. */
export function literalOf(type: Type, value: Value | null): Literal {
  const encoded = (of: Literal['value']): Literal => ({ node: 'literal', type, value: of })
  if (value === null || Number.isNaN(value)) return encoded(null)
  if (typeof value === 'bigint') return encoded(String(value))
  if (typeof value === 'number') return encoded(Number.isFinite(value) ? value : value > 0 ? 'Infinity' : '-Infinity')
  if (typeof value !== 'object') return encoded(value)
  if ('timestamp' in value) return encoded(String((value as Timestamp).timestamp))
  return encoded(String((value as Duration).duration))
}
