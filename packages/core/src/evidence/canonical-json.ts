/** A plain JSON value, as `JSON.parse` returns it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
/** A plain JSON object. */
export type JsonObject = { readonly [key: string]: JsonValue }

/** A value that has a canonical form: JSON, plus `bigint` in the range of int64 and the non-finite numbers. */
export type CanonicalValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue }

/** Why a value has no canonical form. */
export type CanonicalJsonErrorCode =
  | 'undefined'
  | 'function'
  | 'symbol'
  | 'not-plain-object'
  | 'lone-surrogate'
  | 'int64-range'
  | 'too-deep'

/** Thrown by `canonicalJson`; `path` is the JSON Pointer (RFC 6901) of the value that has no canonical form. */
export class CanonicalJsonError extends Error {
  override readonly name = 'CanonicalJsonError'
  readonly code: CanonicalJsonErrorCode
  readonly path: string
  constructor(code: CanonicalJsonErrorCode, path: string, what: string) {
    super(`${what} at ${path === '' ? 'the root' : path} has no canonical JSON form`)
    this.code = code
    this.path = path
  }
}

/** Nesting beyond this is refused: it is a cycle, or it would exhaust the stack of a reader. */
const MAX_DEPTH = 500
const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

/**
 * The canonical JSON text of a value (RFC 8785, JSON Canonicalization Scheme): no white space, members sorted by
 * UTF-16 code units, numbers and strings spelled as ECMAScript does.
 *
 * Two extensions, both plain JSON objects with one member, so that the text stays RFC 8785:
 * an int64 beyond ±(2^53 − 1) is `{"$int64":"9223372036854775807"}`; a non-finite number is `{"$number":"NaN"}`,
 * `"Infinity"` or `"-Infinity"`. A `bigint` inside the safe range is an ordinary number; −0 is 0.
 * A plain object of exactly such a form *is* that value, so the function is idempotent over `JSON.parse`.
 *
 * Members for which `leftOut` says so, at any depth, are passed over.
 *
 * Throws `CanonicalJsonError` for undefined (also as a member or array hole), functions, symbols, objects that are
 * not plain (dates, maps, typed arrays), strings with a lone surrogate, integers outside int64, nesting beyond 500.
 */
export function canonicalJson(value: unknown, leftOut?: LeftOut): string {
  try {
    return write(value, 0, leftOut)
  } catch (refused) {
    throw refused instanceof Refusal ? refused.located() : refused
  }
}

/** Whether a member of an object is passed over. */
export type LeftOut = (name: string, value: unknown, owner: object) => boolean

/** A refusal on its way out; every level it passes adds its step, so that writing itself needs to know no path. */
class Refusal extends Error {
  readonly #code: CanonicalJsonErrorCode
  readonly #what: string
  readonly #steps: (string | number)[] = []
  constructor(code: CanonicalJsonErrorCode, what: string) {
    super(what)
    this.#code = code
    this.#what = what
  }

  at(step: string | number): this {
    this.#steps.push(step)
    return this
  }

  located(): CanonicalJsonError {
    const escaped = this.#steps.toReversed().map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'))
    return new CanonicalJsonError(this.#code, escaped.map((step) => `/${step}`).join(''), this.#what)
  }
}

function write(value: unknown, depth: number, leftOut: LeftOut | undefined): string {
  switch (typeof value) {
    case 'string':
      return writeString(value)
    case 'number':
      return Number.isFinite(value) ? JSON.stringify(value) : `{"$number":"${String(value)}"}`
    case 'boolean':
      return value ? 'true' : 'false'
    case 'bigint':
      return writeInteger(value)
    case 'object':
      if (value === null) return 'null'
      if (depth > MAX_DEPTH) throw new Refusal('too-deep', 'a value nested too deeply (or a cycle)')
      return Array.isArray(value) ? writeArray(value, depth, leftOut) : writeObject(value, depth, leftOut)
    default:
      throw new Refusal(typeof value as 'undefined' | 'function' | 'symbol', typeof value)
  }
}

function writeString(value: string): string {
  if (!value.isWellFormed()) throw new Refusal('lone-surrogate', 'a string with a lone surrogate')
  return JSON.stringify(value)
}

function writeInteger(value: bigint): string {
  if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)) return value.toString()
  if (value < INT64_MIN || value > INT64_MAX) throw new Refusal('int64-range', 'an integer outside int64')
  return `{"$int64":"${value}"}`
}

function writeArray(value: readonly unknown[], depth: number, leftOut: LeftOut | undefined): string {
  let text = '['
  let i = 0
  try {
    // An index loop, because `map` would pass over the holes of a sparse array.
    for (; i < value.length; i++) text += (i === 0 ? '' : ',') + write(value[i], depth + 1, leftOut)
  } catch (refused) {
    throw refused instanceof Refusal ? refused.at(i) : refused
  }
  return `${text}]`
}

function writeObject(value: object, depth: number, leftOut: LeftOut | undefined): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) {
    throw new Refusal('not-plain-object', 'an object that is not plain data')
  }
  const members = value as Readonly<Record<string, unknown>>
  let text = '{'
  let name = ''
  try {
    // The default order of `sort` is that of UTF-16 code units, as the standard demands.
    for (name of Object.keys(value).sort()) {
      const item = members[name]
      if (leftOut?.(name, item, value) === true) continue
      text += `${text === '{' ? '' : ','}${writeString(name)}:${write(item, depth + 1, leftOut)}`
    }
  } catch (refused) {
    throw refused instanceof Refusal ? refused.at(name) : refused
  }
  return `${text}}`
}

/** The outcome of `parseCanonical`: the value, or why the text is not canonical JSON. */
export type CanonicalParse =
  | { readonly ok: true; readonly value: CanonicalValue }
  | { readonly ok: false; readonly code: 'not-json' | 'not-canonical'; readonly message: string }

/**
 * Reads a canonical JSON text back, tags revived: `$int64` becomes a `bigint`, `$number` a non-finite number.
 * A text that is JSON but not byte for byte what `canonicalJson` writes (white space, duplicate members, another
 * spelling of a number, another order) is refused as `not-canonical`.
 */
export function parseCanonical(text: string): CanonicalParse {
  let plain: JsonValue
  try {
    plain = JSON.parse(text) as JsonValue
  } catch (cause) {
    return { ok: false, code: 'not-json', message: cause instanceof Error ? cause.message : String(cause) }
  }
  if (!isCanonical(plain, text))
    return { ok: false, code: 'not-canonical', message: 'the text is not in canonical form' }
  return { ok: true, value: reviveTags(plain) }
}

/** Whether a text, read as `plain`, is byte for byte what `canonicalJson` writes of it. */
export function isCanonical(plain: JsonValue, text: string): boolean {
  // Where members are sorted already, the writer of the engine writes the same, ten times as fast; only of lone surrogates it
  // makes escapes, where canonical JSON has no form.
  if (isSorted(plain, 0) && JSON.stringify(plain) === text && !text.includes('\\ud')) return true
  try {
    return canonicalJson(plain) === text
  } catch (cause) {
    // A lone surrogate written as an escape, or hostile nesting: readable JSON, but not canonical.
    if (cause instanceof CanonicalJsonError) return false
    throw cause
  }
}

/** Whether the members of every object stand in the canonical order; false for what is nested too deeply to say. */
function isSorted(value: JsonValue, depth: number): boolean {
  if (value === null || typeof value !== 'object') return true
  if (depth > MAX_DEPTH) return false
  if (Array.isArray(value)) return value.every((item) => isSorted(item, depth + 1))
  const members = value as JsonObject
  let last: string | undefined
  for (const name of Object.keys(members)) {
    if ((last !== undefined && last >= name) || !isSorted(members[name] ?? null, depth + 1)) return false
    last = name
  }
  return true
}

/** Replaces the tagged objects inside plain JSON by the values they stand for; everything else stays as it is. */
export function reviveTags(value: JsonValue): CanonicalValue {
  if (Array.isArray(value)) return value.map(reviveTags)
  if (value === null || typeof value !== 'object') return value as CanonicalValue
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && only !== undefined) {
    const tagged = fromTag(only[0], only[1])
    if (tagged !== undefined) return tagged
  }
  // `fromEntries` defines members, so that one called "__proto__" stays a member.
  return Object.fromEntries(entries.map(([key, member]) => [key, reviveTags(member)]))
}

function fromTag(key: string, text: JsonValue): bigint | number | undefined {
  if (typeof text !== 'string') return undefined
  if (key === '$number') {
    return text === 'NaN' || text === 'Infinity' || text === '-Infinity' ? Number(text) : undefined
  }
  if (key !== '$int64' || !/^-?[1-9][0-9]{15,18}$/.test(text)) return undefined
  const integer = BigInt(text)
  if (integer < INT64_MIN || integer > INT64_MAX || Number.isSafeInteger(Number(integer))) return undefined
  return integer
}
