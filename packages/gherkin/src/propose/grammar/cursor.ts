import type { Token } from './tokens.ts'

/** Reads a sentence from left to right, remembers how far anybody came, and what would have gone on from there. */
export class Cursor {
  readonly tokens: readonly Token[]
  #at = 0
  #furthest = 0
  readonly #expected = new Set<string>()

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  /** The part that is next, or one after it. */
  peek(offset = 0): Token | undefined {
    return this.tokens[this.#at + offset]
  }

  get done(): boolean {
    return this.#at >= this.tokens.length
  }

  /** Where the first part stands that nobody could read. */
  get furthest(): number {
    return this.#furthest
  }

  /** What could have stood there. */
  get expected(): ReadonlySet<string> {
    return this.#expected
  }

  /** The first of these phrases that stands here, longest first; it is read. */
  take(...phrases: readonly string[]): string | undefined {
    const found = this.quietly(...phrases)
    if (found === undefined) this.expect(...phrases)
    return found
  }

  /** The same, for words that nobody has to be told of. */
  quietly(...phrases: readonly string[]): string | undefined {
    const found = phrases
      .toSorted((a, b) => b.split(' ').length - a.split(' ').length)
      .find((phrase) => phrase.split(' ').every((word, i) => this.peek(i)?.lower === word))
    if (found !== undefined) this.skip(found.split(' ').length)
    return found
  }

  /** A part of this kind; it is read. */
  kind(kind: Token['kind']): Token | undefined {
    const token = this.peek()
    if (token?.kind !== kind) return undefined
    this.skip(1)
    return token
  }

  /** Goes on after some parts. */
  skip(count: number): void {
    this.#at += count
    if (this.#at <= this.#furthest) return
    this.#furthest = this.#at
    this.#expected.clear()
  }

  /** Says what could stand here. */
  expect(...words: readonly string[]): void {
    if (this.#at === this.#furthest) for (const word of words) this.#expected.add(word)
  }

  /** What `read` gives, or nothing read at all. */
  attempt<T>(read: () => T | undefined): T | undefined {
    const start = this.#at
    const found = read()
    if (found === undefined) this.#at = start
    return found
  }
}
