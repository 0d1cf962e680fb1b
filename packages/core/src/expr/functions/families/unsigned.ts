import { BOOL, BYTES, DOUBLE, INT, UINT } from '../../type.ts'
import { operator, type RowFunction } from '../row-function.ts'

const ordered = (name: string, doc: string) => ({
  uint: operator(name, [UINT, UINT], BOOL, doc),
  bytes: operator(name, [BYTES, BYTES], BOOL, `${doc} Octet by octet.`),
  int_uint: operator(name, [INT, UINT], BOOL, doc),
  uint_int: operator(name, [UINT, INT], BOOL, doc),
  double_uint: operator(name, [DOUBLE, UINT], BOOL, doc),
  uint_double: operator(name, [UINT, DOUBLE], BOOL, doc),
})
const lt = ordered('<', 'Less than.')
const le = ordered('<=', 'Less than or equal.')
const gt = ordered('>', 'Greater than.')
const ge = ordered('>=', 'Greater than or equal.')

/** Unsigned integers and octets. */
export const unsigned = {
  lt_uint: lt.uint,
  lt_bytes: lt.bytes,
  lt_int_uint: lt.int_uint,
  lt_uint_int: lt.uint_int,
  lt_double_uint: lt.double_uint,
  lt_uint_double: lt.uint_double,
  le_uint: le.uint,
  le_bytes: le.bytes,
  le_int_uint: le.int_uint,
  le_uint_int: le.uint_int,
  le_double_uint: le.double_uint,
  le_uint_double: le.uint_double,
  gt_uint: gt.uint,
  gt_bytes: gt.bytes,
  gt_int_uint: gt.int_uint,
  gt_uint_int: gt.uint_int,
  gt_double_uint: gt.double_uint,
  gt_uint_double: gt.uint_double,
  ge_uint: ge.uint,
  ge_bytes: ge.bytes,
  ge_int_uint: ge.int_uint,
  ge_uint_int: ge.uint_int,
  ge_double_uint: ge.double_uint,
  ge_uint_double: ge.uint_double,
  add_uint: operator('+', [UINT, UINT], UINT, 'Sum; beyond 2^64 - 1 is `overflow`.'),
  sub_uint: operator('-', [UINT, UINT], UINT, 'Difference; below 0 is `overflow`.'),
  mul_uint: operator('*', [UINT, UINT], UINT, 'Product; beyond 2^64 - 1 is `overflow`.'),
  div_uint: operator('/', [UINT, UINT], UINT, 'Quotient rounded down; by zero is `division-by-zero`.'),
  mod_uint: operator('%', [UINT, UINT], UINT, 'Remainder; by zero is `division-by-zero`.'),
  add_bytes: operator('+', [BYTES, BYTES], BYTES, 'Concatenation.'),
} as const satisfies Record<string, RowFunction>
