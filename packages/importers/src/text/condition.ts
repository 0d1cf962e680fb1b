import type { ColumnType } from '@plumbline/core'
import { all, any, bound, literal, not, oneOf, type Plain, ref } from './cel.ts'
import { type Token, tokensOf } from './condition-tokens.ts'

/** How a foreign condition is read. */
export interface ConditionOptions {
  /**
   * `pandas` is `DataFrame.query` and Great Expectations' `col("x")`: comparing with a missing cell is false, and `!=`
   * true. `sql` is Spark and SQL: it is unknown, as the error `missing` is here.
   */
  readonly notation: 'pandas' | 'sql'
  readonly typeOf: (column: string) => ColumnType | undefined
}

/** A condition in CEL, or why it could not be read. */
export type ReadCondition = { readonly cel: string } | { readonly problem: string }

/** What stands on a side of a comparison. */
type Operand = { readonly column: string } | { readonly value: Plain }

/** A condition on the cells of a row, as CEL that is true for the same rows. */
export function readCondition(condition: string, options: ConditionOptions): ReadCondition {
  const tokens = tokensOf(condition, options.notation)
  if (tokens === undefined) return { problem: `\`${condition}\` holds signs that are not understood` }
  try {
    const reader = new Reader(tokens, options)
    return { cel: reader.whole() }
  } catch (thrown) {
    if (thrown instanceof NotRead) return { problem: `\`${condition}\`: ${thrown.message}` }
    throw thrown
  }
}

/** Ends the reading of one condition; never leaves this file. */
class NotRead extends Error {}

const SIGNS: Readonly<Record<string, string>> = { '=': '==', '<>': '!=' }
const COMPARING = new Set(['==', '!=', '<', '<=', '>', '>='])
const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }
const PLAIN: ReadonlyMap<string, Plain> = new Map<string, Plain>([
  ['true', true],
  ['false', false],
  ['none', null],
  ['null', null],
])
const MISSING = /^(isnull|isna)$/i
const GIVEN = /^(notnull|notna)$/i

/** Recursive descent over the tokens of one condition. */
class Reader {
  readonly #tokens: readonly Token[]
  readonly #options: ConditionOptions
  #at = 0
  #depth = 0
  /** Within how many `not`. */
  #negations = 0

  constructor(tokens: readonly Token[], options: ConditionOptions) {
    this.#tokens = tokens
    this.#options = options
  }

  whole(): string {
    const read = this.#or()
    if (this.#at < this.#tokens.length) throw new NotRead('its end is not understood')
    return read
  }

  #or(): string {
    const parts = [this.#and()]
    while (this.#takes('|', '||', 'or')) parts.push(this.#and())
    return any(parts)
  }

  #and(): string {
    const parts = [this.#not()]
    while (this.#takes('&', '&&', 'and')) parts.push(this.#not())
    return all(parts)
  }

  #not(): string {
    if (++this.#depth > 100) throw new NotRead('it is nested too deeply')
    const negated = this.#takes('~', '!', 'not')
    if (negated) this.#negations++
    const inner = negated ? this.#not() : this.#comparison()
    if (negated) this.#negations--
    this.#depth--
    return negated ? not(inner) : inner
  }

  #comparison(): string {
    const open = this.#at
    if (this.#takes('(')) {
      const inner = this.#or()
      if (!this.#takes(')')) throw new NotRead('a bracket is not closed')
      if (!this.#isComparing()) return inner
      this.#at = open
    }
    const left = this.#operand()
    if ('column' in left && this.#takes('.')) return this.#method(left.column)
    if ('column' in left && this.#takes('is')) {
      const negated = this.#takes('not')
      if (!this.#takes('null', 'none')) throw new NotRead('only `is null` and `is not null` are understood')
      return `${ref(left.column)} ${negated ? '!=' : '=='} null`
    }
    const negated = this.#takes('not')
    if (this.#takes('in')) return this.#in(left, negated)
    if (this.#takes('between')) {
      const low = this.#compare(left, '>=', this.#operand())
      if (!this.#takes('and')) throw new NotRead('`between` has no `and`')
      const within = all([low, this.#compare(left, '<=', this.#operand())])
      return negated ? not(within) : within
    }
    const sign = this.#sign()
    if (sign === undefined) return this.#bare(left)
    const right = this.#operand()
    const first = this.#compare(left, sign, right)
    // Python chains: 1 < x < 3.
    const next = this.#options.notation === 'pandas' ? this.#sign() : undefined
    return next === undefined ? first : all([first, this.#compare(right, next, this.#operand())])
  }

  #isComparing(): boolean {
    const next = this.#tokens[this.#at]
    return next?.kind === 'sign' && COMPARING.has(SIGNS[next.value] ?? next.value)
  }

  #sign(): string | undefined {
    const next = this.#tokens[this.#at]
    if (next?.kind !== 'sign') return undefined
    const sign = SIGNS[next.value] ?? next.value
    if (!COMPARING.has(sign)) return undefined
    this.#at++
    return sign
  }

  /** A column of booleans by itself. */
  #bare(left: Operand): string {
    if ('column' in left && this.#type(left.column) === 'boolean') return this.#guarded(left.column, ref(left.column))
    throw new NotRead('a comparison was expected')
  }

  /** `.isnull()`, `.notNull()`. */
  #method(column: string): string {
    const name = this.#tokens[this.#at++]
    const called = this.#takes('(') && this.#takes(')')
    if (name?.kind === 'name' && called && MISSING.test(name.value)) return `${ref(column)} == null`
    if (name?.kind === 'name' && called && GIVEN.test(name.value)) return `${ref(column)} != null`
    throw new NotRead('only .isnull() and .notnull() are understood')
  }

  #in(left: Operand, negated: boolean): string {
    if (!('column' in left)) throw new NotRead('`in` needs a column')
    if (!this.#takes('(', '[')) throw new NotRead('`in` needs a list')
    const values: Exclude<Plain, null>[] = []
    while (!this.#takes(')', ']')) {
      const operand = this.#operand()
      if ('column' in operand || operand.value === null) throw new NotRead('`in` takes plain values')
      values.push(operand.value)
      this.#takes(',')
    }
    const { column } = left
    const within = oneOf(column, values, this.#known(column)) ?? this.#never(column)
    if (negated) this.#negations++
    const read = this.#guarded(column, within)
    if (negated) this.#negations--
    return negated ? not(read) : read
  }

  #compare(left: Operand, sign: string, right: Operand): string {
    if ('column' in left && 'column' in right) {
      const compared = `${ref(left.column)} ${sign} ${ref(right.column)}`
      if (this.#options.notation === 'sql' || (sign !== '!=' && this.#negations === 0)) return compared
      const given = [left, right].map(({ column }) => `${ref(column)} != null`)
      return sign === '!='
        ? any([...given.map((each) => each.replace('!=', '==')), compared])
        : all([...given, compared])
    }
    if (!('column' in left)) {
      if (!('column' in right)) throw new NotRead('two plain values are compared')
      return this.#compare(right, MIRRORED[sign] ?? sign, left)
    }
    const { column } = left
    const value = 'value' in right ? right.value : null
    if (value === null) {
      if (sign === '==' || sign === '!=') return `${ref(column)} ${sign} null`
      throw new NotRead('nothing is compared with null')
    }
    const type = this.#known(column)
    const written = sign === '==' || sign === '!=' ? literal(value, type) : bound(value, type)
    if (written !== undefined) return this.#guarded(column, `${ref(column)} ${sign} ${written}`, sign === '!=')
    if (sign === '==') return this.#never(column)
    if (sign === '!=') return any([`${ref(column)} == null`, `${ref(column)} != null`])
    throw new NotRead(`"${column}" (${type}) has no order with ${JSON.stringify(value)}`)
  }

  /**
   * In pandas a comparison with a missing cell has a value. Where it is false, and nothing negates it, an error picks no
   * row either.
   */
  #guarded(column: string, condition: string, whenMissing = false): string {
    if (this.#options.notation === 'sql' || (!whenMissing && this.#negations === 0)) return condition
    return whenMissing ? any([`${ref(column)} == null`, condition]) : all([`${ref(column)} != null`, condition])
  }

  /** True for no row: the column cannot equal the value. */
  #never(column: string): string {
    return all([`${ref(column)} == null`, `${ref(column)} != null`])
  }

  #operand(): Operand {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new NotRead('it ends too early')
    if (token.kind === 'number' || token.kind === 'text') return { value: token.value }
    if (token.kind === 'sign' && token.value === '-') {
      const next = this.#tokens[this.#at++]
      if (next?.kind === 'number') return { value: -next.value }
      throw new NotRead('arithmetic is not understood')
    }
    if (token.kind === 'sign' && token.value === '(') {
      const inner = this.#operand()
      if (!this.#takes(')')) throw new NotRead('arithmetic is not understood')
      return inner
    }
    if (token.kind !== 'name') throw new NotRead(`\`${token.value}\` is not understood here`)
    const plain = token.bare ? PLAIN.get(token.value.toLowerCase()) : undefined
    if (plain !== undefined) return { value: plain }
    if (token.bare && token.value === 'col' && this.#takes('(')) {
      const name = this.#tokens[this.#at++]
      if (name?.kind !== 'text' || !this.#takes(')')) throw new NotRead('col(…) takes the name of a column')
      return this.#column(name.value)
    }
    if (token.bare && this.#peeks('(')) throw new NotRead(`the function ${token.value} is not known here`)
    return this.#column(token.value)
  }

  #column(name: string): Operand {
    this.#known(name)
    return { column: name }
  }

  #type(column: string): ColumnType | undefined {
    return this.#options.typeOf(column)
  }

  #known(column: string): ColumnType {
    const type = this.#type(column)
    if (type === undefined) throw new NotRead(`no column "${column}" is known`)
    return type
  }

  #peeks(sign: string): boolean {
    const next = this.#tokens[this.#at]
    return next?.kind === 'sign' && next.value === sign
  }

  /** Takes the next token where it is one of these signs or bare words. */
  #takes(...words: readonly string[]): boolean {
    const next = this.#tokens[this.#at]
    const word = next?.kind === 'sign' ? next.value : next?.kind === 'name' && next.bare ? next.value.toLowerCase() : ''
    if (!words.includes(word)) return false
    this.#at++
    return true
  }
}

/** Names of columns that a condition may read, before their types are known; with more than those, never fewer. */
export function namesIn(
  condition: string,
  notation: 'pandas' | 'sql',
): readonly { readonly name: string; readonly beside?: Plain }[] {
  const tokens = tokensOf(condition, notation) ?? []
  return tokens.flatMap((token, i): readonly { readonly name: string; readonly beside?: Plain }[] => {
    const called = token.kind === 'text' && isSign(tokens[i - 1], '(') && isWord(tokens[i - 2], 'col')
    if (!called && (token.kind !== 'name' || (token.bare && NOT_COLUMNS.has(token.value.toLowerCase())))) return []
    const value = tokens[called ? i + 3 : i + 2]
    const compared = tokens[called ? i + 2 : i + 1]
    const beside =
      compared?.kind === 'sign' && COMPARING.has(SIGNS[compared.value] ?? compared.value) ? value : undefined
    const plain = beside?.kind === 'number' || beside?.kind === 'text' ? beside.value : undefined
    if (!called && standsAlone(tokens[i - 1], tokens[i + 1])) return [{ name: String(token.value), beside: true }]
    return [plain === undefined ? { name: String(token.value) } : { name: String(token.value), beside: plain }]
  })
}

const isSign = (token: Token | undefined, sign: string): boolean => token?.kind === 'sign' && token.value === sign
const isWord = (token: Token | undefined, word: string): boolean => token?.kind === 'name' && token.value === word

/** Whether a name between these is a condition by itself: a column of booleans. */
function standsAlone(before: Token | undefined, after: Token | undefined): boolean {
  const joins = (token: Token | undefined, signs: string, words: readonly string[]): boolean =>
    token === undefined ||
    (token.kind === 'sign' && signs.includes(token.value)) ||
    (token.kind === 'name' && token.bare && words.includes(token.value.toLowerCase()))
  return joins(before, '(&&||~!', ['and', 'or', 'not']) && joins(after, ')&&||', ['and', 'or'])
}

const NOT_COLUMNS = new Set(
  'and or not in is null none true false between like col isnull isna notnull notna'.split(' '),
)
