/** The same as the Python runtime, in JavaScript: whole numbers are numbers of at most 2^53 − 1. */
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
/** An argument that decides wins over one that has no value. */
const decided = (left, right, by) => {
  try {
    if (left() === by) return by
  } catch (error) {
    if (!(error instanceof NoValue)) throw error
    if (right() === by) return by
    throw error
  }
  return right()
}
const both = (left, right) => decided(left, right, false)
const either = (left, right) => decided(left, right, true)
const choose = (condition, then, otherwise) => (condition ? then() : otherwise())
const negated = (value) => !value
const among = (value, values) => values.includes(value)
const replaced = (record, cells) => ({ ...record, ...cells })
const lt = (a, b) => a < b
const le = (a, b) => a <= b
const gt = (a, b) => a > b
const ge = (a, b) => a >= b
const eq = (a, b) => a === b
const ne = (a, b) => a !== b
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
const whole = (value) => {
  if (!Number.isSafeInteger(value)) throw new NoValue('overflow')
  return value + 0
}
const nonzero = (value) => {
  if (value === 0) throw new NoValue('division-by-zero')
  return value
}
const add_int = (a, b) => whole(a + b)
const sub_int = (a, b) => whole(a - b)
const mul_int = (a, b) => whole(a * b)
const div_int = (a, b) => whole(Math.trunc(a / nonzero(b)))
const mod_int = (a, b) => whole(a % nonzero(b))
const finite = (value) => {
  if (!Number.isFinite(value)) throw new NoValue('non-finite')
  return value
}
const add = (a, b) => finite(a + b)
const sub = (a, b) => finite(a - b)
const mul = (a, b) => finite(a * b)
const div = (a, b) => finite(a / nonzero(b))
const neg = (a) => -a
const absolute = Math.abs
const double = Number
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
