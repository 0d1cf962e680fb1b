import { BOOL, BYTES, DOUBLE, DURATION, DYN, INT, STRING, TIMESTAMP, type Type, UINT } from '../../type.ts'
import { global, type RowFunction } from '../row-function.ts'

const A: Type = { kind: 'param', name: 'A' }

/** Conversions beyond those of cells. */
export const conversions = {
  int_of_int: global('int', [INT], INT, 'The same.'),
  int_of_uint: global('int', [UINT], INT, 'The same number; beyond int64 is `overflow`.'),
  uint_of_uint: global('uint', [UINT], UINT, 'The same.'),
  uint_of_int: global('uint', [INT], UINT, 'The same number; below 0 is `overflow`.'),
  uint_of_double: global('uint', [DOUBLE], UINT, 'Truncated toward zero; outside [0, 2^64) is `overflow`.'),
  uint_of_string: global(
    'uint',
    [STRING],
    UINT,
    'Decimal digits, else `invalid-conversion`; beyond 2^64 - 1 is `overflow`.',
  ),
  double_of_double: global('double', [DOUBLE], DOUBLE, 'The same.'),
  double_of_uint: global('double', [UINT], DOUBLE, 'Nearest float64, ties to even.'),
  string_of_string: global('string', [STRING], STRING, 'The same.'),
  string_of_uint: global('string', [UINT], STRING, 'Decimal digits.'),
  string_of_double: global(
    'string',
    [DOUBLE],
    STRING,
    'The shortest decimal digits that read back as the same number.',
  ),
  string_of_bytes: global('string', [BYTES], STRING, 'The octets read as UTF-8, else `invalid-conversion`.'),
  string_of_timestamp: global('string', [TIMESTAMP], STRING, 'RFC 3339 in UTC, without trailing zeros.'),
  string_of_duration: global('string', [DURATION], STRING, 'Seconds with `s`, without trailing zeros.'),
  bytes_of_bytes: global('bytes', [BYTES], BYTES, 'The same.'),
  bytes_of_string: global('bytes', [STRING], BYTES, 'The text in UTF-8.'),
  bool_of_bool: global('bool', [BOOL], BOOL, 'The same.'),
  bool_of_string: global(
    'bool',
    [STRING],
    BOOL,
    '1 t true TRUE True are true, 0 f false FALSE False are false, all else is `invalid-conversion`.',
  ),
  timestamp_of_timestamp: global('timestamp', [TIMESTAMP], TIMESTAMP, 'The same.'),
  timestamp_of_string: global('timestamp', [STRING], TIMESTAMP, 'RFC 3339, else `invalid-conversion`.'),
  timestamp_of_int: global('timestamp', [INT], TIMESTAMP, 'Seconds since 1970; outside years 1 to 9999 is `overflow`.'),
  duration_of_duration: global('duration', [DURATION], DURATION, 'The same.'),
  duration_of_string: global(
    'duration',
    [STRING],
    DURATION,
    'Numbers with units h m s ms us ns, else `invalid-conversion`.',
  ),
  dyn: global('dyn', [A], DYN, 'The same value, of a type that is left open.'),
  type: global('type', [A], { kind: 'type', of: A }, 'The type of the value.'),
} as const satisfies Record<string, RowFunction>
