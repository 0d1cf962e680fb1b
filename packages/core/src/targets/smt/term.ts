declare const brand: unique symbol

/** A piece of SMT-LIB made by this file only: by the tag, by `symbol` or by a literal. */
export interface Term {
  readonly [brand]: 'smt'
}

class Fragment implements Term {
  declare readonly [brand]: 'smt'
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  static text(term: Term): string {
    if (!(term instanceof Fragment)) throw new TypeError('Only a term made by the smt tag can become a script.')
    return term.#text
  }
}

/** Builds a term from text written in our source and other terms. A string in a hole is a type error, and throws. */
export function smt(parts: TemplateStringsArray, ...holes: readonly Term[]): Term {
  if (!Array.isArray(parts.raw)) throw new TypeError('smt is a template tag.')
  let text = parts[0] ?? ''
  for (let i = 1; i < parts.length; i++) text += Fragment.text(holes[i - 1] as Term) + (parts[i] ?? '')
  return new Fragment(text)
}

/** A name of ours: `c0`, `round3`. Never a name from a spec. */
export function symbol(name: string): Term {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new RangeError('Not a name that a script may use.')
  return new Fragment(name)
}

/** Terms after one another. */
export const join = (terms: readonly Term[]): Term => new Fragment(terms.map(Fragment.text).join(' '))

/** The text of a term. */
export const render = (term: Term): string => Fragment.text(term)

/** `true`; the one object, so that it can be recognised. */
export const TRUE: Term = new Fragment('true')
/** `false`; the one object. */
export const FALSE: Term = new Fragment('false')

/** A truth value. */
export const truth = (value: boolean): Term => (value ? TRUE : FALSE)

/** An integer of any size. */
export function integer(value: bigint): Term {
  return new Fragment(value < 0n ? `(- ${-value})` : `${value}`)
}

/** A fraction as a real number; the denominator is positive. */
export function real(numerator: bigint, denominator = 1n): Term {
  const size = numerator < 0n ? -numerator : numerator
  const text = denominator === 1n ? `${size}.0` : `(/ ${size}.0 ${denominator}.0)`
  return new Fragment(numerator < 0n ? `(- ${text})` : text)
}

/** A text of characters that SMT-LIB has, given by their code points (0 to 0x2FFFF). */
export function characters(points: readonly number[]): Term {
  const plain = (point: number): boolean => point >= 0x20 && point < 0x7f && point !== 0x22 && point !== 0x5c
  const written = points.map((point) => (plain(point) ? String.fromCharCode(point) : `\\u{${point.toString(16)}}`))
  return new Fragment(`"${written.join('')}"`)
}

/** Negation. */
export function not(term: Term): Term {
  if (term === TRUE) return FALSE
  return term === FALSE ? TRUE : smt`(not ${term})`
}

/** All hold. */
export function and(...terms: readonly Term[]): Term {
  return connected(terms, TRUE, FALSE, new Fragment('and'))
}

/** One of them holds. */
export function or(...terms: readonly Term[]): Term {
  return connected(terms, FALSE, TRUE, new Fragment('or'))
}

/** Where the first holds, the second does. */
export const implies = (premise: Term, conclusion: Term): Term => or(not(premise), conclusion)

/** The second where the first holds, else the third. */
export function ite(condition: Term, then: Term, otherwise: Term): Term {
  if (condition === TRUE || then === otherwise) return then
  if (condition === FALSE) return otherwise
  if (then === TRUE && otherwise === FALSE) return condition
  if (then === TRUE) return or(condition, otherwise)
  if (then === FALSE) return and(not(condition), otherwise)
  if (otherwise === FALSE) return and(condition, then)
  return otherwise === TRUE ? or(not(condition), then) : smt`(ite ${condition} ${then} ${otherwise})`
}

/** They are equal. */
export const equal = (a: Term, b: Term): Term => smt`(= ${a} ${b})`

function connected(terms: readonly Term[], neutral: Term, decisive: Term, name: Term): Term {
  const left = [...new Set(terms)].filter((term) => term !== neutral)
  if (left.includes(decisive)) return decisive
  const [only] = left
  if (only === undefined) return neutral
  return left.length === 1 ? only : smt`(${name} ${join(left)})`
}
