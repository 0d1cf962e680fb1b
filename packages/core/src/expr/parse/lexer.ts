import { equalsSign, singleOperator, unexpectedCharacter } from '../../diagnostics/catalog/expr.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { ExprPlace } from '../syntax.ts'
import { lexNumber } from './number.ts'
import { lexString } from './string.ts'
import type { Token } from './token.ts'

/** Operators by their first character, the longer before the shorter. */
const OPERATORS: ReadonlyMap<string, readonly string[]> = Map.groupBy(
  // biome-ignore format: a list
  ['&&', '||', '<=', '>=', '==', '!=', '<', '>', '+', '-', '*', '/', '%', '!', '?', ':', '.', ',', '(', ')', '[', ']', '{', '}'],
  (operator) => operator.charAt(0),
)

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

function lexToken(text: string, start: number, place: ExprPlace): Token {
  const char = text[start] ?? ''
  if (isDigit(char) || (char === '.' && isDigit(text[start + 1] ?? ''))) return lexNumber(text, start, place)
  if (mayOpenString(char)) {
    const string = lexString(text, start, place)
    if (string !== undefined) return string
  }
  if (isWordStart(char)) {
    let end = start + 1
    while (isWordPart(text.charCodeAt(end))) end++
    return { kind: 'word', text: text.slice(start, end), start, end }
  }
  if (char === '`') {
    const quoted = /^`([A-Za-z0-9_.\-/ ]+)`/.exec(text.slice(start, start + 258))
    if (quoted !== null) return { kind: 'quoted-name', text: quoted[1] ?? '', start, end: start + quoted[0].length }
  }
  const mistake = '=!<>&|'.includes(char) ? knownMistake(text, start, place) : undefined
  if (mistake !== undefined) return { kind: 'error', diagnostic: mistake, start, end: text.length }
  const operator = operatorAt(text, start, char)
  if (operator !== undefined) return { kind: 'operator', text: operator, start, end: start + operator.length }
  const end = start + String.fromCodePoint(text.codePointAt(start) ?? 0).length
  const diagnostic = diagnose(unexpectedCharacter, place.span(start, end), { character: text.slice(start, end) })
  return { kind: 'error', diagnostic, start, end }
}

function operatorAt(text: string, start: number, char: string): string | undefined {
  const operators = OPERATORS.get(char)
  if (operators === undefined) return undefined
  for (let i = 0; i < operators.length; i++) {
    const operator = operators[i] as string
    if (operator.length === 1 || text.startsWith(operator, start)) return operator
  }
  return undefined
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
    return diagnose(equalsSign, place.span(start, start + 2), { written: two, right: two === '=>' ? '>=' : '<=' })
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

/** A quote, or the letter of a raw text or of octets. */
function mayOpenString(char: string): boolean {
  return char === '"' || char === "'" || char === 'r' || char === 'R' || char === 'b' || char === 'B'
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9'
}

function isWordStart(char: string): boolean {
  return (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || char === '_'
}

/** A letter, a digit or `_` of ASCII. */
function isWordPart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95
}
