/** Static types of expressions. Plain JSON, because lowered clauses carry them. */
export type Type =
  | { readonly kind: 'bool'; readonly category?: true }
  | { readonly kind: 'int'; readonly category?: true }
  | { readonly kind: 'double' }
  | { readonly kind: 'string'; readonly category?: true }
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'duration' }
  | { readonly kind: 'null' }
  | { readonly kind: 'uint' }
  | { readonly kind: 'bytes' }
  /** What an image holds: equal where the bytes are, wherever they are kept. */
  | { readonly kind: 'image' }
  /** Known only when it is evaluated. */
  | { readonly kind: 'dyn' }
  | { readonly kind: 'list'; readonly element: Type }
  | { readonly kind: 'map'; readonly key: Type; readonly value: Type }
  /** A value or none. */
  | { readonly kind: 'optional'; readonly of: Type }
  /** A type as a value: `type(x)`, `int`. */
  | { readonly kind: 'type'; readonly of: Type }
  /** Any type, the same wherever the name stands: in the function table, and while a type is being found. */
  | { readonly kind: 'param'; readonly name: string }
  /** A whole row: a bound variable, or the outputs (and `decision`) of a model. */
  | { readonly kind: 'record'; readonly of: string; readonly fields: Readonly<Record<string, Type>> }

/** Column types of the spec. `integer` = int64, `number` = float64, `timestamp` = UTC microseconds; a list's elements are never missing. */
export type ColumnType = 'integer' | 'number' | 'boolean' | 'category' | 'text' | 'timestamp' | 'list' | 'image'

/** What the elements of a list may be. */
export type ElementType = Exclude<ColumnType, 'category' | 'list' | 'image'>

/** The kinds a cell can have. */
export type ScalarKind = 'bool' | 'int' | 'double' | 'string' | 'timestamp' | 'duration'

/** Truth values. */
export const BOOL: Type = { kind: 'bool' }
/** 64-bit integers. */
export const INT: Type = { kind: 'int' }
/** 64-bit floats; NaN is missing. */
export const DOUBLE: Type = { kind: 'double' }
/** Texts. */
export const STRING: Type = { kind: 'string' }
/** Microseconds since 1970-01-01 in UTC. */
export const TIMESTAMP: Type = { kind: 'timestamp' }
/** Microseconds. */
export const DURATION: Type = { kind: 'duration' }
/** The type of the literal `null`. */
export const NULL: Type = { kind: 'null' }

/** Unsigned 64-bit integers. */
export const UINT: Type = { kind: 'uint' }
/** Octets. */
export const BYTES: Type = { kind: 'bytes' }
/** Images. */
export const IMAGE: Type = { kind: 'image' }
/** A value whose type is known only when it is evaluated. */
export const DYN: Type = { kind: 'dyn' }

/** How a type is named in messages. */
export function typeName(type: Type): string {
  switch (type.kind) {
    case 'list':
      return `list of ${typeName(type.element)}`
    case 'map':
      return `map of ${typeName(type.key)} to ${typeName(type.value)}`
    case 'optional':
      return `optional ${typeName(type.of)}`
    case 'type':
      return `type ${typeName(type.of)}`
    case 'param':
      return type.name
    case 'record':
      return `row of ${type.of}`
    case 'int':
    case 'string':
    case 'bool':
      return type.category ? `category (${type.kind})` : type.kind
    default:
      return type.kind
  }
}
