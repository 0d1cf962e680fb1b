import { BOOL, DOUBLE, DURATION, INT, STRING, TIMESTAMP } from '../type.ts'
import { collections } from './families/collections.ts'
import { conversions } from './families/conversions.ts'
import { corruptions } from './families/corruptions.ts'
import { imageCorruptions, images } from './families/images.ts'
import { encoders } from './families/encoders.ts'
import { math } from './families/math.ts'
import { optionals } from './families/optionals.ts'
import { sets } from './families/sets.ts'
import { texts } from './families/texts.ts'
import { times } from './families/times.ts'
import { unsigned } from './families/unsigned.ts'
import { global, method, operator, type RowFunction } from './row-function.ts'

export type { RowFunction } from './row-function.ts'

/** Comparisons: one overload per pair of kinds. int/double pairs compare the exact numbers, never through rounding. */
const comparison = (name: string, doc: string) => ({
  int: operator(name, [INT, INT], BOOL, doc),
  double: operator(name, [DOUBLE, DOUBLE], BOOL, doc),
  int_double: operator(name, [INT, DOUBLE], BOOL, doc),
  double_int: operator(name, [DOUBLE, INT], BOOL, doc),
  string: operator(name, [STRING, STRING], BOOL, `${doc} Strings compare by code point.`),
  bool: operator(name, [BOOL, BOOL], BOOL, `${doc} false < true.`),
  timestamp: operator(name, [TIMESTAMP, TIMESTAMP], BOOL, doc),
  duration: operator(name, [DURATION, DURATION], BOOL, doc),
})

const lt = comparison('<', 'Less than.')
const le = comparison('<=', 'Less than or equal.')
const gt = comparison('>', 'Greater than.')
const ge = comparison('>=', 'Greater than or equal.')
const eq = comparison('==', 'Equal.')
const ne = comparison('!=', 'Not equal.')

/** The functions of single cells. */
export const cellFunctions = {
  not: operator('!', [BOOL], BOOL, 'Negation; an error stays an error.'),
  lt_int: lt.int,
  lt_double: lt.double,
  lt_int_double: lt.int_double,
  lt_double_int: lt.double_int,
  lt_string: lt.string,
  lt_bool: lt.bool,
  lt_timestamp: lt.timestamp,
  lt_duration: lt.duration,
  le_int: le.int,
  le_double: le.double,
  le_int_double: le.int_double,
  le_double_int: le.double_int,
  le_string: le.string,
  le_bool: le.bool,
  le_timestamp: le.timestamp,
  le_duration: le.duration,
  gt_int: gt.int,
  gt_double: gt.double,
  gt_int_double: gt.int_double,
  gt_double_int: gt.double_int,
  gt_string: gt.string,
  gt_bool: gt.bool,
  gt_timestamp: gt.timestamp,
  gt_duration: gt.duration,
  ge_int: ge.int,
  ge_double: ge.double,
  ge_int_double: ge.int_double,
  ge_double_int: ge.double_int,
  ge_string: ge.string,
  ge_bool: ge.bool,
  ge_timestamp: ge.timestamp,
  ge_duration: ge.duration,
  eq_int: eq.int,
  eq_double: eq.double,
  eq_int_double: eq.int_double,
  eq_double_int: eq.double_int,
  eq_string: eq.string,
  eq_bool: eq.bool,
  eq_timestamp: eq.timestamp,
  eq_duration: eq.duration,
  ne_int: ne.int,
  ne_double: ne.double,
  ne_int_double: ne.int_double,
  ne_double_int: ne.double_int,
  ne_string: ne.string,
  ne_bool: ne.bool,
  ne_timestamp: ne.timestamp,
  ne_duration: ne.duration,

  neg_int: operator('-', [INT], INT, 'Negation; overflow of int64 is the error `overflow`.'),
  neg_double: operator('-', [DOUBLE], DOUBLE, 'Negation; a non-finite result is the error `non-finite`.'),
  add_int: operator('+', [INT, INT], INT, 'Sum; overflow of int64 is the error `overflow`.'),
  add_double: operator('+', [DOUBLE, DOUBLE], DOUBLE, 'IEEE 754 sum; a non-finite result is the error `non-finite`.'),
  add_string: operator('+', [STRING, STRING], STRING, 'Concatenation.'),
  add_timestamp_duration: operator(
    '+',
    [TIMESTAMP, DURATION],
    TIMESTAMP,
    'Later by; outside years 1 to 9999 is `overflow`.',
  ),
  add_duration_timestamp: operator(
    '+',
    [DURATION, TIMESTAMP],
    TIMESTAMP,
    'Later by; outside years 1 to 9999 is `overflow`.',
  ),
  add_duration: operator('+', [DURATION, DURATION], DURATION, 'Sum; overflow of int64 microseconds is `overflow`.'),
  sub_int: operator('-', [INT, INT], INT, 'Difference; overflow of int64 is the error `overflow`.'),
  sub_double: operator(
    '-',
    [DOUBLE, DOUBLE],
    DOUBLE,
    'IEEE 754 difference; a non-finite result is the error `non-finite`.',
  ),
  sub_timestamp: operator('-', [TIMESTAMP, TIMESTAMP], DURATION, 'Time between.'),
  sub_timestamp_duration: operator(
    '-',
    [TIMESTAMP, DURATION],
    TIMESTAMP,
    'Earlier by; outside years 1 to 9999 is `overflow`.',
  ),
  sub_duration: operator('-', [DURATION, DURATION], DURATION, 'Difference; overflow is `overflow`.'),
  mul_int: operator('*', [INT, INT], INT, 'Product; overflow of int64 is the error `overflow`.'),
  mul_double: operator(
    '*',
    [DOUBLE, DOUBLE],
    DOUBLE,
    'IEEE 754 product; a non-finite result is the error `non-finite`.',
  ),
  div_int: operator(
    '/',
    [INT, INT],
    INT,
    'Quotient truncated toward zero; by zero is `division-by-zero`; -2^63 / -1 is `overflow`.',
  ),
  div_double: operator(
    '/',
    [DOUBLE, DOUBLE],
    DOUBLE,
    'IEEE 754 quotient; by zero (also -0.0) is `division-by-zero`; another non-finite result is `non-finite`.',
  ),
  mod_int: operator(
    '%',
    [INT, INT],
    INT,
    'Remainder with the sign of the dividend; by zero is `division-by-zero`; -2^63 % -1 is `overflow`.',
  ),

  size_string: global('size', [STRING], INT, 'Number of code points. Also a method.'),
  contains: method('contains', [STRING, STRING], BOOL, 'The text occurs in it.'),
  starts_with: method('startsWith', [STRING, STRING], BOOL, 'It begins with the text.'),
  ends_with: method('endsWith', [STRING, STRING], BOOL, 'It ends with the text.'),
  lower_ascii: method('lowerAscii', [STRING], STRING, 'A to Z become a to z; all other characters stay.'),
  upper_ascii: method('upperAscii', [STRING], STRING, 'a to z become A to Z; all other characters stay.'),

  int_of_double: global(
    'int',
    [DOUBLE],
    INT,
    'Truncated toward zero; NaN, infinite or outside (-2^63, 2^63) is `overflow`.',
  ),
  int_of_string: global(
    'int',
    [STRING],
    INT,
    'Decimal digits with an optional sign `-`/`+`, nothing else, else `invalid-conversion`; outside int64 is `overflow`.',
  ),
  int_of_timestamp: global('int', [TIMESTAMP], INT, 'Whole seconds since 1970-01-01T00:00:00Z, rounded down.'),
  double_of_int: global('double', [INT], DOUBLE, 'Nearest float64, ties to even.'),
  double_of_string: global(
    'double',
    [STRING],
    DOUBLE,
    'digits[.digits][e[±]digits] with an optional sign, nothing else, else `invalid-conversion`; a non-finite result is `non-finite`.',
  ),
  string_of_int: global('string', [INT], STRING, 'Decimal digits with `-` where negative.'),
  string_of_bool: global('string', [BOOL], STRING, '"true" or "false".'),

  abs_int: global('math.abs', [INT], INT, 'Absolute value; -2^63 is `overflow`.'),
  abs_double: global('math.abs', [DOUBLE], DOUBLE, 'Absolute value; infinite is `non-finite`.'),
  ceil: global('math.ceil', [DOUBLE], DOUBLE, 'Rounded up to a whole number; infinite is `non-finite`.'),
  floor: global('math.floor', [DOUBLE], DOUBLE, 'Rounded down to a whole number; infinite is `non-finite`.'),
  round: global(
    'math.round',
    [DOUBLE],
    DOUBLE,
    'Nearest whole number, halves away from zero; infinite is `non-finite`.',
  ),
  trunc: global('math.trunc', [DOUBLE], DOUBLE, 'Truncated toward zero; infinite is `non-finite`.'),
  sqrt: global('math.sqrt', [DOUBLE], DOUBLE, 'Square root; of a negative number or infinite is `non-finite`.'),
  greatest_int: global('math.greatest', [INT, INT], INT, 'The greater of two.'),
  greatest_double: global('math.greatest', [DOUBLE, DOUBLE], DOUBLE, 'The greater of two; infinite values are values.'),
  least_int: global('math.least', [INT, INT], INT, 'The lesser of two.'),
  least_double: global('math.least', [DOUBLE, DOUBLE], DOUBLE, 'The lesser of two; infinite values are values.'),
  is_inf: global('math.isInf', [DOUBLE], BOOL, 'It is +Inf or -Inf.'),

  get_full_year: method('getFullYear', [TIMESTAMP], INT, 'Year (UTC).'),
  get_month: method('getMonth', [TIMESTAMP], INT, 'Month, 0 = January (UTC).'),
  get_date: method('getDate', [TIMESTAMP], INT, 'Day of the month from 1 (UTC).'),
  get_day_of_month: method('getDayOfMonth', [TIMESTAMP], INT, 'Day of the month from 0 (UTC).'),
  get_day_of_week: method('getDayOfWeek', [TIMESTAMP], INT, 'Day of the week, 0 = Sunday (UTC).'),
  get_day_of_year: method('getDayOfYear', [TIMESTAMP], INT, 'Day of the year from 0 (UTC).'),
  get_hours: method('getHours', [TIMESTAMP], INT, 'Hour 0 to 23 (UTC).'),
  get_minutes: method('getMinutes', [TIMESTAMP], INT, 'Minute 0 to 59 (UTC).'),
  get_seconds: method('getSeconds', [TIMESTAMP], INT, 'Second 0 to 59 (UTC).'),
  get_milliseconds: method('getMilliseconds', [TIMESTAMP], INT, 'Millisecond 0 to 999 (UTC), rounded down.'),
} as const satisfies Record<string, RowFunction>

/** The row half of the function table: every target is a total record over these names. */
export const rowFunctions = {
  ...cellFunctions,
  ...unsigned,
  ...texts,
  ...math,
  ...times,
  ...conversions,
  ...collections,
  ...sets,
  ...encoders,
  ...corruptions,
  ...images,
  ...imageCorruptions,
  ...optionals,
} as const satisfies Record<string, RowFunction>

/** Names of the row half of the function table. */
export type RowFunctionName = keyof typeof rowFunctions
