import type { Bind, Comprehension, Expr, Literal } from '../expr/expr.ts'
import type { RowFunctionName } from '../expr/functions/row-functions.ts'
import { BOOL, INT, type Type } from '../expr/type.ts'
import { children } from './children.ts'
import { possibleErrors } from './errors.ts'

/** Most nodes of an expression whose comprehensions and bindings are written out; beyond, it stays as it is. */
const MAX_NODES = 4_000

/** Thrown to leave a large expression as it is. */
class TooLarge extends Error {}

type Values = ReadonlyMap<string, Expr>
const NO_VALUES: Values = new Map()

/**
 * The same expression without bindings, and without comprehensions that decide over lists that are written out: a chain of
 * `&&` or `||`, and the value of a binding at each place that reads it. What every target can compile then is found there;
 * the rest is left for it to refuse. Equal in value and in error: a list is an error where an element is.
 */
export function expand(expr: Expr): Expr {
  if (!needsExpansion(expr)) return expr
  try {
    return createExpansion()(expr, NO_VALUES)
  } catch (thrown) {
    if (thrown instanceof TooLarge) return expr
    throw thrown
  }
}

function needsExpansion(expr: Expr): boolean {
  if (expr.node === 'bind' || expr.node === 'comprehension') return true
  const parts = children(expr)
  for (let i = 0; i < parts.length; i++) if (needsExpansion(parts[i] as Expr)) return true
  return false
}

function createExpansion(): (expr: Expr, values: Values) => Expr {
  let nodes = 0
  const go = (expr: Expr, values: Values): Expr => {
    nodes += 1
    if (nodes > MAX_NODES) throw new TooLarge()
    switch (expr.node) {
      case 'local':
        return values.get(expr.name) ?? expr
      case 'bind':
        return bound(expr, values)
      case 'comprehension':
        return decided(expr, values) ?? mapChildren(expr, (part) => go(part, values))
      default:
        return mapChildren(expr, (part) => go(part, values))
    }
  }
  /** A value is found where it is read: the binding itself is never an error. */
  const bound = ({ name, value, body }: Bind, values: Values): Expr => {
    const found = go(value, values)
    return copied(go(body, new Map([...values, [name, found]])))
  }
  /** The value of a binding stands at several places, and counts at each. */
  const copied = (expr: Expr): Expr => {
    nodes += sizeOf(expr, MAX_NODES)
    if (nodes > MAX_NODES) throw new TooLarge()
    return expr
  }
  const decided = (expr: Comprehension, values: Values): Expr | undefined => {
    const { op, range, variables, body, where } = expr
    if (range.node !== 'list' || range.optional !== undefined || where !== undefined) return undefined
    if (op !== 'all' && op !== 'exists' && op !== 'exists-one') return undefined
    const elements = range.args.map((arg) => go(arg, values))
    const turns = elements.map((element, i) => {
      const [first, second] = variables.length === 2 ? [index(i), element] : [element, undefined]
      const inner = new Map([...values, [variables[0], first]])
      if (second !== undefined) inner.set(variables[1] ?? '', second)
      return go(body, inner)
    })
    const guards = elements.filter((element) => possibleErrors(element).size > 0).map(isValue)
    if (guards.some((guard) => guard === undefined)) return undefined
    const result = op === 'exists-one' ? exactlyOne(turns) : chain(op === 'all' ? 'and' : 'or', turns)
    const tested = guards.reduce<Expr | undefined>(
      (all, guard) => (all === undefined ? guard : { node: 'and', type: BOOL, args: [all, guard as Expr] }),
      undefined,
    )
    return copied(
      tested === undefined ? result : { node: 'conditional', type: BOOL, args: [tested, result, truth(false)] },
    )
  }
  return go
}

const truth = (value: boolean): Literal => ({ node: 'literal', type: BOOL, value })
const index = (i: number): Literal => ({ node: 'literal', type: INT, value: String(i) })

/** True, or the error that the element is. */
function isValue(element: Expr): Expr | undefined {
  const kinds: readonly Type['kind'][] = ['bool', 'int', 'double', 'string', 'timestamp', 'duration']
  const { kind } = element.type
  return kinds.includes(kind)
    ? { node: 'call', fn: `eq_${kind}` as RowFunctionName, args: [element, element], type: BOOL }
    : undefined
}

function chain(node: 'and' | 'or', turns: readonly Expr[]): Expr {
  const [first, ...rest] = turns
  if (first === undefined) return truth(node === 'and')
  return rest.reduce<Expr>((left, right) => ({ node, type: BOOL, args: [left, right] }), first)
}

/** The sum of ones is one; the first error from the left is the result, as in the comprehension. */
function exactlyOne(turns: readonly Expr[]): Expr {
  const one = (turn: Expr): Expr => ({ node: 'conditional', type: INT, args: [turn, index(1), index(0)] })
  const [first, ...rest] = turns.map(one)
  if (first === undefined) return truth(false)
  const sum = rest.reduce<Expr>(
    (left, right) => ({ node: 'call', fn: 'add_int', type: INT, args: [left, right] }),
    first,
  )
  return { node: 'call', fn: 'eq_int', type: BOOL, args: [sum, index(1)] }
}

function sizeOf(expr: Expr, limit: number): number {
  let size = 0
  const open = [expr]
  for (let at = open.pop(); at !== undefined && size <= limit; at = open.pop()) {
    size += 1
    open.push(...children(at))
  }
  return size
}

/** A node with each of its parts replaced. */
function mapChildren(expr: Expr, change: (part: Expr) => Expr): Expr {
  switch (expr.node) {
    case 'call':
    case 'dispatch':
    case 'list':
    case 'reduce':
      return { ...expr, args: expr.args.map(change) }
    case 'and':
    case 'or':
      return { ...expr, args: [change(expr.args[0]), change(expr.args[1])] }
    case 'conditional':
      return { ...expr, args: [change(expr.args[0]), change(expr.args[1]), change(expr.args[2])] }
    case 'in-list':
    case 'lookup':
    case 'matches':
    case 'predict':
    case 'field':
      return { ...expr, operand: change(expr.operand) }
    case 'comprehension':
      return {
        ...expr,
        range: change(expr.range),
        body: change(expr.body),
        ...(expr.where === undefined ? {} : { where: change(expr.where) }),
      }
    default:
      return expr
  }
}
