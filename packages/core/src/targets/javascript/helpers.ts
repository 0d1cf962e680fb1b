import { type Js, js, name } from './js.ts'
import { patternHelper } from './pattern.ts'

/** One helper of generated modules: its text, and the helpers that it calls. */
export interface Helper {
  readonly needs: readonly HelperName[]
  readonly code: Js
}

const helper = (code: Js, ...needs: readonly HelperName[]): Helper => ({ code, needs })

/** Names of the helpers. */
export type HelperName =
  | 'MISSING'
  | 'OVERFLOW'
  | 'DIVISION_BY_ZERO'
  | 'NON_FINITE'
  | 'INVALID_CONVERSION'
  | 'NO_SUCH_KEY'
  | 'int64'
  | 'addInt'
  | 'subInt'
  | 'mulInt'
  | 'divInt'
  | 'modInt'
  | 'finite'
  | 'round'
  | 'compareText'
  | 'size'
  | 'lowerAscii'
  | 'upperAscii'
  | 'intOfDouble'
  | 'intOfText'
  | 'doubleOfText'
  | 'calendar'
  | 'floorDiv'
  | 'ofDay'
  | 'date'
  | 'dayOfYear'
  | 'INVALID_ARGUMENT'
  | 'charAt'
  | 'isIn'
  | 'elementAt'
  | 'norm'
  | 'all'
  | 'exists'
  | 'existsOne'
  | 'substring'
  | 'indexOf'
  | 'replaceAll'
  | 'trim'
  | 'isJson'
  | 'boolOfText'
  | 'pattern'

/** The text of every helper. A module gets those it uses. */
export const helpers: Readonly<Record<HelperName, Helper>> = {
  MISSING: helper(js`const MISSING = Object.freeze({ error: "missing" })`),
  OVERFLOW: helper(js`const OVERFLOW = Object.freeze({ error: "overflow" })`),
  DIVISION_BY_ZERO: helper(js`const DIVISION_BY_ZERO = Object.freeze({ error: "division-by-zero" })`),
  NON_FINITE: helper(js`const NON_FINITE = Object.freeze({ error: "non-finite" })`),
  INVALID_CONVERSION: helper(js`const INVALID_CONVERSION = Object.freeze({ error: "invalid-conversion" })`),
  NO_SUCH_KEY: helper(js`const NO_SUCH_KEY = Object.freeze({ error: "no-such-key" })`),

  int64: helper(
    js`const int64 = (x) => x >= -9007199254740991n && x <= 9007199254740991n ? Number(x) : x < -9223372036854775808n || x > 9223372036854775807n ? OVERFLOW : x`,
    'OVERFLOW',
  ),
  // A sum or product of safe integers that rounds to a safe integer is exact; + 0 turns -0 into 0.
  addInt: helper(
    js`const addInt = (a, b) => {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b
    if (sum >= -9007199254740991 && sum <= 9007199254740991) return sum
  }
  return int64(BigInt(a) + BigInt(b))
}`,
    'int64',
  ),
  subInt: helper(
    js`const subInt = (a, b) => {
  if (typeof a === "number" && typeof b === "number") {
    const difference = a - b
    if (difference >= -9007199254740991 && difference <= 9007199254740991) return difference
  }
  return int64(BigInt(a) - BigInt(b))
}`,
    'int64',
  ),
  mulInt: helper(
    js`const mulInt = (a, b) => {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b
    if (product >= -9007199254740991 && product <= 9007199254740991) return product + 0
  }
  return int64(BigInt(a) * BigInt(b))
}`,
    'int64',
  ),
  divInt: helper(
    js`const divInt = (a, b) => {
  if (b == 0) return DIVISION_BY_ZERO
  if (typeof a === "number" && typeof b === "number") return (a - (a % b)) / b + 0
  return int64(BigInt(a) / BigInt(b))
}`,
    'int64',
    'DIVISION_BY_ZERO',
  ),
  modInt: helper(
    js`const modInt = (a, b) => {
  if (b == 0) return DIVISION_BY_ZERO
  if (typeof a === "number" && typeof b === "number") return (a % b) + 0
  if (b == -1 && a == -9223372036854775808n) return OVERFLOW
  return int64(BigInt(a) % BigInt(b))
}`,
    'int64',
    'DIVISION_BY_ZERO',
    'OVERFLOW',
  ),
  finite: helper(js`const finite = (x) => x - x === 0 ? x : NON_FINITE`, 'NON_FINITE'),
  // The fraction is exact, so halves are seen as they are; Math.round would send -2.5 to -2.
  round: helper(
    js`const round = (x) => {
  const whole = Math.trunc(x)
  return finite(Math.abs(x - whole) < 0.5 || x - x !== 0 ? whole : whole + Math.sign(x))
}`,
    'finite',
  ),
  // Where two texts differ in the second half of a surrogate pair, the code point begins one unit before.
  compareText: helper(js`const compareText = (a, b) => {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    const half = i > 0 && (a.charCodeAt(i - 1) & 0xfc00) === 0xd800 && ((x & 0xfc00) === 0xdc00 || (y & 0xfc00) === 0xdc00)
    const start = half ? i - 1 : i
    return a.codePointAt(start) - b.codePointAt(start)
  }
  return a.length - b.length
}`),
  size: helper(js`const size = (s) => {
  let n = s.length
  for (let i = 0; i < s.length - 1; i++) {
    if ((s.charCodeAt(i) & 0xfc00) === 0xd800 && (s.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      n--
      i++
    }
  }
  return n
}`),
  lowerAscii: helper(js`const lowerAscii = (s) => s.replace(/[A-Z]+/g, (part) => part.toLowerCase())`),
  upperAscii: helper(js`const upperAscii = (s) => s.replace(/[a-z]+/g, (part) => part.toUpperCase())`),
  intOfDouble: helper(
    js`const intOfDouble = (x) => {
  if (!(x > -9223372036854775808 && x < 9223372036854775808)) return OVERFLOW
  const whole = Math.trunc(x) + 0
  return whole >= -9007199254740991 && whole <= 9007199254740991 ? whole : BigInt(whole)
}`,
    'OVERFLOW',
  ),
  // Digits are counted first: reading a million of them as a bigint takes quadratic time.
  intOfText: helper(
    js`const intOfText = (s) => {
  if (!/^[+-]?[0-9]+$/.test(s)) return INVALID_CONVERSION
  const digits = s.replace(/^[+-]?0*/, "")
  if (digits.length > 19) return OVERFLOW
  const whole = BigInt(digits)
  return int64(s[0] === "-" ? -whole : whole)
}`,
    'int64',
    'INVALID_CONVERSION',
    'OVERFLOW',
  ),
  doubleOfText: helper(
    js`const doubleOfText = (s) => /^[+-]?[0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?$/.test(s) ? finite(Number(s)) : INVALID_CONVERSION`,
    'finite',
    'INVALID_CONVERSION',
  ),

  // Years 1 to 9999.
  calendar: helper(
    js`const calendar = (us) => us >= -62135596800000000n && us <= 253402300799999999n ? us : OVERFLOW`,
    'OVERFLOW',
  ),
  floorDiv: helper(js`const floorDiv = (a, b) => {
  if (typeof a === "number") return Math.floor(a / b)
  const divisor = BigInt(b)
  return Number(a / divisor) - (a % divisor < 0n ? 1 : 0)
}`),
  // Microseconds since midnight.
  ofDay: helper(js`const ofDay = (us) => {
  const rest = typeof us === "number" ? us % 86400000000 : Number(us % 86400000000n)
  return rest < 0 ? rest + 86400000000 : rest + 0
}`),
  // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days: years begin in March.
  date: helper(
    js`const date = (us) => {
  const days = floorDiv(us, 86400000000) + 719468
  const era = Math.floor(days / 146097)
  const day = days - era * 146097
  const yearOfEra = Math.floor((day - Math.floor(day / 1460) + Math.floor(day / 36524) - Math.floor(day / 146096)) / 365)
  const dayOfYear = day - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const month = Math.floor((5 * dayOfYear + 2) / 153)
  const january = month >= 10
  return {
    year: yearOfEra + era * 400 + (january ? 1 : 0),
    month: january ? month - 10 : month + 2,
    day: dayOfYear - Math.floor((153 * month + 2) / 5) + 1,
  }
}`,
    'floorDiv',
  ),
  // Days since 1 January: 719162 days lie between 0001-01-01 and 1970-01-01.
  dayOfYear: helper(
    js`const dayOfYear = (us) => {
  const before = date(us).year - 1
  return floorDiv(us, 86400000000) + 719162 - (365 * before + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400))
}`,
    'date',
    'floorDiv',
  ),

  INVALID_ARGUMENT: helper(js`const INVALID_ARGUMENT = Object.freeze({ error: "invalid-argument" })`),
  // Numbers of a list may be bigints.
  isIn: helper(js`const isIn = (element, list) => list.some((each) => each == element)`),
  elementAt: helper(
    js`const elementAt = (list, i) => i >= 0 && i < list.length ? list[Number(i)] : INVALID_ARGUMENT`,
    'INVALID_ARGUMENT',
  ),
  norm: helper(js`const norm = (list) => {
  let sum = 0
  for (const each of list) {
    const size = Math.abs(each)
    if (!(size <= 1e150)) return Infinity
    if (size >= 1e-150) sum += each * each
  }
  return Math.sqrt(sum)
}`),
  all: helper(js`const all = (list, test) => {
  let result = true
  for (let i = 0; i < list.length; i++) {
    const found = test(list[i], i)
    if (found === false) return false
    if (result === true) result = found
  }
  return result
}`),
  exists: helper(js`const exists = (list, test) => {
  let result = false
  for (let i = 0; i < list.length; i++) {
    const found = test(list[i], i)
    if (found === true) return true
    if (result === false) result = found
  }
  return result
}`),
  existsOne: helper(js`const existsOne = (list, test) => {
  let count = 0
  for (let i = 0; i < list.length; i++) {
    const found = test(list[i], i)
    if (typeof found === "object") return found
    if (found) count++
  }
  return count === 1
}`),
  // Places count code points.
  charAt: helper(
    js`const charAt = (s, i) => {
  const chars = Array.from(s)
  return i < 0 || i > chars.length ? INVALID_ARGUMENT : chars[Number(i)] ?? ""
}`,
    'INVALID_ARGUMENT',
  ),
  substring: helper(
    js`const substring = (s, from, to) => {
  const chars = Array.from(s)
  const end = to === undefined ? chars.length : to
  return from < 0 || end > chars.length || from > end ? INVALID_ARGUMENT : chars.slice(Number(from), Number(end)).join("")
}`,
    'INVALID_ARGUMENT',
  ),
  indexOf: helper(
    js`const indexOf = (s, t) => {
  const at = s.indexOf(t)
  return at < 0 ? at : size(s.slice(0, at))
}`,
    'size',
  ),
  replaceAll: helper(
    js`const replaceAll = (s, from, to) => from === "" ? to + Array.from(s, (char) => char + to).join("") : s.split(from).join(to)`,
  ),
  trim: helper(
    js`const trim = (s) => {
  const white = (c) => (c > 8 && c < 14) || c === 32 || c === 0x85 || c === 0xa0 || c === 0x1680 || (c > 0x1fff && c < 0x200b) || c === 0x2028 || c === 0x2029 || c === 0x202f || c === 0x205f || c === 0x3000
  let first = 0
  let last = s.length
  while (first < last && white(s.charCodeAt(first))) first++
  while (last > first && white(s.charCodeAt(last - 1))) last--
  return s.slice(first, last)
}`,
  ),
  isJson: helper(
    js`const isJson = (s) => {
  try {
    JSON.parse(s)
    return true
  } catch {
    return false
  }
}`,
  ),
  boolOfText: helper(
    js`const boolOfText = (s) => ["1", "t", "true", "TRUE", "True"].includes(s) ? true : ["0", "f", "false", "FALSE", "False"].includes(s) ? false : INVALID_CONVERSION`,
    'INVALID_CONVERSION',
  ),

  pattern: helper(patternHelper),
}

/** The names of the helpers, as code. */
export const helperNames = Object.fromEntries(Object.keys(helpers).map((helper) => [helper, name(helper)])) as Readonly<
  Record<HelperName, Js>
>

/** The helpers named and all they need, each once, in an order in which each is defined before a caller runs. */
export function withNeeds(names: Iterable<HelperName>): readonly HelperName[] {
  const found = new Set<HelperName>()
  const add = (helperName: HelperName): void => {
    if (found.has(helperName)) return
    for (const need of helpers[helperName].needs) add(need)
    found.add(helperName)
  }
  for (const helperName of names) add(helperName)
  return [...found]
}
