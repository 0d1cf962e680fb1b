declare const brand: unique symbol

/** A piece of JavaScript made by this file only: by the tag, by `name` or by `jsonLiteral`. */
export interface Js {
  readonly [brand]: 'js'
}

class Fragment implements Js {
  declare readonly [brand]: 'js'
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  /** The text; throws a TypeError for what this class has not made, however it is disguised: it has no such field. */
  static text(js: Js): string {
    return (js as Fragment).#text
  }
}

/** Builds code from text written in our source and other fragments. A string in a hole is a type error, and throws. */
export function js(parts: TemplateStringsArray, ...holes: readonly Js[]): Js {
  if (!Array.isArray(parts.raw)) throw new TypeError('js is a template tag.')
  let text = parts[0] ?? ''
  for (let i = 1; i < parts.length; i++) {
    const hole = Fragment.text(holes[i - 1] as Js)
    const part = parts[i] ?? ''
    text += part === '' ? hole : hole + part
  }
  return new Fragment(text)
}

/** A variable of ours: `t0`, `addInt`. Never a name from a spec: those are property keys, and literals. */
export function name(identifier: string): Js {
  if (!isName(identifier)) throw new RangeError('Not a name that generated code may use.')
  return new Fragment(identifier)
}

/** A letter, then letters, digits and `_`; looked at by hand, since it is asked for every word of generated code. */
function isName(identifier: string): boolean {
  for (let i = 0; i < identifier.length; i++) {
    const code = identifier.charCodeAt(i)
    const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
    if (!letter && (i === 0 || !((code >= 48 && code <= 57) || code === 95))) return false
  }
  return identifier.length > 0
}

const UNSAFE = /[<>\u2028\u2029]/

/** Text or boolean as a literal that stays one wherever the code is put: in a script element, in old engines. */
export function jsonLiteral(value: string | boolean): Js {
  const json = JSON.stringify(value)
  if (!UNSAFE.test(json)) return new Fragment(json)
  return new Fragment(json.replace(/[<>\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`))
}

/** A float64. */
export function numberLiteral(value: number): Js {
  const text = Object.is(value, -0) ? '-0' : `${value}`
  return new Fragment(text.startsWith('-') ? `(${text})` : text)
}

/** An int64: a number where it is a safe integer, else a bigint. */
export function integerLiteral(value: bigint): Js {
  const text = Number.isSafeInteger(Number(value)) ? `${value}` : `${value}n`
  return new Fragment(value < 0n ? `(${text})` : text)
}

/** Fragments with a separator between them. */
export function join(fragments: readonly Js[], separator: Js): Js {
  return new Fragment(fragments.map(Fragment.text).join(Fragment.text(separator)))
}

/** The text of the code. */
export function render(fragment: Js): string {
  return Fragment.text(fragment)
}
