import { BOOL, type Type } from '../../type.ts'
import { global, method, type RowFunction } from '../row-function.ts'

const A: Type = { kind: 'param', name: 'A' }
const OPTIONAL: Type = { kind: 'optional', of: A }

/** Optionals; `or`, `orValue`, `optMap` and `optFlatMap` are nodes of their own, since they do not read all their parts. */
export const optionals = {
  optional_of: global('optional.of', [A], OPTIONAL, 'An optional that has the value.'),
  optional_of_non_zero: global(
    'optional.ofNonZeroValue',
    [A],
    OPTIONAL,
    'An optional that has the value, or none where it is empty, zero, false or null.',
  ),
  optional_none: global('optional.none', [], OPTIONAL, 'An optional without a value.'),
  has_value: method('hasValue', [OPTIONAL], BOOL, 'It has a value.'),
  value_of: method('value', [OPTIONAL], A, 'The value; without one `no-value`.'),
  unwrap: global(
    'optional.unwrap',
    [{ kind: 'list', element: OPTIONAL }],
    { kind: 'list', element: A },
    'The values of those that have one.',
  ),
  unwrap_opt: method(
    'unwrapOpt',
    [{ kind: 'list', element: OPTIONAL }],
    { kind: 'list', element: A },
    'The values of those that have one.',
  ),
} as const satisfies Record<string, RowFunction>
