import type { Comprehension, Expr, Literal } from '../expr.ts'
import { type RowFunction, rowFunctions } from '../functions/row-functions.ts'
import { formatDuration, formatTimestamp } from '../time.ts'
import { bytesText, columnText, doubleText, fieldText, quoted, STRENGTH } from './text.ts'

/** How terms and comparisons of a `must` condition are written; without it they are `term#0`, `comparison#0`. */
export interface PrintOptions {
  readonly terms?: readonly { readonly expression: string }[]
  readonly comparisons?: readonly { readonly expression: string }[]
}

type Printed = readonly [text: string, strength: number]

/**
 * Typed tree → canonical CEL text. Checking the text again gives the same tree but for offsets; `reduce`, `term` and
 * `comparison` nodes have no form of their own in CEL and print for people only.
 */
export function printExpr(expr: Expr, options: PrintOptions = {}): string {
  return plain(expr, options)[0]
}

function strength(name: string): number {
  return STRENGTH[name] ?? 0
}

function print(expr: Expr, above: number, options: PrintOptions): string {
  const [text, own] = plain(expr, options)
  return own < above ? `(${text})` : text
}

function plain(expr: Expr, options: PrintOptions): Printed {
  const member = strength('member')
  const list = (parts: readonly Expr[]): string => parts.map((part) => print(part, 0, options)).join(', ')
  const infix = (op: string, left: Expr, right: Expr): Printed => {
    const own = strength(op)
    return [`${print(left, own, options)} ${op} ${print(right, own + 1, options)}`, own]
  }
  const called = (kind: RowFunction['syntax']['kind'], name: string, args: readonly Expr[]): Printed => {
    const [first, second] = args
    if (first === undefined) return [`${name}()`, member]
    if (kind === 'global') return [`${name}(${list(args)})`, member]
    if (kind === 'method') return [`${print(first, member, options)}.${name}(${list(args.slice(1))})`, member]
    if (second === undefined) return unary(name, first, options)
    if (name.startsWith('['))
      return [`${print(first, member, options)}${name.slice(0, -1)}${print(second, 0, options)}]`, member]
    return infix(name, first, second)
  }
  switch (expr.node) {
    case 'literal':
      return literal(expr)
    case 'column':
      return [columnText(expr.name), member]
    case 'local':
      return [expr.name, member]
    case 'field':
      return [`${print(expr.operand, member, options)}${fieldText(expr.name)}`, member]
    case 'call': {
      const { syntax } = rowFunctions[expr.fn]
      return called(syntax.kind, syntax.name, expr.args)
    }
    case 'dispatch':
      return called(expr.syntax, expr.name, expr.args)
    case 'list':
      return [`[${expr.args.map((arg, i) => `${mark(expr.optional, i)}${print(arg, 0, options)}`).join(', ')}]`, member]
    case 'map': {
      const entries = expr.keys.map(
        (key, i) => `${mark(expr.optional, i)}${print(key, 0, options)}: ${print(expr.args[i] ?? key, 0, options)}`,
      )
      return [`{${entries.join(', ')}}`, member]
    }
    case 'comprehension': {
      const inner = [...expr.variables, ...(expr.where === undefined ? [] : [print(expr.where, 0, options)])]
      // A filter keeps its variable; the short form is the one that people write.
      const body = expr.op === 'list' && isVariable(expr) ? [] : [print(expr.body, 0, options)]
      const parts = [...inner, ...body].join(', ')
      return [`${print(expr.range, member, options)}.${macroName(expr)}(${parts})`, member]
    }
    case 'bind':
      return [`cel.bind(${expr.name}, ${print(expr.value, 0, options)}, ${print(expr.body, 0, options)})`, member]
    case 'optional-map': {
      const body = print(expr.body, 0, options)
      const inner = expr.op === 'map' || expr.op === 'flat-map' ? `${expr.name}, ${body}` : body
      return [`${print(expr.operand, member, options)}.${OPTIONAL_NAMES[expr.op]}(${inner})`, member]
    }
    case 'and':
      return infix('&&', ...expr.args)
    case 'or':
      return infix('||', ...expr.args)
    case 'conditional': {
      const [condition, then, otherwise] = expr.args
      return [`${print(condition, 1, options)} ? ${print(then, 1, options)} : ${print(otherwise, 0, options)}`, 0]
    }
    case 'is-missing': {
      const op = expr.negated ? '!=' : '=='
      return [`${print(expr.operand, strength(op), options)} ${op} null`, strength(op)]
    }
    case 'in-list':
      return [
        `${print(expr.operand, strength('in'), options)} in [${expr.elements.map((e) => literal(e)[0]).join(', ')}]`,
        strength('in'),
      ]
    case 'lookup':
      return [`label(${print(expr.operand, 0, options)})`, member]
    case 'matches':
      return [`${print(expr.operand, member, options)}.matches(${quoted(expr.pattern)})`, member]
    case 'with': {
      const fields = expr.fields.map((field) => `${quoted(field.name)}: ${print(field.value, 0, options)}`)
      return [`${print(expr.operand, member, options)}.with({${fields.join(', ')}})`, member]
    }
    case 'predict':
      return [`${expr.model}(${print(expr.operand, 0, options)})`, member]
    case 'term':
      return [options.terms?.[expr.index]?.expression ?? `term#${expr.index}`, member]
    case 'comparison': {
      const written = options.comparisons?.[expr.index]?.expression
      return written === undefined ? [`comparison#${expr.index}`, member] : [written, strength('<')]
    }
    case 'reduce':
      return [`${expr.op}(${list(expr.args)})`, member]
    case 'verdict-of':
      return [`${expr.is}(${quoted(expr.clause)})`, member]
  }
}

const OPTIONAL_NAMES = { map: 'optMap', 'flat-map': 'optFlatMap', or: 'or', 'or-value': 'orValue' } as const

const mark = (optional: readonly number[] | undefined, i: number): string => (optional?.includes(i) === true ? '?' : '')

/** `filter`: what it makes of an element is the element. */
function isVariable({ body, variables, where }: Comprehension): boolean {
  return where !== undefined && variables.length === 1 && body.node === 'local' && body.name === variables[0]
}

function macroName(expr: Comprehension): string {
  const two = expr.variables.length === 2
  switch (expr.op) {
    case 'all':
    case 'exists':
      return expr.op
    case 'exists-one':
      return 'exists_one'
    case 'list':
      return two ? 'transformList' : isVariable(expr) ? 'filter' : 'map'
    case 'map':
      return 'transformMap'
    case 'entries':
      return 'transformMapEntry'
    case 'sort-by':
      return 'sortBy'
  }
}

/** A minus before a number literal would fold into it: `-(5)` is written so that it stays a call. */
function unary(op: string, operand: Expr, options: PrintOptions): Printed {
  const own = strength('unary')
  return [`${op}${print(operand, own, options)}`, own]
}

function literal(expr: Literal): Printed {
  const { type, value } = expr
  const member = strength('member')
  // A negative number binds like a unary minus: `(-1).foo()`, never `-1.foo()`.
  const number = (text: string): Printed => [text, text.startsWith('-') ? strength('unary') : member]
  switch (type.kind) {
    case 'double':
      return number(doubleText(Number(value)))
    case 'int':
      return number(String(value))
    case 'uint':
      return [`${value}u`, member]
    case 'bytes':
      return [bytesText(String(value)), member]
    case 'type':
      return [String(value), member]
    case 'timestamp':
      return [`timestamp(${quoted(formatTimestamp(BigInt(value as string)))})`, member]
    case 'duration':
      return [`duration(${quoted(formatDuration(BigInt(value as string)))})`, member]
    default:
      return [typeof value === 'string' ? quoted(value) : String(value), member]
  }
}
