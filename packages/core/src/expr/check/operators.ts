import {
  categoryArithmetic,
  categoryOrder,
  chainedComparison,
  divisionByZero,
  mixedTypes,
  notACell,
  nullValue,
  typeMismatch,
} from '../../diagnostics/catalog/expr.ts'
import type { Expr, Field, Column } from '../expr.ts'
import { printSyntax } from '../print/syntax.ts'
import type { BinaryOperator, BinarySyntax, ConditionalSyntax, Syntax, UnarySyntax } from '../syntax.ts'
import { BOOL, typeName } from '../type.ts'
import { checkDeclared, codesOf, isCategory } from './category.ts'
import { comparisonFix } from './comparison-fix.ts'
import { at, type Context, report } from './context.ts'
import { checkGeneral, isGeneral } from './general.ts'
import { joined, unify } from './inference.ts'
import { choose, coerce } from './overloads.ts'
import type { Unit } from '../units/unit.ts'
import { harmonised, haveNoUnits, inUnit, negatedQuantity, scaledUnit, type Side, unitOf } from './units.ts'

const RELATIONS: ReadonlySet<BinaryOperator> = new Set(['<', '<=', '>', '>=', '==', '!='])

/** True for operators that compare. */
export function isRelation(op: BinaryOperator): boolean {
  return RELATIONS.has(op)
}

/** `!` and `-`; a minus before a number is part of the number. */
export function checkUnary(context: Context, node: UnarySyntax, operand: Expr): Expr | undefined {
  if (context.scope.plain === true || isGeneral(operand.type)) {
    const found = checkGeneral(context, 'operator', node.op, node, [operand])
    if (found !== undefined) return found
  }
  if (node.op === '!') {
    if (operand.type.kind === 'bool') return { node: 'call', fn: 'not', args: [operand], type: BOOL, at: at(node) }
    return report(context, node.operand, typeMismatch, {
      what: '`!` negates a condition',
      found: typeName(operand.type),
      fix: missingHint(operand, node.operand),
    })
  }
  if (isCategory(operand.type))
    return report(context, node, categoryArithmetic, { text: printSyntax(node.operand), op: '-' })
  const quantity = node.op === '-' ? negatedQuantity(context, operand, at(node)) : undefined
  if (quantity !== undefined) return quantity
  const choice = choose('operator', '-', [operand])
  if (choice === undefined) {
    return report(context, node.operand, typeMismatch, {
      what: '`-` negates a number',
      found: typeName(operand.type),
      fix: undefined,
    })
  }
  const negated: Expr = { node: 'call', fn: choice.fn, args: choice.args, type: choice.result, at: at(node) }
  return inUnit(context, negated, unitOf(context, operand))
}

/** `&&` and `||`. */
export function checkLogic(
  context: Context,
  node: BinarySyntax,
  left: Expr | undefined,
  right: Expr | undefined,
): Expr | undefined {
  const wrong = isCondition(context, left) ? (isCondition(context, right) ? undefined : right) : left
  if (wrong !== undefined) {
    const syntax = wrong === left ? node.left : node.right
    return report(context, syntax, typeMismatch, {
      what: `\`${node.op}\` joins conditions`,
      found: typeName(wrong.type),
      fix: missingHint(wrong, syntax),
    })
  }
  if (left === undefined || right === undefined) return undefined
  return { node: node.op === '&&' ? 'and' : 'or', args: [left, right], type: BOOL, at: at(node) }
}

/** Whether a side of `&&` or `||` may stand there; one that is wrong in itself was reported before. */
function isCondition(context: Context, side: Expr | undefined): boolean {
  return (
    side === undefined || side.type.kind === 'bool' || isOpenBool(context, side) || context.scope.unchecked === true
  )
}

/** Whether it may be a truth value: its type is open, and is one from here on, or is known only when it is evaluated. */
function isOpenBool(context: Context, expr: Expr): boolean {
  return isGeneral(expr.type) && unify(context.inference, expr.type, BOOL)
}

/** `c ? a : b`. */
export function checkConditional(
  context: Context,
  node: ConditionalSyntax,
  condition: Expr,
  then: Expr,
  otherwise: Expr,
): Expr | undefined {
  if (condition.type.kind !== 'bool' && !isOpenBool(context, condition)) {
    return report(context, node.condition, typeMismatch, {
      what: '`?` decides by a condition',
      found: typeName(condition.type),
      fix: missingHint(condition, node.condition),
    })
  }
  if (context.scope.plain === true || isGeneral(then.type) || isGeneral(otherwise.type)) {
    if (unify(context.inference, then.type, otherwise.type) || context.scope.unchecked === true) {
      const type = joined(context.inference, [then.type, otherwise.type])
      return { node: 'conditional', args: [condition, then, otherwise], type, at: at(node) }
    }
  }
  const branches = [
    { expr: then, syntax: node.whenTrue },
    { expr: otherwise, syntax: node.whenFalse },
  ] as const
  const same = harmonised(context, '? :', node, ...branches)
  if (same === undefined) return undefined
  const a = coerce(same.left, same.right.type)
  const b = coerce(same.right, same.left.type)
  const pair: readonly [Expr, Expr] | undefined =
    b !== undefined ? [same.left, b] : a !== undefined ? [a, same.right] : undefined
  if (pair === undefined || then.type.kind === 'record') {
    return report(context, node, typeMismatch, {
      what: `The two branches of \`? :\` must be of one scalar kind`,
      found: `${typeName(then.type)} and ${typeName(otherwise.type)}`,
      fix: numericPair(then, otherwise) ? 'Make both int with int(…) or both double with double(…).' : undefined,
    })
  }
  // What may be the code of a category is treated as one: arithmetic on it would be wrong for some rows.
  const type = isCategory(pair[1].type) ? pair[1].type : pair[0].type
  return inUnit(context, { node: 'conditional', args: [condition, ...pair], type, at: at(node) }, same.unit)
}

/** `+ - * / %`. */
export function checkArithmetic(context: Context, node: BinarySyntax, left: Expr, right: Expr): Expr | undefined {
  const code = isCategory(left.type) ? node.left : isCategory(right.type) ? node.right : undefined
  if (code !== undefined) return report(context, code, categoryArithmetic, { text: printSyntax(code), op: node.op })
  const united = haveNoUnits(context, left, right) ? undefined : operandsInUnits(context, node, left, right)
  if (united === 'refused') return undefined
  const operands = united?.operands ?? [left, right]
  const choice = choose('operator', node.op, operands)
  if (choice === undefined) {
    if (numericPair(operands[0], operands[1]) && node.op !== '%')
      return report(context, node, mixedTypes, { op: node.op, fix: mixedFix(node, left) })
    const remainder = node.op === '%' && (left.type.kind === 'double' || right.type.kind === 'double')
    return report(context, node, typeMismatch, {
      what: remainder ? '`%` is the remainder of two ints' : `\`${node.op}\` does not take these kinds together`,
      found: `${typeName(left.type)} and ${typeName(right.type)}`,
      fix: left.type.kind === 'string' && node.op === '+' ? 'Convert the other side with string(…).' : undefined,
    })
  }
  const divisor = choice.args[1]
  if ((node.op === '/' || node.op === '%') && divisor?.node === 'literal' && Number(divisor.value) === 0) {
    return report(context, node.right, divisionByZero, { op: node.op })
  }
  const made: Expr = { node: 'call', fn: choice.fn, args: choice.args, type: choice.result, at: at(node) }
  return united === undefined ? made : inUnit(context, made, united.unit)
}

/** Operands as arithmetic takes them, and the unit of its result; 'refused' after a finding. */
function operandsInUnits(
  context: Context,
  node: BinarySyntax,
  left: Expr,
  right: Expr,
): { readonly operands: readonly [Expr, Expr]; readonly unit: Unit | undefined } | 'refused' {
  const sides = sidesOf(node, left, right)
  if (node.op === '*' || node.op === '/') {
    const unit = scaledUnit(context, node.op, node, ...sides)
    return unit === 'refused' ? 'refused' : { operands: [left, right], unit }
  }
  const same = harmonised(context, node.op, node, ...sides)
  return same === undefined ? 'refused' : { operands: [same.left, same.right], unit: same.unit }
}

/** Typed operands with how they are written. */
function sidesOf(node: BinarySyntax, left: Expr, right: Expr): readonly [Side, Side] {
  return [
    { expr: left, syntax: node.left },
    { expr: right, syntax: node.right },
  ]
}

/** `< <= > >= == !=` of two values; `null` is handled before, by checkMissing. */
export function checkComparison(
  context: Context,
  node: BinarySyntax,
  left: Expr,
  right: Expr,
): (Expr & { readonly node: 'call' }) | undefined {
  const ordering = node.op !== '==' && node.op !== '!='
  // Codes written as integers have the order of integers (a category has the type of its codes); names have none.
  const unordered = (side: Expr): boolean => isCategory(side.type) && side.type.kind !== 'int'
  if (ordering && (unordered(left) || unordered(right))) {
    const [side, syntax] = unordered(left) ? [left, node.left] : [right, node.right]
    return report(context, syntax, categoryOrder, {
      text: printSyntax(syntax),
      op: node.op,
      values: codesOf(context, side)?.slice(0, 4).join(', '),
    })
  }
  const operands = haveNoUnits(context, left, right) ? [left, right] : inOneUnit(context, node, left, right)
  if (operands === undefined) return undefined
  const choice = choose('operator', node.op, operands)
  if (choice === undefined) {
    return report(context, node, typeMismatch, {
      what: `\`${node.op}\` compares values of one kind`,
      found: `${typeName(left.type)} and ${typeName(right.type)}`,
      fix: comparisonFix(context, node, left, right),
    })
  }
  if (!ordering && !(checkDeclared(context, left, right, node.right) && checkDeclared(context, right, left, node.left)))
    return undefined
  return { node: 'call', fn: choice.fn, args: choice.args, type: choice.result, at: at(node) }
}

/** Two sides of a comparison in one unit; undefined after a finding. */
function inOneUnit(context: Context, node: BinarySyntax, left: Expr, right: Expr): readonly Expr[] | undefined {
  const same = harmonised(context, node.op, node, ...sidesOf(node, left, right))
  return same === undefined ? undefined : [same.left, same.right]
}

/** `a < b < c`: a truth value compared with something else. True when it was reported. */
export function reportChain(context: Context, node: BinarySyntax, left: Expr, right: Expr): boolean {
  const inner = node.left
  if (inner.kind !== 'binary' || !isRelation(inner.op) || left.type.kind !== 'bool' || right.type.kind === 'bool')
    return false
  report(context, node, chainedComparison, {
    left: printSyntax(inner),
    right: printSyntax({ ...node, left: inner.right }),
  })
  return true
}

/** `c == null`, `c != null`, in either order. */
export function checkMissing(context: Context, node: BinarySyntax): Expr | undefined {
  if (node.op !== '==' && node.op !== '!=') return report(context, node, nullValue, {})
  const other = node.left.kind === 'null' ? node.right : node.left
  if (other.kind === 'null') return report(context, node, notACell, { text: 'null', how: `\`${node.op} null\`` })
  const operand = context.check(other)
  if (operand === undefined) return undefined
  if (!isCell(operand))
    return report(context, other, notACell, { text: printSyntax(other), how: `\`${node.op} null\`` })
  return { node: 'is-missing', operand, negated: node.op === '!=', type: BOOL, at: at(node) }
}

/** True for what can be missing: a column, or a scalar field. */
export function isCell(expr: Expr): expr is Column | Field {
  return (expr.node === 'column' || expr.node === 'field') && expr.type.kind !== 'record'
}

function numericPair(a: Expr, b: Expr): boolean {
  const kinds = [a.type.kind, b.type.kind]
  return kinds.includes('int') && kinds.includes('double')
}

/** Proposes the whole operation with the int side converted, or a whole double literal written as an int. */
function mixedFix(node: BinarySyntax, left: Expr): string {
  const [int, double] = left.type.kind === 'int' ? [node.left, node.right] : [node.right, node.left]
  const convert = (side: Syntax): Syntax =>
    side === int ? { kind: 'call', name: 'double', args: [side], start: side.start, end: side.end } : side
  const converted = printSyntax({ ...node, left: convert(node.left), right: convert(node.right) })
  if (double.kind === 'double' && Number.isSafeInteger(double.value)) {
    const plain = (side: Syntax): Syntax =>
      side === double ? { ...double, kind: 'int', value: BigInt(double.value) } : side
    return `Write \`${converted}\`, or \`${printSyntax({ ...node, left: plain(node.left), right: plain(node.right) })}\` for whole numbers.`
  }
  return `Write \`${converted}\`, or convert the other side with int(…), which cuts the fraction off.`
}

function missingHint(expr: Expr, syntax: Syntax): string | undefined {
  if (expr.type.kind === 'int' || expr.type.kind === 'double')
    return `Compare it, such as \`${printSyntax(syntax)} != 0\`.`
  return expr.type.kind === 'string' ? `Compare it, such as \`${printSyntax(syntax)} != ""\`.` : undefined
}
