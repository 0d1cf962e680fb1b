/** The same as the Python runtime, in JavaScript: whole numbers beyond 2^53 − 1, which conditions may come to, are bigint. */
export const JAVASCRIPT_RUNTIME = `/** A condition that has no value on a row; \`missing\` where it read a missing cell. */
class NoValue extends Error {
  constructor(why) {
    super(why)
    this.missing = why === 'missing'
  }
}
const absent = (value) => value === null || value === undefined || Number.isNaN(value)
const lacks = (row, name) => absent(row[name])
const cell = (row, name) => {
  if (lacks(row, name)) throw new NoValue('missing')
  return row[name]
}
/** An argument that decides wins over one that has no value; of two without one the first says why. */
const decided = (left, right, by) => {
  try {
    if (left() === by) return by
  } catch (error) {
    if (!(error instanceof NoValue)) throw error
    if (is(right, by)) return by
    throw error
  }
  return right()
}
const is = (argument, by) => {
  try {
    return argument() === by
  } catch (error) {
    if (error instanceof NoValue) return false
    throw error
  }
}
const both = (left, right) => decided(left, right, false)
const either = (left, right) => decided(left, right, true)
const choose = (condition, then, otherwise) => (condition ? then() : otherwise())
const negated = (value) => !value
const among = (value, values) => values.some((each) => eq(value, each))
const replaced = (record, cells) => ({ ...record, ...cells })
const lt = (a, b) => a < b
const le = (a, b) => a <= b
const gt = (a, b) => a > b
const ge = (a, b) => a >= b
// A whole number may be a bigint, which is compared by its value.
const eq = (a, b) => a === b || ((typeof a === 'bigint') !== (typeof b === 'bigint') && a == b)
const ne = (a, b) => !eq(a, b)
/** Texts compare by code point, not by UTF-16 unit. */
const order = (a, b) => {
  const left = [...a]
  const right = [...b]
  const at = left.findIndex((letter, i) => letter !== right[i])
  if (at === -1) return left.length - right.length
  return at < right.length ? left[at].codePointAt(0) - right[at].codePointAt(0) : 1
}
const lt_text = (a, b) => order(a, b) < 0
const le_text = (a, b) => order(a, b) <= 0
const gt_text = (a, b) => order(a, b) > 0
const ge_text = (a, b) => order(a, b) >= 0
const eq_text = eq
const ne_text = ne
/** A whole number: a bigint where no number is exact. */
const whole = (value) => {
  if (value < -(2n ** 63n) || value >= 2n ** 63n) throw new NoValue('overflow')
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}
const nonzero = (value) => {
  if (value == 0) throw new NoValue('division-by-zero')
  return value
}
const add_int = (a, b) => whole(BigInt(a) + BigInt(b))
const sub_int = (a, b) => whole(BigInt(a) - BigInt(b))
const mul_int = (a, b) => whole(BigInt(a) * BigInt(b))
const div_int = (a, b) => whole(BigInt(a) / BigInt(nonzero(b)))
const mod_int = (a, b) => whole(BigInt(a) % BigInt(nonzero(b)))
const finite = (value) => {
  if (!Number.isFinite(value)) throw new NoValue('non-finite')
  return value
}
const add = (a, b) => finite(a + b)
const sub = (a, b) => finite(a - b)
const mul = (a, b) => finite(a * b)
const div = (a, b) => finite(a / nonzero(b))
const neg = (a) => -a
const absolute = (a) => (a < 0 ? -a : a)
const double = Number
const sign = (a) => Math.sign(Number(a)) + 0
const root = (a) => finite(Math.sqrt(Number(a)))
const ceiling = (a) => finite(Math.ceil(a))
const floored = (a) => finite(Math.floor(a))
const truncated = (a) => finite(Math.trunc(a))
const rounded = (a) => {
  const whole = Math.trunc(a)
  return finite(Math.abs(a - whole) >= 0.5 ? whole + Math.sign(a) : whole)
}
const least = (a, b) => (a <= b ? a : b)
const greatest = (a, b) => (a >= b ? a : b)
const same = (a) => a
const int_of = (a) => {
  if (!(a > -(2 ** 63) && a < 2 ** 63)) throw new NoValue('overflow')
  return whole(BigInt(Math.trunc(a)))
}
const digits = (a) => String(BigInt(a))
const lower_ascii = (a) => a.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
const upper_ascii = (a) => a.replace(/[a-z]/g, (letter) => letter.toUpperCase())
const calendar = (micros) => new Date(Math.floor(micros / 1000))
const year = (a) => calendar(a).getUTCFullYear()
const month = (a) => calendar(a).getUTCMonth()
const day = (a) => calendar(a).getUTCDate()
const day_from_zero = (a) => calendar(a).getUTCDate() - 1
const weekday = (a) => calendar(a).getUTCDay()
const hours = (a) => calendar(a).getUTCHours()
const minutes = (a) => calendar(a).getUTCMinutes()
const seconds = (a) => calendar(a).getUTCSeconds()
const joined = (a, b) => a + b
const size = (a) => [...a].length
const contains = (a, b) => a.includes(b)
const starts_with = (a, b) => a.startsWith(b)
const ends_with = (a, b) => a.endsWith(b)

/** Whether the row satisfies the clause: a condition without a value fails, unless a missing cell is forgiven. */
const satisfied = (clause, row) => {
  if (clause.within.length > 0 && !clause.within.some((condition) => isTrue(condition, row))) return true
  try {
    return clause.check(row) === true
  } catch (error) {
    if (error instanceof NoValue) return error.missing && clause.forgives
    throw error
  }
}
const isTrue = (condition, row) => {
  try {
    return condition(row) === true
  } catch (error) {
    if (error instanceof NoValue) return false
    throw error
  }
}
`
