import { emptyExpression, tooLarge, unsupported } from '../../diagnostics/catalog/expr.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.ts'
import { type BinaryOperator, type ExprPlace, partsOf, type Syntax } from '../syntax.ts'
import { DOT_NAME, percentMistake, startsOperand, unclosed, unexpected } from './hints.ts'
import { lex } from './lexer.ts'
import { MAX_DEPTH, MAX_LENGTH } from './limits.ts'
import { keywords, reservedWords, type Token } from './token.ts'

/** Binding strength of the binary operators; all are left-associative. */
const STRENGTH: ReadonlyMap<string, number> = new Map([
  ['||', 1],
  ['&&', 2],
  ['<', 3],
  ['<=', 3],
  ['>', 3],
  ['>=', 3],
  ['==', 3],
  ['!=', 3],
  ['in', 3],
  ['+', 4],
  ['-', 4],
  ['*', 5],
  ['/', 5],
  ['%', 5],
])

interface State {
  readonly tokens: readonly Token[]
  readonly place: ExprPlace
  at: number
  depth: number
  problem: Diagnostic | undefined
}

/**
 * CEL text → untyped tree. At most one finding: the first mistake in reading order.
 * Bounded in length and depth, so hostile input ends in a finding, never in a stack overflow.
 */
export function parseExpression(text: string, place: ExprPlace): Result<Syntax> {
  // Only a finding has a place; where it is in the file takes a look at every character.
  const whole = () => place.span(0, text.length)
  if (text.length > MAX_LENGTH)
    return { diagnostics: [diagnose(tooLarge, whole(), { what: 'long', limit: MAX_LENGTH })] }
  const state: State = { tokens: lex(text, place), place, at: 0, depth: 0, problem: undefined }
  if (peek(state).kind === 'end') return { diagnostics: [diagnose(emptyExpression, whole(), {})] }
  const node = expression(state)
  if (node !== undefined && peek(state).kind !== 'end')
    fail(
      state,
      unexpected(peek(state), 'an operator or the end', place, state.tokens[state.at - 1], state.tokens[state.at + 1]),
    )
  // A tree is no deeper than its text has tokens.
  if (node !== undefined && state.problem === undefined && state.tokens.length > MAX_DEPTH && isTooDeep(node))
    fail(state, diagnose(tooLarge, whole(), { what: 'deep', limit: MAX_DEPTH }))
  if (state.problem !== undefined || node === undefined)
    return { diagnostics: state.problem === undefined ? [] : [state.problem] }
  return { value: node, diagnostics: [] }
}

// Each function below reads one part of the grammar, or records a problem and returns undefined.

function expression(state: State): Syntax | undefined {
  if (!enter(state)) return undefined
  const node = conditional(state)
  state.depth -= 1
  return node
}

function conditional(state: State): Syntax | undefined {
  const condition = binary(state, 0)
  if (condition === undefined || !accept(state, '?')) return condition
  // `a ? b : c`: b has no `?` of its own without parentheses; c may be another conditional.
  const whenTrue = binary(state, 0)
  if (whenTrue === undefined || !expect(state, ':')) return undefined
  const whenFalse = expression(state)
  if (whenFalse === undefined) return undefined
  return { kind: 'conditional', condition, whenTrue, whenFalse, start: condition.start, end: whenFalse.end }
}

function binary(state: State, above: number): Syntax | undefined {
  let left = unary(state)
  while (left !== undefined) {
    const token = peek(state)
    if (token.kind !== 'operator' && token.kind !== 'word') break
    const strength = STRENGTH.get(token.text)
    if (strength === undefined || strength <= above) break
    state.at += 1
    const percent = token.text === '%' ? percentMistake(left, token, peek(state), state.place) : undefined
    if (percent !== undefined) return fail(state, percent)
    const right = binary(state, strength)
    if (right === undefined) return undefined
    const op = token.text as BinaryOperator
    left = { kind: 'binary', op, opStart: token.start, left, right, start: left.start, end: right.end }
  }
  return left
}

function unary(state: State): Syntax | undefined {
  const token = peek(state)
  if (token.kind !== 'operator' || (token.text !== '!' && token.text !== '-')) return member(state)
  const op = token.text
  state.at += 1
  if (!enter(state)) return undefined
  const operand = unary(state)
  state.depth -= 1
  return operand === undefined ? undefined : { kind: 'unary', op, operand, start: token.start, end: operand.end }
}

function member(state: State): Syntax | undefined {
  let operand = primary(state)
  while (operand !== undefined) {
    const token = peek(state)
    if (token.kind !== 'operator') break
    if (token.text === '.') {
      state.at += 1
      operand = selection(state, operand, accept(state, '?'))
    } else if (token.text === '[') {
      state.at += 1
      operand = indexed(state, operand)
    } else if (token.text === '{' && (operand.kind === 'name' || operand.kind === 'member')) {
      const span = state.place.span(operand.start, token.end)
      return fail(
        state,
        diagnose(unsupported, span, { what: 'Messages', instead: 'Name the columns or fields you mean.' }),
      )
    } else break
  }
  return operand
}

function indexed(state: State, operand: Syntax): Syntax | undefined {
  const open = state.tokens[state.at - 1]
  const optional = accept(state, '?')
  const index = expression(state)
  const end = index === undefined ? undefined : expect(state, ']', { open })
  return index === undefined || end === undefined
    ? undefined
    : { kind: 'index', operand, index, ...(optional && { optional }), start: operand.start, end }
}

function selection(state: State, operand: Syntax, optional: boolean): Syntax | undefined {
  const token = peek(state)
  if (token.kind !== 'quoted-name' && (token.kind !== 'word' || keywords.has(token.text)))
    return fail(state, unexpected(token, DOT_NAME, state.place, state.tokens[state.at - 2]))
  state.at += 1
  const { text: name, start: nameStart } = token
  if (token.kind === 'quoted-name' || optional || !accept(state, '(')) {
    const marks = optional ? ({ optional: true } as const) : {}
    return { kind: 'member', operand, name, nameStart, ...marks, start: operand.start, end: token.end }
  }
  const args = list(state, ')', state.tokens[state.at - 1])
  return args === undefined
    ? undefined
    : { kind: 'method', operand, name, nameStart, args: args.elements, start: operand.start, end: args.end }
}

function primary(state: State): Syntax | undefined {
  const token = peek(state)
  const { start, end } = token
  switch (token.kind) {
    case 'int':
      state.at += 1
      return { kind: 'int', value: token.value, start, end }
    case 'double':
      state.at += 1
      return { kind: 'double', value: token.value, start, end }
    case 'uint':
      state.at += 1
      return { kind: 'uint', value: token.value, start, end }
    case 'string':
      state.at += 1
      return { kind: 'string', value: token.value, start, end }
    case 'bytes':
      state.at += 1
      return { kind: 'bytes', value: token.value, start, end }
    case 'word':
      return word(state, token)
    case 'operator':
      if (accept(state, '(')) {
        const inner = expression(state)
        return inner !== undefined && expect(state, ')', { open: token }) !== undefined ? inner : undefined
      }
      if (accept(state, '[')) {
        const items = list(state, ']', token)
        return items === undefined ? undefined : { kind: 'list', ...items, start }
      }
      if (accept(state, '{')) return map(state, start)
      return fail(state, unexpected(token, 'a value', state.place))
    default:
      return fail(state, unexpected(token, 'a value', state.place))
  }
}

function word(state: State, token: Token & { readonly kind: 'word' }): Syntax | undefined {
  const { text, start, end } = token
  if (text === 'in' || reservedWords.has(text)) return fail(state, unexpected(token, 'a value', state.place))
  state.at += 1
  if (text.toLowerCase() === 'not' && startsOperand(peek(state)) && !isAnyOf(peek(state), ['.', '-', '['])) {
    return fail(state, unexpected(token, 'a value', state.place))
  }
  if (text === 'true' || text === 'false') return { kind: 'bool', value: text === 'true', start, end }
  if (text === 'null') return { kind: 'null', start, end }
  if (!accept(state, '(')) return { kind: 'name', name: text, start, end }
  const args = list(state, ')', state.tokens[state.at - 1])
  return args === undefined ? undefined : { kind: 'call', name: text, args: args.elements, start, end: args.end }
}

function list(
  state: State,
  close: string,
  open: Token | undefined,
): { readonly elements: readonly Syntax[]; readonly optional?: readonly number[]; readonly end: number } | undefined {
  const elements: Syntax[] = []
  let optional: number[] | undefined
  let end: number | undefined
  for (;;) {
    const closing = peek(state)
    if (isOperator(closing, close) && (elements.length === 0 || close === ']')) {
      state.at += 1
      end = closing.end
      break
    }
    if (close === ']' && accept(state, '?')) (optional ??= []).push(elements.length)
    const element = expression(state)
    if (element === undefined) return undefined
    elements.push(element)
    if (accept(state, ',')) continue
    end = expect(state, close, { open, orComma: true })
    if (end === undefined) return undefined
    break
  }
  return optional === undefined ? { elements, end } : { elements, optional, end }
}

function map(state: State, start: number): Syntax | undefined {
  const entries: { readonly key: Syntax; readonly value: Syntax }[] = []
  const optional: number[] = []
  for (;;) {
    const closing = peek(state)
    if (isOperator(closing, '}')) {
      state.at += 1
      return { kind: 'map', entries, ...(optional.length > 0 && { optional }), start, end: closing.end }
    }
    if (accept(state, '?')) optional.push(entries.length)
    const key = expression(state)
    if (key === undefined || expect(state, ':') === undefined) return undefined
    const value = expression(state)
    if (value === undefined) return undefined
    entries.push({ key, value })
    if (!accept(state, ',') && !isOperator(peek(state), '}'))
      return fail(state, unexpected(peek(state), '`,` or `}`', state.place))
  }
}

/** One level deeper, where there is room; else a problem is recorded. */
function enter(state: State): boolean {
  if (state.depth >= MAX_DEPTH) {
    const token = peek(state)
    fail(state, diagnose(tooLarge, state.place.span(token.start, token.end), { what: 'deep', limit: MAX_DEPTH }))
    return false
  }
  state.depth += 1
  return true
}

function peek(state: State): Token {
  return state.tokens[state.at] ?? { kind: 'end', start: 0, end: 0 }
}

function isOperator(token: Token, text: string): boolean {
  return token.kind === 'operator' && token.text === text
}

function isAnyOf(token: Token, texts: readonly string[]): boolean {
  return token.kind === 'operator' && texts.includes(token.text)
}

function accept(state: State, text: string): boolean {
  if (!isOperator(peek(state), text)) return false
  state.at += 1
  return true
}

/** What is known where a token is expected. */
interface Expected {
  /** The bracket that it closes. */
  readonly open?: Token | undefined
  /** A comma could stand there, too. */
  readonly orComma?: true
}

/** The end of the expected token, or undefined with a problem recorded. */
function expect(state: State, text: string, { open, orComma }: Expected = {}): number | undefined {
  const token = peek(state)
  if (accept(state, text)) return token.end
  const [before, next] = isListOf(state, open) ? [] : [state.tokens[state.at - 1], state.tokens[state.at + 1]]
  const problem = unexpected(token, orComma ? `\`,\` or \`${text}\`` : `\`${text}\``, state.place, before, next)
  fail(state, token.kind === 'end' && open !== undefined ? unclosed(problem, open, text, state.place) : problem)
  return undefined
}

/** `x in (1, 2)`: a list in the brackets of other languages. */
function isListOf(state: State, open: Token | undefined): boolean {
  const before = open === undefined ? undefined : state.tokens[state.tokens.indexOf(open) - 1]
  return before?.kind === 'word' && before.text.toLowerCase() === 'in'
}

function fail(state: State, problem: Diagnostic): undefined {
  state.problem ??= problem
  return undefined
}

/** Left-associative chains grow deep without recursion in the parser; walked with a stack of its own. */
function isTooDeep(root: Syntax): boolean {
  const open: { readonly node: Syntax; readonly depth: number }[] = [{ node: root, depth: 1 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.depth > MAX_DEPTH) return true
    for (const part of partsOf(next.node)) open.push({ node: part, depth: next.depth + 1 })
  }
  return false
}
