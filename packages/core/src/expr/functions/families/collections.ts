import { BOOL, BYTES, DOUBLE, INT, type Type } from '../../type.ts'
import { global, method, operator, type RowFunction } from '../row-function.ts'

const A: Type = { kind: 'param', name: 'A' }
const B: Type = { kind: 'param', name: 'B' }
const LIST: Type = { kind: 'list', element: A }
const MAP: Type = { kind: 'map', key: A, value: B }
const optional = (of: Type): Type => ({ kind: 'optional', of })

/** Lists and maps: the operators of CEL, and its extension for lists. */
export const collections = {
  eq_any: operator(
    '==',
    [A, A],
    BOOL,
    'Equal: numbers by value whatever their kind, lists and maps by their parts; values of other kinds differ.',
  ),
  ne_any: operator('!=', [A, A], BOOL, 'Not equal.'),
  size_bytes: global('size', [BYTES], INT, 'Number of octets. Also a method.'),
  size_list: global('size', [LIST], INT, 'Number of elements. Also a method.'),
  norm_list: global(
    'math.norm',
    [{ kind: 'list', element: DOUBLE }],
    DOUBLE,
    'Euclidean norm: the root of the sum of squares, added in order. Elements nearer to 0 than 1e-150 count as 0; one beyond ±1e150 is `non-finite`.',
  ),
  size_map: global('size', [MAP], INT, 'Number of keys. Also a method.'),
  add_list: operator('+', [LIST, LIST], LIST, 'Concatenation.'),
  in_list: operator('in', [A, LIST], BOOL, 'An element equals it.'),
  in_map: operator('in', [A, MAP], BOOL, 'It is a key.'),
  index_list: operator('[]', [LIST, INT], A, 'The element at a place from 0; outside is `invalid-argument`.'),
  index_map: operator('[]', [MAP, A], B, 'The value of a key; without it `no-such-key`.'),
  find_list: operator('[?]', [LIST, INT], optional(A), 'The element at a place, or none.'),
  find_map: operator('[?]', [MAP, A], optional(B), 'The value of a key, or none.'),
  find_optional_list: operator(
    '[?]',
    [optional(LIST), INT],
    optional(A),
    'The element at a place of the list, or none.',
  ),
  find_optional_map: operator('[?]', [optional(MAP), A], optional(B), 'The value of a key of the map, or none.'),
  index_optional_list: operator(
    '[]',
    [optional(LIST), INT],
    optional(A),
    'The element at a place of the list; none stays none.',
  ),
  index_optional_map: operator(
    '[]',
    [optional(MAP), A],
    optional(B),
    'The value of a key of the map; none stays none.',
  ),
  slice: method('slice', [LIST, INT, INT], LIST, 'From a place to before another; outside is `invalid-argument`.'),
  flatten: method(
    'flatten',
    [{ kind: 'list', element: LIST }],
    LIST,
    'Lists in the list replaced by their elements, one level deep.',
  ),
  flatten_any: method(
    'flatten',
    [LIST],
    { kind: 'list', element: { kind: 'dyn' } },
    'Lists in the list replaced by their elements, one level deep.',
  ),
  flatten_deep: method(
    'flatten',
    [LIST, INT],
    { kind: 'list', element: { kind: 'dyn' } },
    'As flatten, to a depth; a negative one is `invalid-argument`.',
  ),
  sort: method('sort', [LIST], LIST, 'In ascending order; the elements are of one ordered kind.'),
  distinct: method('distinct', [LIST], LIST, 'Without elements that equal an earlier one.'),
  reverse_list: method('reverse', [LIST], LIST, 'In reverse order.'),
  first: method('first', [LIST], optional(A), 'The first element, or none.'),
  last: method('last', [LIST], optional(A), 'The last element, or none.'),
  range: global('lists.range', [INT], { kind: 'list', element: INT }, '0, 1, … below the number.'),
} as const satisfies Record<string, RowFunction>
