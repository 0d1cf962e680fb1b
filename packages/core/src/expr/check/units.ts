import { unitDiffers, unitMismatch, unitNeeded, unitScale } from '../../diagnostics/catalog/units.ts'
import type { Expr, Literal } from '../expr.ts'
import { printSyntax } from '../print/syntax.ts'
import type { Range, Syntax } from '../syntax.ts'
import { convertLiteral, ratio } from '../units/convert.ts'
import { toNumber } from '../units/rational.ts'
import { dividedBy, multipliedBy, parseUnit, powerOf, sameDimension, sameUnit, type Unit } from '../units/unit.ts'
import { type Context, report } from './context.ts'

/**
 * What is known of the units of typed nodes while one expression is checked. A node without an entry has no unit: it is compatible
 * with any. Quantities (`q(18, "year")`) are literals with an entry; where they meet another side they become plain
 * numbers in its unit, so that no target knows units.
 */
export interface UnitTable {
  /** Made with the first unit: most specs have none. */
  known: Map<Expr, Unit> | undefined
}

/** Nothing is known yet. */
export function createUnits(): UnitTable {
  return { known: undefined }
}

/** A side of an operation: the typed node and how it is written. */
export interface Side {
  readonly expr: Expr
  readonly syntax: Syntax
}

/** A side as it stands in the text: a parameter by its name. */
function writtenAs({ syntax }: Side): string {
  return ('param' in syntax ? syntax.param : undefined) ?? printSyntax(syntax)
}

/** The unit of a typed node; undefined where it has none, or none is known. */
export function unitOf(context: Context, expr: Expr): Unit | undefined {
  const known = context.units.known?.get(expr)
  if (known !== undefined) return known
  const text = expr.node === 'column' || expr.node === 'field' ? context.scope.unit?.(expr) : undefined
  if (text === undefined) return undefined
  const unit = parseUnit(text)
  if ('problem' in unit) return undefined
  inUnit(context, expr, unit)
  return unit
}

/** The node, known to be in a unit. */
export function inUnit<E extends Expr>(context: Context, expr: E, unit: Unit | undefined): E {
  if (unit !== undefined) (context.units.known ??= new Map()).set(expr, unit)
  return expr
}

/** Whether a node is a quantity, still to be converted to the unit of another side. */
function isQuantity(context: Context, expr: Expr): expr is Literal {
  return expr.node === 'literal' && context.units.known?.has(expr) === true
}

/** `-q(2, "year")`: a quantity like any other; undefined where the operand is none. */
export function negatedQuantity(context: Context, operand: Expr, at: Literal['at']): Literal | undefined {
  if (!isQuantity(context, operand)) return undefined
  const value = operand.type.kind === 'int' ? String(-BigInt(String(operand.value))) : -Number(operand.value)
  return inUnit(context, { ...operand, value, ...(at === undefined ? {} : { at }) }, unitOf(context, operand))
}

/** A number that reads nothing: it takes the unit of the other side. */
function isBare(expr: Expr): boolean {
  return expr.node === 'literal' || (expr.node === 'call' && expr.args.every(isBare))
}

/** Whether neither side has a unit; asked first wherever two sides meet, since most specs have none. */
export function haveNoUnits(context: Context, left: Expr, right: Expr): boolean {
  return unitOf(context, left) === undefined && unitOf(context, right) === undefined
}

/** Both sides of a sum, a comparison or a choice in one unit; undefined after a finding. Sides without units come back as they are. */
export function harmonised(
  context: Context,
  op: string,
  node: Range,
  left: Side,
  right: Side,
): { readonly left: Expr; readonly right: Expr; readonly unit: Unit | undefined } | undefined {
  const a = unitOf(context, left.expr)
  const b = unitOf(context, right.expr)
  if (a === undefined && b === undefined) return { left: left.expr, right: right.expr, unit: undefined }
  if (a === undefined || b === undefined) {
    const [known, other] = a === undefined ? [right, left] : [left, right]
    if (isQuantity(context, known.expr) && !isBare(other.expr)) return needsUnit(context, node, known, other)
    return { left: left.expr, right: right.expr, unit: a ?? b }
  }
  if (sameUnit(a, b)) return { left: left.expr, right: right.expr, unit: a }
  if (!sameDimension(a, b)) {
    return report(context, node, unitMismatch, {
      op: `\`${op}\``,
      left: { text: writtenAs(left), unit: a.text },
      right: { text: writtenAs(right), unit: b.text },
    })
  }
  if (isQuantity(context, right.expr)) return { left: left.expr, right: convertLiteral(right.expr, b, a), unit: a }
  if (isQuantity(context, left.expr)) return { left: convertLiteral(left.expr, a, b), right: right.expr, unit: b }
  return report(context, node, unitDiffers, {
    left: { text: writtenAs(left), unit: a.text },
    right: { text: writtenAs(right), unit: b.text },
    written: conversion(left, a, right, b),
  })
}

/** How one of two sides would be converted: the one that is multiplied by a whole number, if there is one. */
function conversion(left: Side, a: Unit, right: Side, b: Unit): string {
  const forward = ratio(a, b)
  const [side, unit, to, factor] =
    forward.d === 1n || ratio(b, a).d !== 1n ? [left, a, b, forward] : [right, b, a, ratio(b, a)]
  const range = { start: 0, end: 0 }
  const whole = factor.d === 1n && side.expr.type.kind === 'int'
  const number: Syntax = whole
    ? { kind: 'int', value: factor.n, ...range }
    : { kind: 'double', value: toNumber(factor), ...range }
  const text: Syntax = { kind: 'string', value: `${to.text}/${unit.text}`, ...range }
  const quantity: Syntax = { kind: 'call', name: 'q', args: [number, text], ...range }
  const converts = !whole && side.expr.type.kind === 'int'
  const operand: Syntax = converts ? { kind: 'call', name: 'double', args: [side.syntax], ...range } : side.syntax
  return printSyntax({ kind: 'binary', op: '*', opStart: 0, left: operand, right: quantity, ...range })
}

function needsUnit(context: Context, node: Range, quantity: Side, other: Side): undefined {
  return report(context, node, unitNeeded, {
    quantity: writtenAs(quantity),
    other: writtenAs(other),
    unit: unitOf(context, quantity.expr)?.text ?? '1',
  })
}

/** The unit of `left * right` or `left / right`; 'refused' after a finding. */
export function scaledUnit(
  context: Context,
  op: '*' | '/',
  node: Range,
  left: Side,
  right: Side,
): Unit | undefined | 'refused' {
  const a = unitOf(context, left.expr)
  const b = unitOf(context, right.expr)
  if (a === undefined && b === undefined) return undefined
  for (const [side, unit] of [
    [left, a],
    [right, b],
  ] as const) {
    if (unit?.offset === undefined) continue
    report(context, node, unitScale, { op: `\`${op}\``, text: writtenAs(side), unit: unit.text })
    return 'refused'
  }
  if (a !== undefined && b !== undefined) return op === '*' ? multipliedBy(a, b) : dividedBy(a, b)
  const [known, other] = a === undefined ? [right, left] : [left, right]
  if (isBare(other.expr)) {
    if (a !== undefined) return a
    const inverse = op === '/' && b !== undefined ? powerOf(b, -1) : b
    return inverse === undefined || 'problem' in inverse ? undefined : inverse
  }
  if (!isQuantity(context, known.expr)) return undefined
  needsUnit(context, node, known, other)
  return 'refused'
}

/** Functions whose result is in the unit of their argument. */
const KEEPS: ReadonlySet<string> = new Set([
  'math.abs',
  'math.ceil',
  'math.floor',
  'math.round',
  'math.trunc',
  'int',
  'double',
])

/**
 * The arguments of a function with their quantities converted, and the unit of its result; undefined after a finding. A function
 * that knows nothing of units takes no quantity: there is nothing to convert it to.
 */
export function functionUnits(
  context: Context,
  name: string,
  node: Range,
  args: readonly Side[],
): { readonly args: readonly Expr[]; readonly unit: Unit | undefined } | undefined {
  const plain = { args: args.map(({ expr }) => expr), unit: undefined }
  const [first, second] = args
  if (first === undefined) return plain
  if (KEEPS.has(name)) return { ...plain, unit: unitOf(context, first.expr) }
  if ((name === 'math.greatest' || name === 'math.least') && second !== undefined) {
    const same = harmonised(context, name, node, first, second)
    return same === undefined ? undefined : { args: [same.left, same.right], unit: same.unit }
  }
  const quantity = args.find(({ expr }) => isQuantity(context, expr))
  if (quantity === undefined) return plain
  const unit = unitOf(context, quantity.expr)?.text ?? '1'
  const other = `${name}(…)`
  return report(context, node, unitNeeded, { quantity: writtenAs(quantity), other, unit })
}
