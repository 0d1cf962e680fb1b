import { MAX_TIMESTAMP, MIN_TIMESTAMP } from '../../../expr/time.ts'
import { isInt64 } from '../numbers.ts'
import { exact, type SmtSpelling } from '../spelling.ts'
import { and, equal, integer, ite, not, or, smt, type Term } from '../term.ts'

type Pair = (a: Term, b: Term) => Term
const LEAST = smt`(- 9223372036854775808)`
const ZERO = smt`0`

/** An integer; beyond int64 it is an error. */
const checked = (write: Pair): SmtSpelling =>
  exact(({ script }, [a, b]) => {
    const left = (a as { value: Term }).value
    const value = script.define('Int', write(left, b?.value ?? left))
    return { value, error: not(isInt64(value)) }
  })
const pure = (write: Pair): SmtSpelling =>
  exact((_, [a, b]) => {
    const left = (a as { value: Term }).value
    return { value: write(left, b?.value ?? left) }
  })
/** SMT-LIB rounds so that the remainder is not negative: that is toward zero for dividends that are not. */
const toward: Pair = (a, b) => smt`(ite (>= ${a} 0) (div ${a} ${b}) (- (div (- ${a}) ${b})))`
const remainder: Pair = (a, b) => smt`(ite (>= ${a} 0) (mod ${a} ${b}) (- (mod (- ${a}) ${b})))`
const divided = (write: Pair): SmtSpelling =>
  exact((_, [a, b]) => {
    const [left, right] = [(a as { value: Term }).value, (b as { value: Term }).value]
    const beyond = and(equal(left, LEAST), equal(right, integer(-1n)))
    return { value: write(left, right), error: or(equal(right, ZERO), beyond) }
  })
const moment = (write: Pair): SmtSpelling =>
  exact(({ script }, [a, b]) => {
    const left = (a as { value: Term }).value
    const value = script.define('Int', write(left, b?.value ?? left))
    const inside = smt`(and (<= ${integer(MIN_TIMESTAMP)} ${value}) (<= ${value} ${integer(MAX_TIMESTAMP)}))`
    return { value, error: not(inside) }
  })
const add: Pair = (a, b) => smt`(+ ${a} ${b})`
const subtract: Pair = (a, b) => smt`(- ${a} ${b})`
const whole = (unit: Term): SmtSpelling => pure((a) => toward(a, unit))

/** Arithmetic of int64, timestamps and durations: exact integers, and the ranges that they must stay in. */
export const integers = {
  neg_int: checked((a) => smt`(- ${a})`),
  add_int: checked(add),
  sub_int: checked(subtract),
  mul_int: checked((a, b) => smt`(* ${a} ${b})`),
  div_int: divided(toward),
  mod_int: divided(remainder),
  abs_int: checked((a) => smt`(ite (>= ${a} 0) ${a} (- ${a}))`),
  greatest_int: pure((a, b) => ite(smt`(>= ${a} ${b})`, a, b)),
  least_int: pure((a, b) => ite(smt`(<= ${a} ${b})`, a, b)),
  sign_int: pure((a) => smt`(ite (> ${a} 0) 1 (ite (< ${a} 0) (- 1) 0))`),
  bit_not_int: pure((a) => smt`(- (- 1) ${a})`),
  int_of_int: pure((a) => a),
  int_of_timestamp: pure((a) => smt`(div ${a} 1000000)`),
  timestamp_of_timestamp: pure((a) => a),
  timestamp_of_int: moment((a) => smt`(* 1000000 ${a})`),
  duration_of_duration: pure((a) => a),
  add_timestamp_duration: moment(add),
  add_duration_timestamp: moment(add),
  sub_timestamp_duration: moment(subtract),
  add_duration: checked(add),
  sub_duration: checked(subtract),
  sub_timestamp: checked(subtract),
  hours_of: whole(smt`3600000000`),
  minutes_of: whole(smt`60000000`),
  seconds_of: whole(smt`1000000`),
  milliseconds_of: pure((a) => toward(remainder(a, smt`1000000`), smt`1000`)),
}
