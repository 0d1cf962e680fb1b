import { percentLiteral, reservedWord, syntaxError, wordOperator } from '../../diagnostics/catalog/expr.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { ExprPlace, Syntax } from '../syntax.ts'
import { reservedWords, type Token } from './token.ts'

/** Operators that people write as words, by lower-case word. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['and', '`&&`'],
  ['or', '`||`'],
  ['not', '`!`'],
  ['is', '`==`, and `== null` for a missing value'],
  ['eq', '`==`'],
  ['mod', '`%`'],
  ['div', '`/`'],
  ['between', '`low <= x && x <= high`'],
  ['like', '`x.contains("…")`, `x.startsWith("…")` or `x.matches("…")`'],
  ['then', '`condition ? a : b`'],
])

/** The most helpful finding for a token that cannot stand where it stands. */
export function unexpected(token: Token, expected: string, place: ExprPlace, before?: Token): Diagnostic {
  if (token.kind === 'error') return token.diagnostic
  const span = place.span(token.start, token.end)
  if (token.kind === 'word') {
    const instead = WORDS.get(token.text.toLowerCase())
    if (instead !== undefined) return diagnose(wordOperator, span, { word: token.text, instead })
    if (reservedWords.has(token.text)) return diagnose(reservedWord, span, { word: token.text })
  }
  return diagnose(syntaxError, span, { found: describe(token), expected, hint: hintFor(token, expected, before) })
}

/** Habits of other languages, told by what stands where it cannot. */
function hintFor(token: Token, expected: string, before: Token | undefined): string | undefined {
  if (token.kind === 'operator' && token.text === '*' && expected === 'a value')
    return 'Write `x * x` for a power; `*` stands between two numbers.'
  if (before === undefined) return undefined
  if (token.kind === 'operator' && token.text === ',' && (before.kind === 'int' || before.kind === 'double'))
    return 'Write a number like 1000, 1_000 or 0.5, without a comma.'
  if (token.kind === 'word' && before.kind === 'string' && token.start === before.end)
    return 'A text ends at the quote that it begins with: write it in the other kind of quotes, or put \\ before the quote inside.'
  return undefined
}

/** `99%`: a number, a percent sign right after it, and nothing that could be divided by. */
export function percentMistake(left: Syntax, operator: Token, next: Token, place: ExprPlace): Diagnostic | undefined {
  if (left.kind !== 'int' && left.kind !== 'double') return undefined
  if (operator.start !== left.end || startsOperand(next)) return undefined
  const text = String(left.value)
  const fraction = Number((Number(left.value) / 100).toPrecision(15))
  return diagnose(percentLiteral, place.span(left.start, operator.end), { text, fraction: String(fraction) })
}

/** True for tokens that can begin a value. */
export function startsOperand(token: Token): boolean {
  if (token.kind === 'word') return !WORDS.has(token.text.toLowerCase()) && token.text !== 'in'
  if (token.kind === 'operator') return ['(', '[', '{', '-', '!', '.'].includes(token.text)
  return token.kind !== 'end' && token.kind !== 'error'
}

function describe(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'the end'
    case 'string':
      return 'a text'
    case 'bytes':
      return 'bytes'
    case 'int':
    case 'uint':
    case 'double':
      return `the number ${token.value}`
    case 'word':
    case 'quoted-name':
    case 'operator':
      return `\`${token.text}\``
    case 'error':
      return 'an error'
  }
}
