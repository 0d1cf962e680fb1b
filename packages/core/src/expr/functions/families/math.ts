import { BOOL, DOUBLE, DYN, INT, type Type, UINT } from '../../type.ts'
import { global, type RowFunction } from '../row-function.ts'

const A: Type = { kind: 'param', name: 'A' }
const LIST: Type = { kind: 'list', element: A }

/** CEL's extension for numbers, beyond the functions of cells. */
export const math = {
  abs_uint: global('math.abs', [UINT], UINT, 'The same.'),
  sign_int: global('math.sign', [INT], INT, '-1, 0 or 1.'),
  sign_uint: global('math.sign', [UINT], UINT, '0 or 1.'),
  sign_double: global('math.sign', [DOUBLE], DOUBLE, '-1.0, 0.0 or 1.0; NaN stays.'),
  sqrt_int: global('math.sqrt', [INT], DOUBLE, 'Square root; of a negative number is `non-finite`.'),
  sqrt_uint: global('math.sqrt', [UINT], DOUBLE, 'Square root.'),
  is_nan: global('math.isNaN', [DOUBLE], BOOL, 'It is NaN.'),
  is_finite: global('math.isFinite', [DOUBLE], BOOL, 'It is neither infinite nor NaN.'),
  bit_and_int: global('math.bitAnd', [INT, INT], INT, 'Bits in both.'),
  bit_and_uint: global('math.bitAnd', [UINT, UINT], UINT, 'Bits in both.'),
  bit_or_int: global('math.bitOr', [INT, INT], INT, 'Bits in either.'),
  bit_or_uint: global('math.bitOr', [UINT, UINT], UINT, 'Bits in either.'),
  bit_xor_int: global('math.bitXor', [INT, INT], INT, 'Bits in one of both.'),
  bit_xor_uint: global('math.bitXor', [UINT, UINT], UINT, 'Bits in one of both.'),
  bit_not_int: global('math.bitNot', [INT], INT, 'Bits turned over.'),
  bit_not_uint: global('math.bitNot', [UINT], UINT, 'Bits turned over.'),
  bit_shift_left_int: global(
    'math.bitShiftLeft',
    [INT, INT],
    INT,
    'Shifted left; bits beyond are lost; a negative count is `invalid-argument`.',
  ),
  bit_shift_left_uint: global(
    'math.bitShiftLeft',
    [UINT, INT],
    UINT,
    'Shifted left; bits beyond are lost; a negative count is `invalid-argument`.',
  ),
  bit_shift_right_int: global(
    'math.bitShiftRight',
    [INT, INT],
    INT,
    'Shifted right with zeros moving in; a negative count is `invalid-argument`.',
  ),
  bit_shift_right_uint: global(
    'math.bitShiftRight',
    [UINT, INT],
    UINT,
    'Shifted right; a negative count is `invalid-argument`.',
  ),
  greatest_uint: global('math.greatest', [UINT, UINT], UINT, 'The greater of two.'),
  greatest_any: global(
    'math.greatest',
    [DYN, DYN],
    DYN,
    'The greater of two numbers of any kind; the left where they are equal.',
  ),
  greatest_list: global('math.greatest', [LIST], A, 'The greatest of a list; of an empty one `invalid-argument`.'),
  least_uint: global('math.least', [UINT, UINT], UINT, 'The lesser of two.'),
  least_any: global(
    'math.least',
    [DYN, DYN],
    DYN,
    'The lesser of two numbers of any kind; the left where they are equal.',
  ),
  least_list: global('math.least', [LIST], A, 'The least of a list; of an empty one `invalid-argument`.'),
} as const satisfies Record<string, RowFunction>
