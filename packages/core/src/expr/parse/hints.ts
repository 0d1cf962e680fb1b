import { percentLiteral, reservedWord, syntaxError, wordOperator } from '../../diagnostics/catalog/expr.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { ExprPlace, Syntax } from '../syntax.ts'
import { reservedWords, type Token } from './token.ts'

/** Operators that people write as words, by lower-case word. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['and', '`&&`'],
  ['or', '`||`'],
  ['not', '`!`; where the whole text begins with it, put the text in quotes'],
  ['is', '`==`, and `== null` for a missing value'],
  ['eq', '`==`'],
  ['in', '`in [a, b]`, in small letters and square brackets'],
  ['implies', '`!(a) || b` for: if a, then b'],
  ['xor', '`a != b`'],
  ['mod', '`%`'],
  ['div', '`/`'],
  ['between', '`low <= x && x <= high`'],
  ['like', '`x.contains("…")`, `x.startsWith("…")` or `x.matches("…")`'],
  ['then', '`condition ? a : b`'],
])

/** What a dot begins. */
export const DOT_NAME = 'a name after the dot'

/** The most helpful finding for a token that cannot stand where it stands. */
export function unexpected(token: Token, expected: string, place: ExprPlace, before?: Token, next?: Token): Diagnostic {
  if (token.kind === 'error') return token.diagnostic
  const span = place.span(token.start, token.end)
  if (token.kind === 'word') {
    const instead = token.text === 'in' ? undefined : WORDS.get(token.text.toLowerCase())
    if (instead !== undefined) return diagnose(wordOperator, span, { word: token.text, instead })
    if (reservedWords.has(token.text)) return diagnose(reservedWord, span, { word: token.text })
  }
  return diagnose(syntaxError, span, { found: describe(token), expected, hint: hintFor(token, expected, before, next) })
}

/** A bracket that is still open at the end: shown, too. */
export function unclosed(problem: Diagnostic, open: Token, close: string, place: ExprPlace): Diagnostic {
  const message = `what \`${close}\` would close begins here`
  const fix = `Write \`${close}\` where it ends.`
  return { ...problem, fix, related: [{ message, span: place.span(open.start, open.end) }] }
}

/** Habits of other languages, told by what stands where it cannot. */
function hintFor(token: Token, expected: string, before?: Token, next?: Token): string | undefined {
  if (token.kind === 'operator' && token.text === '*' && expected === 'a value')
    return 'Write `x * x` for a power; `*` stands between two numbers.'
  if (expected === '`:`') return 'Write both answers, `condition ? a : b`; for "if a, then b" write `!(a) || b`.'
  if (before === undefined) return undefined
  if (expected === DOT_NAME && before.kind === 'int') return `Write ${before.value}.0.`
  if (token.kind === 'operator' && token.text === ',' && (before.kind === 'int' || before.kind === 'double'))
    return commaNumber(before, token, next)
  if (token.kind === 'word' && before.kind === 'string' && token.start === before.end)
    return 'A text ends at the quote that it begins with: write it in the other kind of quotes, or put \\ before the quote inside.'
  return undefined
}

/** `0,5` and `20,000`: what was meant follows from the digits behind the comma. */
function commaNumber(before: Token, comma: Token, next: Token | undefined): string {
  if (before.kind !== 'int' || next?.kind !== 'int' || next.start !== comma.end)
    return 'Write a number like 1000, 1_000 or 0.5, without a comma.'
  const digits = String(next.value).padStart(next.end - next.start, '0')
  return digits.length === 3
    ? `Write ${before.value}_${digits} for thousands, ${before.value}.${digits} for a fraction.`
    : `Write ${before.value}.${digits}, with a point.`
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
