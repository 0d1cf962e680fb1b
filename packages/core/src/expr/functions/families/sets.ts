import { BOOL, type Type } from '../../type.ts'
import { global, type RowFunction } from '../row-function.ts'

const A: Type = { kind: 'param', name: 'A' }
const LIST: Type = { kind: 'list', element: A }

/** CEL's extension for lists as sets. */
export const sets = {
  sets_contains: global('sets.contains', [LIST, LIST], BOOL, 'Every element of the second is in the first.'),
  sets_equivalent: global('sets.equivalent', [LIST, LIST], BOOL, 'Each holds every element of the other.'),
  sets_intersects: global('sets.intersects', [LIST, LIST], BOOL, 'They have an element in common.'),
} as const satisfies Record<string, RowFunction>
