import type { List, Optional, Value } from '../value.ts'
import { error, type Outcome } from './implementation.ts'
import { kindOf } from './kinds.ts'

/** Whether a value is the empty, zero, false or null one of its kind. */
function isZero(value: Value): boolean {
  switch (kindOf(value)) {
    case 'bool':
      return value === false
    case 'int':
      return value === 0n
    case 'double':
      return value === 0
    case 'string':
      return value === ''
    case 'uint':
      return (value as { uint: bigint }).uint === 0n
    case 'bytes':
      return (value as { bytes: Uint8Array }).bytes.length === 0
    case 'list':
      return (value as List).list.length === 0
    case 'map':
      return (value as { map: ReadonlyMap<string, unknown> }).map.size === 0
    case 'duration':
      return (value as { duration: bigint }).duration === 0n
    case 'optional':
      return (value as Optional).optional === undefined
    case 'null':
      return true
    default:
      return false
  }
}

function present({ list }: List): Outcome {
  if (!list.every((value) => kindOf(value) === 'optional')) return error('no-such-overload')
  return { list: (list as readonly Optional[]).flatMap(({ optional }) => (optional === undefined ? [] : [optional])) }
}

/** Optionals. */
export const optionals = {
  optional_of: (a: Value): Outcome => ({ optional: a }),
  optional_of_non_zero: (a: Value): Outcome => ({ optional: isZero(a) ? undefined : a }),
  optional_none: (): Outcome => ({ optional: undefined }),
  has_value: (a: Optional): Outcome => a.optional !== undefined,
  value_of: (a: Optional): Outcome => a.optional ?? error('no-value'),
  unwrap: present,
  unwrap_opt: present,
}
