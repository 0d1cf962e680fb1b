import { equalsSign, singleOperator, unexpectedCharacter } from '../../diagnostics/catalog/expr.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { ExprPlace } from '../syntax.ts'
import { lexNumber } from './number.ts'
import { lexString } from './string.ts'
import type { Token } from './token.ts'

/** Operators of one character that begin no longer one, by the code of the character. */
const SINGLE: readonly (string | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code)
  return '+-*/%?:.,()[]{}'.includes(char) ? char : undefined
})

/** Text → tokens, closed by one `end` or `error` token. Never throws. */
export function lex(text: string, place: ExprPlace): readonly Token[] {
  const tokens: Token[] = []
  let at = skipBlank(text, 0)
  while (at < text.length) {
    const token = lexToken(text, at, place)
    tokens.push(token)
    if (token.kind === 'error') return tokens
    at = skipBlank(text, token.end)
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length })
  return tokens
}

// By codes of characters: every token of every expression comes by here, most of them once, before it is optimized.
function lexToken(text: string, start: number, place: ExprPlace): Token {
  const code = text.charCodeAt(start)
  if (isDigit(code) || (code === DOT && isDigit(text.charCodeAt(start + 1)))) return lexNumber(text, start, place)
  if (mayOpenString(text, start, code)) {
    const string = lexString(text, start, place)
    if (string !== undefined) return string
  }
  if (isWordPart(code)) {
    let end = start + 1
    while (isWordPart(text.charCodeAt(end))) end++
    return { kind: 'word', text: text.slice(start, end), start, end }
  }
  const operator = operatorAt(text, start, code)
  return operator === undefined
    ? lexUnusual(text, start, place)
    : { kind: 'operator', text: operator, start, end: start + operator.length }
}

/** A name in backticks, or what is no token. */
function lexUnusual(text: string, start: number, place: ExprPlace): Token {
  const quoted = /^`([A-Za-z0-9_.\-/ ]+)`/.exec(text.slice(start, start + 258))
  if (quoted !== null) return { kind: 'quoted-name', text: quoted[1] ?? '', start, end: start + quoted[0].length }
  const mistake = knownMistake(text, start, place)
  if (mistake !== undefined) return { kind: 'error', diagnostic: mistake, start, end: text.length }
  const end = start + String.fromCodePoint(text.codePointAt(start) ?? 0).length
  const diagnostic = diagnose(unexpectedCharacter, place.span(start, end), { character: text.slice(start, end) })
  return { kind: 'error', diagnostic, start, end }
}

/** The operator that starts here; undefined where none does, or it is one of another language. */
function operatorAt(text: string, start: number, code: number): string | undefined {
  const single = SINGLE[code]
  if (single !== undefined) return single
  const next = text.charCodeAt(start + 1)
  switch (code) {
    case 38:
      return next === 38 ? '&&' : undefined
    case 124:
      return next === 124 ? '||' : undefined
    case 60:
      return next === EQUALS ? '<=' : next === 62 ? undefined : '<'
    case 62:
      return next === EQUALS ? '>=' : '>'
    case 33:
      return next !== EQUALS ? '!' : text.charCodeAt(start + 2) === EQUALS ? undefined : '!='
    case EQUALS:
      return next !== EQUALS || text.charCodeAt(start + 2) === EQUALS ? undefined : '=='
    default:
      return undefined
  }
}

/** Operators of other languages that CEL writes differently. */
function knownMistake(text: string, start: number, place: ExprPlace): Diagnostic | undefined {
  const two = text.slice(start, start + 2)
  const three = text.slice(start, start + 3)
  if (three === '===' || three === '!==') {
    return diagnose(equalsSign, place.span(start, start + 3), { written: three, right: three.slice(0, 2) })
  }
  if (two === '<>') return diagnose(equalsSign, place.span(start, start + 2), { written: two, right: '!=' })
  if (two === '=>' || two === '=<') {
    const meant = two === '=>' ? { right: '>=', or: '`!(a) || b` for: if a, then b' } : { right: '<=' }
    return diagnose(equalsSign, place.span(start, start + 2), { written: two, ...meant })
  }
  if (two[0] === '=' && two !== '==')
    return diagnose(equalsSign, place.span(start, start + 1), { written: '=', right: '==' })
  if ((two[0] === '&' && two !== '&&') || (two[0] === '|' && two !== '||')) {
    return diagnose(singleOperator, place.span(start, start + 1), { written: two[0] })
  }
  return undefined
}

function skipBlank(text: string, from: number): number {
  let at = from
  for (;;) {
    while (isBlank(text.charCodeAt(at))) at++
    if (text.charCodeAt(at) !== 47 || !text.startsWith('//', at)) return at
    while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++
  }
}

/** Tab, newline, form feed, carriage return, space. */
function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 9 || code === 13 || code === 12
}

/** A quote, or one or two letters of a raw text or of octets before one. */
function mayOpenString(text: string, start: number, code: number): boolean {
  if (isQuote(code)) return true
  if (!isTextLetter(code)) return false
  const next = text.charCodeAt(start + 1)
  return isQuote(next) || (isTextLetter(next) && isQuote(text.charCodeAt(start + 2)))
}

function isQuote(code: number): boolean {
  return code === 34 || code === 39
}

/** `r`, `R`, `b`, `B`. */
function isTextLetter(code: number): boolean {
  return code === 114 || code === 98 || code === 82 || code === 66
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** A letter, a digit or `_` of ASCII. */
function isWordPart(code: number): boolean {
  return (code >= 97 && code <= 122) || isDigit(code) || (code >= 65 && code <= 90) || code === 95
}

const DOT = 46
const EQUALS = 61
