import type { Call, Literal } from '../../../expr/expr.ts'
import { isInfinite, overflows, rounded } from '../doubles.ts'
import type { Encoded, Encoding } from '../encoding.ts'
import { exact, loose, type Made, type SmtSpelling } from '../spelling.ts'
import { equal, FALSE, ite, not, or, smt, type Term } from '../term.ts'

const ROUNDING = 'a result that is rounded is bounded, not computed'
const ZERO = smt`0.0`
type Pair = readonly [Encoded, Encoded]

const infinite = ({ value, finite }: Encoded): Term => isInfinite(value, finite)

/** A float64 that the exact number is rounded to; `at` says where there is none besides. */
function result(encoding: Encoding, call: Call, exactly: Term, at: Term, underflows: boolean): Made {
  const value = rounded(encoding, call, exactly, underflows)
  return { value, error: or(at, overflows(exactly)), finite: true }
}

const sum = (write: (a: Term, b: Term) => Term): SmtSpelling =>
  loose(ROUNDING, (encoding, args, call) => {
    const [a, b] = args as unknown as Pair
    const exactly = encoding.script.define('Real', write(a.value, b.value))
    return result(encoding, call, exactly, or(infinite(a), infinite(b)), false)
  })

/** ±1, ±2, ±4, …: multiplying by it rounds nothing, unless the result is infinite. */
function isExactFactor(expr: Call['args'][number] | undefined): boolean {
  if (expr?.node !== 'literal' || expr.type.kind !== 'double') return false
  const size = Math.abs(Number((expr as Literal).value))
  return size >= 1 && Number.isInteger(Math.log2(size)) && 2 ** Math.log2(size) === size
}

const product: SmtSpelling = loose(ROUNDING, (encoding, args, call) => {
  const [a, b] = args as unknown as Pair
  const exactly = encoding.script.define('Real', smt`(* ${a.value} ${b.value})`)
  const at = or(infinite(a), infinite(b))
  return isExactFactor(call.args[0]) || isExactFactor(call.args[1])
    ? { value: exactly, error: or(at, overflows(exactly)), finite: true }
    : result(encoding, call, exactly, at, true)
})

const quotient: SmtSpelling = loose(ROUNDING, (encoding, args, call) => {
  const [a, b] = args as unknown as Pair
  const exactly = encoding.script.define('Real', smt`(/ ${a.value} ${b.value})`)
  const { value, error } = result(encoding, call, exactly, FALSE, true)
  const vanishes = infinite(b)
  return {
    value: ite(vanishes, ZERO, value),
    error: or(
      equal(b.value, ZERO),
      infinite(a),
      vanishes === FALSE ? (error as Term) : smt`(and ${not(vanishes)} ${error as Term})`,
    ),
    finite: true,
  }
})

/** What rounds nothing; an infinite argument is an error. */
const whole = (write: (a: Term) => Term): SmtSpelling =>
  exact(({ script }, [a]) => ({
    value: script.define('Real', write((a as Encoded).value)),
    error: infinite(a as Encoded),
    finite: true,
  }))
const FLOOR = (a: Term): Term => smt`(to_real (to_int ${a}))`
const CEIL = (a: Term): Term => smt`(- (to_real (to_int (- ${a}))))`

const root = (encoding: Encoding, call: Call, a: Term, at: Term): Made => {
  const { script } = encoding
  const exactly = script.declare('root', 'Real')
  script.assert(smt`(=> (>= ${a} 0.0) (and (>= ${exactly} 0.0) (= (* ${exactly} ${exactly}) ${a})))`)
  return { value: rounded(encoding, call, exactly, false), error: or(at, smt`(< ${a} 0.0)`), finite: true }
}

const chosen = (write: (a: Term, b: Term) => Term): SmtSpelling =>
  exact((_, args) => {
    const [a, b] = args as unknown as Pair
    return {
      value: ite(write(a.value, b.value), a.value, b.value),
      ...(a.finite === true && b.finite === true ? { finite: true } : {}),
    }
  })

const ofInteger = (encoding: Encoding, call: Call, a: Term): Term => {
  const { script } = encoding
  const at = script.define('Real', smt`(to_real ${a})`)
  const value = rounded(encoding, call, at, false)
  script.assert(smt`(=> (<= (- 9007199254740992) ${a} 9007199254740992) (= ${value} ${at}))`)
  return value
}

/** Arithmetic of float64 as real numbers: which results are errors is exact, which float64 a result is rounded to is bounded. */
export const floats = {
  neg_double: whole((a) => smt`(- ${a})`),
  add_double: sum((a, b) => smt`(+ ${a} ${b})`),
  sub_double: sum((a, b) => smt`(- ${a} ${b})`),
  mul_double: product,
  div_double: quotient,
  abs_double: whole((a) => smt`(ite (>= ${a} 0.0) ${a} (- ${a}))`),
  floor: whole(FLOOR),
  ceil: whole(CEIL),
  trunc: whole((a) => smt`(ite (>= ${a} 0.0) ${FLOOR(a)} ${CEIL(a)})`),
  round: whole((a) => smt`(ite (>= ${a} 0.0) ${FLOOR(smt`(+ ${a} 0.5)`)} ${CEIL(smt`(- ${a} 0.5)`)})`),
  sqrt: loose(ROUNDING, (encoding, [a], call) => root(encoding, call, (a as Encoded).value, infinite(a as Encoded))),
  sqrt_int: loose(ROUNDING, (encoding, [a], call) =>
    root(encoding, call, ofInteger(encoding, call, (a as Encoded).value), FALSE),
  ),
  greatest_double: chosen((a, b) => smt`(>= ${a} ${b})`),
  least_double: chosen((a, b) => smt`(<= ${a} ${b})`),
  is_inf: exact((_, [a]) => ({ value: infinite(a as Encoded) })),
  is_finite: exact((_, [a]) => ({ value: not(infinite(a as Encoded)) })),
  is_nan: exact(() => ({ value: FALSE })),
  sign_double: exact((_, [a]) => ({
    value: smt`(ite (> ${(a as Encoded).value} 0.0) 1.0 (ite (< ${(a as Encoded).value} 0.0) (- 1.0) 0.0))`,
    finite: true,
  })),
  double_of_double: exact((_, [a]) => a as Encoded),
  double_of_int: loose(ROUNDING, (encoding, [a], call) => ({
    value: ofInteger(encoding, call, (a as Encoded).value),
    finite: true,
  })),
  int_of_double: exact(({ script }, [a]) => {
    const { value } = a as Encoded
    const inside = smt`(and (< (- 9223372036854775808.0) ${value}) (< ${value} 9223372036854775808.0))`
    return {
      value: script.define('Int', smt`(ite (>= ${value} 0.0) (to_int ${value}) (- (to_int (- ${value}))))`),
      error: not(inside),
    }
  }),
}
