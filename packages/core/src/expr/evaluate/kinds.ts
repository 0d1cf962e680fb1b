import type { Type } from '../type.ts'
import type { Value } from '../value.ts'

/** The kind of a type that a value has by itself. */
export type ValueKind = Exclude<Type['kind'], 'dyn' | 'param'>

/** The kind of a value. */
export function kindOf(value: Value): ValueKind {
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return 'double'
    case 'string':
      return 'string'
  }
  if ('timestamp' in value) return 'timestamp'
  if ('duration' in value) return 'duration'
  if ('uint' in value) return 'uint'
  if ('bytes' in value) return 'bytes'
  if ('list' in value) return 'list'
  if ('map' in value) return 'map'
  if ('optional' in value) return 'optional'
  if ('type' in value) return 'type'
  return 'null' in value ? 'null' : 'record'
}

/** Whether a value can stand where an overload wants a type; what a list or map holds is not looked at. */
export function accepts(wanted: Type, value: Value): boolean {
  return wanted.kind === 'dyn' || wanted.kind === 'param' || wanted.kind === kindOf(value)
}

/** The CEL name of a value's type. */
export function typeNameOf(value: Value): string {
  const kind = kindOf(value)
  switch (kind) {
    case 'timestamp':
      return 'google.protobuf.Timestamp'
    case 'duration':
      return 'google.protobuf.Duration'
    case 'null':
      return 'null_type'
    case 'optional':
      return 'optional_type'
    default:
      return kind
  }
}
