import { MAX_DEPTH } from '../../expr/parse/limits.ts'
import type { BinaryOperator, Syntax } from '../../expr/syntax.ts'
import { COLUMN, IS_NOT_NULL, IS_NULL, OPERATORS, QUANTIFIERS } from './operators.ts'
import { type Phrase, PHRASES, RELATIONS } from './phrases.ts'
import { NotEnglish, type Word, wordsOf } from './words.ts'

/** An expression, or why the text is none. */
export type Reading = { readonly ok: true; readonly value: Syntax } | { readonly ok: false; readonly problem: string }

/** English, as `speak` says it → the expression. Places in it mean nothing. */
export function readExpression(text: string): Reading {
  try {
    const reader = new SentenceReader(wordsOf(text))
    const value = reader.expression()
    reader.end()
    return { ok: true, value }
  } catch (thrown) {
    if (thrown instanceof NotEnglish) return { ok: false, problem: thrown.message }
    throw thrown
  }
}

const NO_PLACE = { start: 0, end: 0 }

/** `a.b.c` */
const pathOf = ([first = '', ...rest]: readonly string[]): Syntax =>
  rest.reduce<Syntax>((operand, name) => ({ kind: 'member', operand, name, nameStart: 0, ...NO_PLACE }), {
    kind: 'name',
    name: first,
    ...NO_PLACE,
  })
const split = (words: string): readonly string[] => words.split(' ')

/** Operators from the weakest to the strongest, each with its words. */
const LEVELS = [1, 2, 3, 4, 5].map((strength) =>
  Object.entries(OPERATORS).flatMap(([op, each]) =>
    each.strength === strength ? [{ op: op as BinaryOperator, words: split(each.words) }] : [],
  ),
)
const COMPARISONS = OPERATORS['<'].strength

/** Reads words from left to right. */
export class SentenceReader {
  readonly #words: readonly Word[]
  #at = 0
  #depth = 0
  constructor(words: readonly Word[]) {
    this.#words = words
  }

  end(): void {
    if (this.#at < this.#words.length) throw this.#unexpected('the end')
  }

  /** Takes these words if they are next. */
  take(words: string): boolean {
    const wanted = split(words)
    const found = wanted.every((text, i) => {
      const word = this.#words[this.#at + i]
      return (word?.kind === 'word' || word?.kind === 'mark') && word.text === text
    })
    if (found) this.#at += wanted.length
    return found
  }

  demand(words: string): void {
    if (!this.take(words)) throw this.#unexpected(`“${words}”`)
  }

  /** The next name, as a path. */
  name(): string {
    const word = this.#words[this.#at]
    if (word?.kind !== 'name') throw this.#unexpected('a name')
    this.#at++
    return word.path.join('.')
  }

  /** The next name, or one that is no plain word, in quotes. */
  column(): string {
    const word = this.#words[this.#at]
    if (word?.kind !== 'string') return this.name()
    this.#at++
    return word.value
  }

  /** Whether this word is next. */
  peeks(text: string): boolean {
    const word = this.#words[this.#at]
    return word?.kind === 'word' && word.text === text
  }

  /** Whether a number is next. */
  peeksNumber(): boolean {
    const kind = this.#words[this.#at]?.kind
    return kind === 'int' || kind === 'double'
  }

  /** The next number. */
  number(): bigint | number {
    const word = this.#words[this.#at]
    if (word?.kind !== 'int' && word?.kind !== 'double') throw this.#unexpected('a number')
    this.#at++
    return word.value
  }

  /** The next word of any kind, as written. */
  next(): Word | undefined {
    return this.#words[this.#at++]
  }

  expression(): Syntax {
    if (++this.#depth > MAX_DEPTH) throw new NotEnglish('The sentence is nested too deeply.')
    try {
      const quantified = this.#quantified() ?? this.#binding()
      if (quantified !== undefined) return quantified
      if (!this.take('if')) return this.#level(0)
      const condition = this.#level(0)
      this.demand('then')
      const whenTrue = this.#level(0)
      this.demand('otherwise')
      return { kind: 'conditional', condition, whenTrue, whenFalse: this.expression(), ...NO_PLACE }
    } finally {
      this.#depth--
    }
  }

  /** “for every `x` of `tags`: …” */
  #quantified(): Syntax | undefined {
    const quantifier = QUANTIFIERS.find(({ words }) => this.take(words))
    if (quantifier === undefined) return undefined
    const variables = [this.#variable()]
    if (this.take('and')) variables.push(this.#variable())
    this.demand('of')
    const operand = this.#unary()
    this.demand(':')
    const args = [...variables, this.expression()]
    return { kind: 'method', operand, name: quantifier.name, nameStart: 0, args, ...NO_PLACE }
  }

  /** “let `x` be … in …” */
  #binding(): Syntax | undefined {
    if (!this.take('let')) return undefined
    const variable = this.#variable()
    this.demand('be')
    const value = this.#level(0)
    this.demand('in')
    const args = [variable, value, this.expression()]
    return {
      kind: 'method',
      operand: { kind: 'name', name: 'cel', ...NO_PLACE },
      name: 'bind',
      nameStart: 0,
      args,
      ...NO_PLACE,
    }
  }

  #variable(): Syntax {
    return { kind: 'name', name: this.name(), ...NO_PLACE }
  }

  #level(index: number): Syntax {
    const operators = LEVELS[index]
    if (operators === undefined) return this.#unary()
    let left = this.#level(index + 1)
    for (;;) {
      const joined = this.#joined(left, operators, index)
      if (joined === undefined) return left
      left = joined
    }
  }

  #joined(left: Syntax, operators: (typeof LEVELS)[number], index: number): Syntax | undefined {
    const comparing = index + 1 === COMPARISONS
    for (const [words, op] of comparing
      ? ([
          [IS_NULL, '=='],
          [IS_NOT_NULL, '!='],
        ] as const)
      : [])
      if (this.take(words))
        return { kind: 'binary', op, opStart: 0, left, right: { kind: 'null', ...NO_PLACE }, ...NO_PLACE }
    for (const { op, words } of operators)
      if (this.take(words.join(' ')))
        return { kind: 'binary', op, opStart: 0, left, right: this.#level(index + 1), ...NO_PLACE }
    for (const phrase of comparing ? RELATIONS : []) {
      const [, words] = phrase.parts
      if (typeof words === 'string' && this.take(words)) return applied(phrase, [left, this.#level(index + 1)])
    }
    return undefined
  }

  #unary(): Syntax {
    if (++this.#depth > MAX_DEPTH) throw new NotEnglish('The sentence is nested too deeply.')
    try {
      if (this.take('not')) return { kind: 'unary', op: '!', operand: this.#unary(), ...NO_PLACE }
      if (this.take('minus')) return { kind: 'unary', op: '-', operand: this.#unary(), ...NO_PLACE }
      let node = this.#primary()
      for (;;) {
        if (this.take('[')) {
          const optional = this.#optional()
          node = { kind: 'index', operand: node, index: this.expression(), ...optional, ...NO_PLACE }
          this.demand(']')
        } else if (this.take('its')) {
          const optional = this.#optional()
          const name = this.name()
          node = this.take('(')
            ? { kind: 'method', operand: node, name, nameStart: 0, args: this.#list(')'), ...NO_PLACE }
            : { kind: 'member', operand: node, name, nameStart: 0, ...optional, ...NO_PLACE }
        } else return node
      }
    } finally {
      this.#depth--
    }
  }

  #primary(): Syntax {
    const phrased = this.#phrase()
    if (phrased !== undefined) return phrased
    if (this.take('true')) return { kind: 'bool', value: true, ...NO_PLACE }
    if (this.take('false')) return { kind: 'bool', value: false, ...NO_PLACE }
    if (this.take(COLUMN)) {
      const name = this.#words[this.#at++]
      if (name?.kind !== 'string') throw new NotEnglish('Expected the name of a column in quotes.')
      const index: Syntax = { ...name, ...NO_PLACE }
      return { kind: 'index', operand: { kind: 'name', name: 'row', ...NO_PLACE }, index, ...NO_PLACE }
    }
    if (this.take('nothing')) return { kind: 'null', ...NO_PLACE }
    if (this.take('(')) {
      const inner = this.expression()
      this.demand(')')
      return inner
    }
    if (this.take('[')) return this.#elements()
    if (this.take('{')) return this.#entries()
    const word = this.#words[this.#at]
    switch (word?.kind) {
      case 'int':
      case 'uint':
      case 'double':
      case 'string':
      case 'bytes':
        this.#at++
        return { ...word, ...NO_PLACE } as Syntax
      case 'name': {
        if (word.path.some((part) => part.includes('-'))) throw this.#unexpected('the name of a column')
        this.#at++
        const [first = '', ...rest] = word.path
        if (rest.length === 0 && this.take('('))
          return { kind: 'call', name: first, args: this.#list(')'), ...NO_PLACE }
        const last = rest.at(-1)
        if (last !== undefined && this.take('(')) {
          const operand = pathOf([first, ...rest.slice(0, -1)])
          return { kind: 'method', operand, name: last, nameStart: 0, args: this.#list(')'), ...NO_PLACE }
        }
        return pathOf(word.path)
      }
      default:
        throw this.#unexpected('a value')
    }
  }

  /** The longest phrase that fits: “the accuracy of X” rather than “the accuracy”. */
  #phrase(): Syntax | undefined {
    const start = this.#at
    let best: { readonly node: Syntax; readonly end: number } | undefined
    for (const phrase of PHRASES) {
      this.#at = start
      const [first] = phrase.parts
      if (typeof first !== 'string' || !this.take(first)) continue
      const node = this.#rest(phrase)
      if (node !== undefined && (best === undefined || this.#at > best.end)) best = { node, end: this.#at }
    }
    this.#at = best?.end ?? start
    return best?.node
  }

  #rest(phrase: Phrase): Syntax | undefined {
    const args: Syntax[] = []
    try {
      for (const part of phrase.parts.slice(1)) {
        if (typeof part === 'number') args[part] = this.#unary()
        else if (!this.take(part)) return undefined
      }
    } catch (thrown) {
      if (thrown instanceof NotEnglish) return undefined
      throw thrown
    }
    return applied(phrase, args)
  }

  #list(close: string): readonly Syntax[] {
    const items: Syntax[] = []
    if (this.take(close)) return items
    do items.push(this.expression())
    while (this.take(','))
    this.demand(close)
    return items
  }

  #elements(): Syntax {
    const elements: Syntax[] = []
    const optional: number[] = []
    const made = (): Syntax => ({ kind: 'list', elements, ...(optional.length > 0 && { optional }), ...NO_PLACE })
    if (this.take(']')) return made()
    do {
      if (this.take('optional')) optional.push(elements.length)
      elements.push(this.expression())
    } while (this.take(','))
    this.demand(']')
    return made()
  }

  #entries(): Syntax {
    const entries: { readonly key: Syntax; readonly value: Syntax }[] = []
    const optional: number[] = []
    const made = (): Syntax => ({ kind: 'map', entries, ...(optional.length > 0 && { optional }), ...NO_PLACE })
    if (this.take('}')) return made()
    do {
      if (this.take('optional')) optional.push(entries.length)
      const key = this.expression()
      this.demand(':')
      entries.push({ key, value: this.expression() })
    } while (this.take(','))
    this.demand('}')
    return made()
  }

  /** `optional` before a field, an index, an element. */
  #optional(): { readonly optional?: true } {
    return this.take('optional') ? { optional: true } : {}
  }

  #unexpected(wanted: string): NotEnglish {
    const word = this.#words[this.#at]
    const found = word === undefined ? 'the end' : 'text' in word ? `“${word.text}”` : `a ${word.kind}`
    return new NotEnglish(`Expected ${wanted} and found ${found}.`)
  }
}

function applied({ name, method, namespace }: Phrase, places: readonly Syntax[]): Syntax {
  const isMethod = method === true || namespace !== undefined
  const [operand, ...args] =
    namespace === undefined ? places : [{ kind: 'name', name: namespace, ...NO_PLACE } as const, ...places]
  return isMethod && operand !== undefined
    ? { kind: 'method', operand, name, nameStart: 0, args, ...NO_PLACE }
    : { kind: 'call', name, args: places, ...NO_PLACE }
}
