import type { Expr, Literal } from '../../expr/expr.ts'
import type { RowFunctionName } from '../../expr/functions/row-functions.ts'
import { expand } from '../../targets/expand.ts'

/** A language that conditions are printed in; calls, names in quotes and lists are spelled alike in all of them. */
export interface CodeSyntax {
  /** An expression that is evaluated later, if at all. */
  readonly later: (code: string) => string
  readonly truth: (value: boolean) => string
  readonly infinity: string
  readonly list: (items: readonly string[]) => string
  readonly record: (entries: readonly (readonly [string, string])[]) => string
}

/** Python as `code.ts` prints it. */
export const PYTHON: CodeSyntax = {
  later: (code) => `lambda: ${code}`,
  truth: (value) => (value ? 'True' : 'False'),
  infinity: 'INFINITY',
  list: (items) => `[${items.join(', ')}]`,
  record: (entries) => `{${entries.map(([name, code]) => `${JSON.stringify(name)}: ${code}`).join(', ')}}`,
}

/** JavaScript as `code.ts` prints it. */
export const JAVASCRIPT: CodeSyntax = {
  ...PYTHON,
  later: (code) => `() => ${code}`,
  truth: String,
  infinity: 'Infinity',
}

/** Code, or why there is none. */
export type Printed = { readonly code: string } | { readonly why: string }

/** Thrown where an expression has no equal in the other languages; caught at the door. */
class Unprintable extends Error {}

/**
 * An expression as code: `row` is the current row, `v` the bound variables, `answer(model, row)` a prediction. Only names and
 * literals of the spec get into it, each as a JSON string or a number.
 */
export function printCode(expr: Expr, syntax: CodeSyntax): Printed {
  try {
    return { code: print(expand(expr), syntax) }
  } catch (thrown) {
    if (thrown instanceof Unprintable) return { why: thrown.message }
    throw thrown
  }
}

function print(expr: Expr, syntax: CodeSyntax): string {
  const go = (part: Expr): string => print(part, syntax)
  switch (expr.node) {
    case 'literal':
      return literal(expr, syntax)
    case 'column':
      return `cell(row, ${JSON.stringify(expr.name)})`
    case 'local':
      return expr.type.kind === 'record' ? `v[${JSON.stringify(expr.name)}]` : `cell(v, ${JSON.stringify(expr.name)})`
    case 'field':
      return `cell(${go(expr.operand)}, ${JSON.stringify(expr.name)})`
    case 'call':
      return `${callee(expr.fn)}(${expr.args.map(go).join(', ')})`
    case 'and':
    case 'or':
      return `${expr.node === 'and' ? 'both' : 'either'}(${expr.args.map((each) => syntax.later(go(each))).join(', ')})`
    case 'conditional': {
      const [condition, then, otherwise] = expr.args
      return `choose(${go(condition)}, ${syntax.later(go(then))}, ${syntax.later(go(otherwise))})`
    }
    case 'is-missing': {
      const of = expr.operand.node === 'column' ? 'row' : go(expr.operand.operand)
      const missing = `lacks(${of}, ${JSON.stringify(expr.operand.name)})`
      return expr.negated ? `negated(${missing})` : missing
    }
    case 'in-list':
      return `among(${go(expr.operand)}, ${syntax.list(expr.elements.map(go))})`
    case 'with':
      return `replaced(${go(expr.operand)}, ${syntax.record(expr.fields.map(({ name, value }) => [name, go(value)]))})`
    case 'predict':
      return `answer(${JSON.stringify(expr.model)}, ${go(expr.operand)})`
    case 'matches':
      throw new Unprintable('patterns are RE2, which neither Python nor JavaScript speaks')
    default:
      throw new Unprintable(`"${expr.node}" has no equal in the languages that are written`)
  }
}

function literal({ type, value }: Literal, syntax: CodeSyntax): string {
  switch (type.kind) {
    case 'bool':
      return syntax.truth(value === true)
    case 'string':
      return JSON.stringify(value)
    case 'int':
    case 'timestamp':
      if (!Number.isSafeInteger(Number(value)))
        throw new Unprintable('a whole number beyond 2^53 − 1 is not exact in JSON')
      return bracketed(String(value))
    case 'double': {
      if (value === 'Infinity') return syntax.infinity
      if (value === '-Infinity') return `(-${syntax.infinity})`
      const text = String(value)
      // A whole number would be an integer to Python, with no limit to its digits.
      return bracketed(/[.e]/.test(text) ? text : `${text}.0`)
    }
    default:
      throw new Unprintable(`a literal of the type ${type.kind} has no equal in the languages that are written`)
  }
}

const bracketed = (text: string): string => (text.startsWith('-') ? `(${text})` : text)

/** The runtime's name for each function that means the same in both languages. */
const CALLEES: Readonly<Partial<Record<RowFunctionName, string>>> = {
  ...comparisons(['int', 'double', 'int_double', 'double_int', 'bool', 'timestamp'], ''),
  ...comparisons(['string'], '_text'),
  not: 'negated',
  neg_int: 'neg',
  neg_double: 'neg',
  add_int: 'add_int',
  sub_int: 'sub_int',
  mul_int: 'mul_int',
  div_int: 'div_int',
  mod_int: 'mod_int',
  add_double: 'add',
  sub_double: 'sub',
  mul_double: 'mul',
  div_double: 'div',
  double_of_int: 'double',
  abs_int: 'absolute',
  abs_double: 'absolute',
  sign_int: 'sign',
  sign_double: 'sign',
  sqrt: 'root',
  sqrt_int: 'root',
  ceil: 'ceiling',
  floor: 'floored',
  trunc: 'truncated',
  round: 'rounded',
  least_int: 'least',
  least_double: 'least',
  greatest_int: 'greatest',
  greatest_double: 'greatest',
  int_of_int: 'same',
  int_of_double: 'int_of',
  string_of_string: 'same',
  string_of_int: 'digits',
  lower_ascii: 'lower_ascii',
  upper_ascii: 'upper_ascii',
  get_full_year: 'year',
  get_month: 'month',
  get_date: 'day',
  get_day_of_month: 'day_from_zero',
  get_day_of_week: 'weekday',
  get_hours: 'hours',
  get_minutes: 'minutes',
  get_seconds: 'seconds',
  add_string: 'joined',
  size_string: 'size',
  contains: 'contains',
  starts_with: 'starts_with',
  ends_with: 'ends_with',
}

function comparisons(kinds: readonly string[], suffix: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ['lt', 'le', 'gt', 'ge', 'eq', 'ne'].flatMap((name) =>
      kinds.map((kind) => [`${name}_${kind}`, `${name}${suffix}`]),
    ),
  )
}

function callee(fn: RowFunctionName): string {
  const found = CALLEES[fn]
  if (found === undefined) throw new Unprintable(`"${fn}" has no equal in the languages that are written`)
  return found
}
