declare const brand: unique symbol

/** A piece of SQL made by this file only: by the tag, by `identifier` or by `textLiteral`. Never by concatenation. */
export interface Sql {
  readonly [brand]: 'sql'
}

class Fragment implements Sql {
  declare readonly [brand]: 'sql'
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  /** The text; throws a TypeError for what this class has not made, however it is disguised: it has no such field. */
  static text(sql: Sql): string {
    return (sql as Fragment).#text
  }
}

/** Builds SQL from text written in our source and other fragments. A string in a hole is a type error, and throws. */
export function sql(parts: TemplateStringsArray, ...holes: readonly Sql[]): Sql {
  if (!Array.isArray(parts.raw)) throw new TypeError('sql is a template tag.')
  let text = parts[0] ?? ''
  for (let i = 1; i < parts.length; i++) {
    const hole = Fragment.text(holes[i - 1] as Sql)
    const part = parts[i] ?? ''
    text += part === '' ? hole : hole + part
  }
  return new Fragment(text)
}

/** A name, always quoted: `a "b"` → `"a ""b"""`. A name with a NUL cannot be written in SQL: the reader refuses it before. */
export function identifier(name: string): Sql {
  if (name.includes('\0')) throw new RangeError('A name with a NUL character cannot be an SQL identifier.')
  return new Fragment(`"${name.replaceAll('"', '""')}"`)
}

/** A text literal in standard SQL, quotes doubled. NUL has a spelling of its own in each dialect. */
export function textLiteral(text: string): Sql {
  if (text.includes('\0')) throw new RangeError('A text with a NUL character is written by the dialect.')
  return new Fragment(`'${text.replaceAll("'", "''")}'`)
}

/**
 * A text literal with backslashes doubled where there are any (`E'…'`): it reads the same whether or not a database is
 * set to take a backslash in a plain literal for an escape.
 */
export function escapedTextLiteral(text: string): Sql {
  if (!text.includes('\\')) return textLiteral(text)
  return new Fragment(`E${Fragment.text(textLiteral(text.replaceAll('\\', '\\\\')))}`)
}

/** Characters that a database gives a meaning inside of a text, and what stands for them. */
export type TextEscapes = Readonly<Record<string, string>>

const NUL_AND_DOLLAR: TextEscapes = { '\0': '\\u0000', $: '\\u0024' }

/**
 * A text literal for databases that take a backslash for an escape in every literal, with the characters escaped that mean
 * something inside of one; by default `$`, too, since some replace `${…}` before they read anything else.
 */
export function backslashTextLiteral(text: string, escapes: TextEscapes = NUL_AND_DOLLAR): Sql {
  let escaped = text.replaceAll(/[\\']/g, '\\$&')
  for (const [character, code] of Object.entries(escapes)) escaped = escaped.replaceAll(character, () => code)
  return new Fragment(`'${escaped}'`)
}

/** An exact whole number, with its sign; `suffix` where a database tells the width of a number by one. */
export function integerLiteral(value: bigint, suffix: '' | 'L' = ''): Sql {
  return new Fragment(value < 0n ? `(${value}${suffix})` : `${value}${suffix}`)
}

/** A finite float64 as an approximate-number literal (`2.5e0`): without the exponent SQL would read an exact decimal. */
export function floatLiteral(value: number, suffix: '' | 'D' = ''): Sql {
  if (!Number.isFinite(value)) throw new RangeError('A non-finite number is written by the dialect.')
  const digits = Object.is(value, -0) ? '-0' : `${value}`
  const text = `${digits.includes('e') ? digits : `${digits}e0`}${suffix}`
  return new Fragment(text.startsWith('-') ? `(${text})` : text)
}

/** Fragments with a separator between them; an empty list is an empty fragment. */
export function join(fragments: readonly Sql[], separator: Sql): Sql {
  return new Fragment(fragments.map(Fragment.text).join(Fragment.text(separator)))
}

/** The text to hand to a database. */
export function render(fragment: Sql): string {
  return Fragment.text(fragment)
}

/** A text literal whose escapes begin with a backslash, or a name as `identifier` quotes it; what stands between them has no quotes. */
const QUOTED = /'(?:[^'\\]|\\[\s\S])*'|"((?:[^"]|"")*)"/g

/** The text to hand to a database that quotes names otherwise, and takes a backslash in a text for an escape. */
export function renderNames(fragment: Sql, quoted: (name: string) => string): string {
  return Fragment.text(fragment).replaceAll(QUOTED, (found, name: string | undefined) =>
    name === undefined ? found : quoted(name.replaceAll('""', '"')),
  )
}
