import type { RowFunctionName } from '../../expr/functions/row-functions.ts'
import type { Unsupported } from '../unsupported.ts'
import { type HelperName, helperNames } from './helpers.ts'
import { type Js, js } from './js.ts'
import { uncompiled } from '../uncompiled.ts'

/** How JavaScript says one function. Its arguments are variables or literals that hold values, never errors. */
export interface Spelling {
  readonly kind: 'spelling'
  readonly helpers: readonly HelperName[]
  /** A function of one argument is given it twice. */
  readonly write: (a: Js, b: Js, c: Js) => Js
  /** It makes a number that may not be finite, which whoever compiles it checks. */
  readonly arithmetic?: Arithmetic
}

/** Arithmetic on floats; `refuses` says for which arguments there is another error, before anything is calculated. */
export interface Arithmetic {
  readonly refuses?: { readonly test: (a: Js, b: Js, c: Js) => Js; readonly error: HelperName }
}

/** JavaScript's half of the function table: total over the names. */
export type JavascriptFunctions = Readonly<Record<RowFunctionName, Spelling | Unsupported>>

/** An expression that uses helpers. */
export const spelled = (write: Spelling['write'], ...helpers: readonly HelperName[]): Spelling => ({
  kind: 'spelling',
  helpers,
  write,
})
const unary = (helper: HelperName): Spelling => {
  const f = helperNames[helper]
  return spelled((a) => js`${f}(${a})`, helper)
}
const binary = (helper: HelperName): Spelling => {
  const f = helperNames[helper]
  return spelled((a, b) => js`${f}(${a}, ${b})`, helper)
}
const ternary = (helper: HelperName): Spelling => {
  const f = helperNames[helper]
  return spelled((a, b, c) => js`${f}(${a}, ${b}, ${c})`, helper)
}

const operators = {
  '<': js`<`,
  '<=': js`<=`,
  '>': js`>`,
  '>=': js`>=`,
  '===': js`===`,
  '!==': js`!==`,
  '==': js`==`,
  '!=': js`!=`,
  '+': js`+`,
  '-': js`-`,
  '*': js`*`,
}
/** JavaScript compares a number with a bigint by their exact values, so one spelling serves int, double and mixed. */
const infix = (operator: keyof typeof operators): Spelling => {
  const sign = operators[operator]
  return spelled((a, b) => js`(${a} ${sign} ${b})`)
}
const byCodePoint = (operator: '<' | '<=' | '>' | '>=') =>
  spelled((a, b) => js`(compareText(${a}, ${b}) ${operators[operator]} 0)`, 'compareText')
/** The overloads of one comparison. */
type Compared<P extends string> = Readonly<
  Record<
    `${P}_${'int' | 'double' | 'int_double' | 'double_int' | 'string' | 'bool' | 'timestamp' | 'duration'}`,
    Spelling
  >
>
const compared = <P extends string>(prefix: P, operator: keyof typeof operators, text: Spelling): Compared<P> => {
  const exact = infix(operator)
  const overloads = {
    int: exact,
    double: exact,
    int_double: exact,
    double_int: exact,
    string: text,
    bool: exact,
    timestamp: exact,
    duration: exact,
  }
  return Object.fromEntries(
    Object.entries(overloads).map(([kind, spelling]) => [`${prefix}_${kind}`, spelling]),
  ) as Compared<P>
}
const arithmetic = (write: Spelling['write'], more: Arithmetic = {}): Spelling => ({
  ...spelled(write),
  arithmetic: more,
})
const float = (operator: '+' | '-' | '*'): Spelling => {
  const sign = operators[operator]
  return arithmetic((a, b) => js`${a} ${sign} ${b}`)
}
const rounding = (write: (a: Js) => Js) => arithmetic((a) => write(a))
const clock = (unit: Js, modulus: Js) => spelled((t) => js`(Math.floor(ofDay(${t}) / ${unit}) % ${modulus})`, 'ofDay')

/** How JavaScript says each function. */
export const javascriptFunctions: JavascriptFunctions = {
  ...uncompiled,
  not: spelled((a) => js`!${a}`),
  ...compared('lt', '<', byCodePoint('<')),
  ...compared('le', '<=', byCodePoint('<=')),
  ...compared('gt', '>', byCodePoint('>')),
  ...compared('ge', '>=', byCodePoint('>=')),
  // Loose where one side may be a number and the other a bigint, strict where they cannot be.
  ...compared('eq', '==', infix('===')),
  ...compared('ne', '!=', infix('!==')),

  neg_int: spelled((a) => js`subInt(0, ${a})`, 'subInt'),
  neg_double: rounding((a) => js`-${a}`),
  add_int: binary('addInt'),
  add_double: float('+'),
  add_string: infix('+'),
  add_timestamp_duration: timeShift('addInt', false),
  add_duration_timestamp: timeShift('addInt', true),
  add_duration: binary('addInt'),
  sub_int: binary('subInt'),
  sub_double: float('-'),
  sub_timestamp: binary('subInt'),
  sub_timestamp_duration: timeShift('subInt', false),
  sub_duration: binary('subInt'),
  mul_int: binary('mulInt'),
  mul_double: float('*'),
  div_int: binary('divInt'),
  div_double: arithmetic((a, b) => js`${a} / ${b}`, {
    refuses: { test: (_, b) => js`${b} === 0`, error: 'DIVISION_BY_ZERO' },
  }),
  mod_int: binary('modInt'),

  size_list: spelled((list) => js`${list}.length`),
  norm_list: { ...unary('norm'), arithmetic: {} },
  in_list: binary('isIn'),
  index_list: binary('elementAt'),
  size_string: unary('size'),
  contains: spelled((s, t) => js`${s}.includes(${t})`),
  starts_with: spelled((s, t) => js`${s}.startsWith(${t})`),
  ends_with: spelled((s, t) => js`${s}.endsWith(${t})`),
  lower_ascii: unary('lowerAscii'),
  upper_ascii: unary('upperAscii'),

  int_of_double: unary('intOfDouble'),
  int_of_string: unary('intOfText'),
  int_of_timestamp: spelled((t) => js`floorDiv(${t}, 1000000)`, 'floorDiv'),
  double_of_int: spelled((a) => js`Number(${a})`),
  double_of_string: unary('doubleOfText'),
  string_of_int: spelled((a) => js`String(${a})`),
  string_of_bool: spelled((a) => js`String(${a})`),

  abs_int: spelled((a) => js`(${a} < 0 ? subInt(0, ${a}) : ${a})`, 'subInt'),
  abs_double: rounding((a) => js`Math.abs(${a})`),
  ceil: rounding((a) => js`Math.ceil(${a})`),
  floor: rounding((a) => js`Math.floor(${a})`),
  round: unary('round'),
  trunc: rounding((a) => js`Math.trunc(${a})`),
  sqrt: rounding((a) => js`Math.sqrt(${a})`),
  greatest_int: spelled((a, b) => js`(${a} > ${b} ? ${a} : ${b})`),
  greatest_double: spelled((a, b) => js`(${a} > ${b} ? ${a} : ${b})`),
  least_int: spelled((a, b) => js`(${a} < ${b} ? ${a} : ${b})`),
  least_double: spelled((a, b) => js`(${a} < ${b} ? ${a} : ${b})`),
  is_inf: spelled((a) => js`(${a} === Infinity || ${a} === -Infinity)`),

  get_full_year: spelled((t) => js`date(${t}).year`, 'date'),
  get_month: spelled((t) => js`date(${t}).month`, 'date'),
  get_date: spelled((t) => js`date(${t}).day`, 'date'),
  get_day_of_month: spelled((t) => js`(date(${t}).day - 1)`, 'date'),
  get_day_of_week: spelled((t) => js`((floorDiv(${t}, 86400000000) % 7 + 11) % 7)`, 'floorDiv'),
  get_day_of_year: unary('dayOfYear'),
  get_hours: clock(js`3600000000`, js`24`),
  get_minutes: clock(js`60000000`, js`60`),
  get_seconds: clock(js`1000000`, js`60`),
  get_milliseconds: clock(js`1000`, js`1000`),

  sign_int: spelled((a) => js`(${a} > 0 ? 1 : ${a} < 0 ? -1 : 0)`),
  sign_double: spelled((a) => js`(${a} > 0 ? 1 : ${a} < 0 ? -1 : 0)`),
  sqrt_int: rounding((a) => js`Math.sqrt(Number(${a}))`),
  // NaN is a missing cell, and arithmetic that makes one is an error.
  is_nan: spelled(() => js`false`),
  is_finite: spelled((a) => js`(${a} - ${a} === 0)`),
  bit_and_int: spelled((a, b) => js`int64(BigInt(${a}) & BigInt(${b}))`, 'int64'),
  bit_or_int: spelled((a, b) => js`int64(BigInt(${a}) | BigInt(${b}))`, 'int64'),
  bit_xor_int: spelled((a, b) => js`int64(BigInt(${a}) ^ BigInt(${b}))`, 'int64'),
  bit_not_int: spelled((a) => js`int64(~BigInt(${a}))`, 'int64'),

  char_at: binary('charAt'),
  index_of: binary('indexOf'),
  replace: ternary('replaceAll'),
  reverse: spelled((s) => js`Array.from(${s}).reverse().join("")`),
  substring: spelled((s, from) => js`substring(${s}, ${from})`, 'substring'),
  substring_to: ternary('substring'),
  trim: unary('trim'),
  is_json: unary('isJson'),
  bool_of_string: unary('boolOfText'),

  hours_of: whole(js`3600000000`),
  minutes_of: whole(js`60000000`),
  seconds_of: whole(js`1000000`),
  milliseconds_of: spelled((d) => js`divInt(modInt(${d}, 1000000), 1000)`, 'divInt', 'modInt'),
}

/** Whole units of a duration, toward zero. */
function whole(unit: Js): Spelling {
  return spelled((d) => js`divInt(${d}, ${unit})`, 'divInt')
}

/** A timestamp moved by a duration; outside years 1 to 9999 it is `overflow`. (An error object is not in the range either.) */
function timeShift(helper: 'addInt' | 'subInt', durationFirst: boolean): Spelling {
  return spelled(
    (a, b) => {
      const [timestamp, duration] = durationFirst ? [b, a] : [a, b]
      return js`calendar(${helperNames[helper]}(${timestamp}, ${duration}))`
    },
    helper,
    'calendar',
  )
}
