import { inList, numberRange, timeLiteral } from '../../diagnostics/catalog/expr.ts'
import type { Expr, Literal } from '../expr.ts'
import { printSyntax } from '../print/syntax.ts'
import type { BinarySyntax, CallSyntax, Syntax } from '../syntax.ts'
import { nearestTimeText, parseDuration, parseTimestamp } from '../time.ts'
import { BOOL, BYTES, DOUBLE, DURATION, INT, STRING, TIMESTAMP, typeName, UINT } from '../type.ts'
import { checkDeclared } from './category.ts'
import { at, type Context, report } from './context.ts'
import { checkGeneral, checkGeneralOperator, isGeneral } from './general.ts'
import { asDouble, choose, isIntLiteral } from './overloads.ts'
import { harmonised } from './units.ts'

const INT64_MAX = 2n ** 63n - 1n

/**
 * A literal, with any minus signs before a number folded into it. Undefined after a finding; 'none' where the
 * node is no literal. `-0.0` becomes `0.0`: they are equal, and JSON cannot tell them apart.
 */
export function checkLiteral(context: Context, node: Syntax): Literal | undefined | 'none' {
  switch (node.kind) {
    case 'string':
      return { node: 'literal', type: STRING, value: node.value, at: at(node) }
    case 'bool':
      return { node: 'literal', type: BOOL, value: node.value, at: at(node) }
    case 'uint':
      return { node: 'literal', type: UINT, value: String(node.value), at: at(node) }
    case 'bytes':
      return { node: 'literal', type: BYTES, value: node.value, at: at(node) }
    case 'int':
    case 'double':
    case 'unary':
      break
    default:
      return 'none'
  }
  const plain = context.scope.plain === true
  let negative = false
  let number: Syntax = node
  // CEL itself takes one minus into the number; -(-2^63) is then an overflow.
  while (number.kind === 'unary' && number.op === '-') {
    negative = !negative
    number = number.operand
    if (plain) break
  }
  if (number.kind === 'double') {
    return {
      node: 'literal',
      type: DOUBLE,
      value: negative && (plain || number.value !== 0) ? -number.value : number.value,
      at: at(node),
    }
  }
  if (number.kind !== 'int') return 'none'
  if (!negative && number.value > INT64_MAX)
    return report(context, node, numberRange, { text: String(number.value), type: 'int' })
  return { node: 'literal', type: INT, value: String(negative ? -number.value : number.value), at: at(node) }
}

/** `timestamp("…")` and `duration("…")`, folded to literals. */
export function checkTime(
  context: Context,
  node: CallSyntax & { readonly name: 'timestamp' | 'duration' },
): Expr | undefined {
  const { name: fn, args } = node
  const text = args[0]
  if (context.scope.plain === true) return checkPlainTime(context, node, text)
  if (args.length !== 1 || text?.kind !== 'string') {
    return report(context, text ?? node, timeLiteral, { fn, problem: 'takes one text literal' })
  }
  const reading = fn === 'timestamp' ? parseTimestamp(text.value) : parseDuration(text.value)
  if ('problem' in reading) {
    const meant = nearestTimeText(fn, text.value)
    return report(context, text, timeLiteral, { fn, problem: reading.problem, meant })
  }
  return {
    node: 'literal',
    type: fn === 'timestamp' ? TIMESTAMP : DURATION,
    value: String(reading.value),
    at: at(node),
  }
}

/** Without columns the argument may be any text, which is read when it is evaluated. */
function checkPlainTime(
  context: Context,
  node: CallSyntax & { readonly name: 'timestamp' | 'duration' },
  text: Syntax | undefined,
): Expr | undefined {
  const args = node.args.map((arg) => context.check(arg))
  if (!args.every((arg) => arg !== undefined)) return undefined
  const found = checkGeneral(context, 'global', node.name, node, args)
  return found ?? report(context, text ?? node, timeLiteral, { fn: node.name, problem: 'takes one text' })
}

/** `x in [1, 2, 3]`. */
export function checkIn(context: Context, node: BinarySyntax): Expr | undefined {
  const operand = context.check(node.left)
  if (context.scope.plain === true || (operand !== undefined && isGeneral(operand.type))) {
    const right = context.check(node.right)
    return operand === undefined || right === undefined
      ? undefined
      : checkGeneralOperator(context, node, operand, right)
  }
  if (node.right.kind !== 'list') {
    const right = isCollectionSyntax(context, node.right) ? context.check(node.right) : undefined
    if (operand !== undefined && right !== undefined && isGeneral(right.type)) {
      const holdsDoubles = right.type.kind === 'list' && right.type.element.kind === 'double'
      const element = holdsDoubles && isIntLiteral(operand) ? asDouble(operand) : operand
      return checkGeneralOperator(context, node, element, right)
    }
    const isText = operand?.type.kind === 'string' && context.check(node.right)?.type.kind === 'string'
    const [left, text] = [printSyntax(node.left), printSyntax(node.right)]
    return report(context, node.right, inList, {
      problem: 'The right side of `in` must be a list of values in square brackets.',
      fix: isText ? `Write \`${text}.contains(${left})\`.` : `Write it like \`${left} in [1, 2, 3]\`.`,
    })
  }
  if (operand === undefined) return undefined
  if (operand.type.kind === 'record') {
    return report(context, node.left, inList, {
      problem: `\`in\` does not take ${typeName(operand.type)}.`,
      fix: 'Name one of its fields.',
    })
  }
  const elements: Expr[] = []
  for (const syntax of node.right.elements) {
    const element = checkElement(context, node.left, operand, syntax)
    if (element === undefined) return undefined
    elements.push(element)
  }
  const literals = elements.filter((element) => element.node === 'literal')
  return literals.length === elements.length
    ? { node: 'in-list', operand, elements: literals, type: BOOL, at: at(node) }
    : checkMembership(context, node, operand, elements)
}

/** `x in [a, b]` of cells: `[a, b].exists(e, e == x)`, which every target compiles. An element that is an error is the result. */
function checkMembership(
  context: Context,
  node: BinarySyntax,
  operand: Expr,
  elements: readonly Expr[],
): Expr | undefined {
  const doubles = elements.some(({ type }) => type.kind === 'double')
  const args = elements.map((element) => (doubles && isIntLiteral(element) ? asDouble(element) : element))
  const element = args[0]?.type ?? operand.type
  const other = args.find(({ type }) => type.kind !== element.kind)
  if (other !== undefined) {
    const problem = `The list holds ${typeName(element)} and ${typeName(other.type)}.`
    return report(context, node.right, inList, { problem, fix: 'Convert one kind with int(…) or double(…).' })
  }
  const name = freshVariable(context)
  const choice = choose('operator', '==', [{ node: 'local', type: element, name }, operand])
  if (choice === undefined) return undefined
  return {
    node: 'comprehension',
    type: BOOL,
    op: 'exists',
    range: { node: 'list', type: { kind: 'list', element }, args, at: at(node.right) },
    variables: [name],
    body: { node: 'call', fn: choice.fn, args: choice.args, type: choice.result },
    at: at(node),
  }
}

/** A name that neither a column nor a variable around it has. */
function freshVariable({ scope }: Context): string {
  const taken = (name: string): boolean => scope.declares?.(name) === true || scope.isVariable?.(name) === true
  let name = 'e'
  for (let i = 1; taken(name); i++) name = `e${i}`
  return name
}

function checkElement(context: Context, left: Syntax, operand: Expr, syntax: Syntax): Expr | undefined {
  if (syntax.kind === 'null') {
    const problem = '`null` in a list never matches: a missing cell is an error before it is compared.'
    return report(context, syntax, inList, { problem, fix: `Write \`${printSyntax(left)} == null || …\`.` })
  }
  const checked = context.check(syntax)
  if (checked === undefined) return undefined
  const sides = [
    { expr: operand, syntax: left },
    { expr: checked, syntax },
  ] as const
  const same = harmonised(context, 'in', syntax, ...sides)
  if (same === undefined) return undefined
  const element = same.right
  // One left side for all elements: it cannot be turned into the unit of each.
  if (element.node !== 'literal' && (context.scope.scalar === true || same.left !== operand)) {
    const other = printSyntax(syntax)
    const problem = `\`${other}\` is not a literal.`
    return report(context, syntax, inList, {
      problem,
      fix: `Write \`${printSyntax(left)} == ${other}\`, joined by ||.`,
    })
  }
  const wanted = operand.type.kind
  const found = element.type.kind
  const numbers = (wanted === 'int' || wanted === 'double') && (found === 'int' || found === 'double')
  if (wanted !== found && !numbers) {
    const problem = `The list holds ${typeName(element.type)}, but \`${printSyntax(left)}\` is ${typeName(operand.type)}.`
    return report(context, syntax, inList, { problem, fix: 'Write values of the same kind.' })
  }
  const fitted = wanted === 'double' && isIntLiteral(element) ? asDouble(element) : element
  return checkDeclared(context, operand, fitted, syntax) ? fitted : undefined
}

/** What can be a list or a map beside a cell: a macro, a function, a variable of a comprehension. */
function isCollectionSyntax(context: Context, node: Syntax): boolean {
  if (context.scope.scalar === true) return false
  return node.kind === 'name'
    ? context.scope.isVariable?.(node.name) === true || context.scope.isList?.(node.name) === true
    : !['int', 'double', 'string', 'bool', 'null'].includes(node.kind)
}
