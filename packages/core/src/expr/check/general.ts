import { typeMismatch } from '../../diagnostics/catalog/expr.ts'
import type { Expr } from '../expr.ts'
import { type Overload, overloads, type SyntaxKind } from '../functions/lookup.ts'
import { cellFunctions } from '../functions/row-functions.ts'
import type { BinarySyntax, Range } from '../syntax.ts'
import { DYN, type Type, typeName } from '../type.ts'
import { at, type Context, report } from './context.ts'
import { instantiate, known, settledSoFar, unify } from './inference.ts'

/** Kinds that a cell cannot have: an expression of one is beyond the functions of cells. */
const CELL_KINDS: ReadonlySet<Type['kind']> = new Set(['bool', 'int', 'double', 'string', 'timestamp', 'duration'])

/** Whether a value of this type can be no cell, nor a row. */
export function isGeneral(type: Type): boolean {
  return !(CELL_KINDS.has(type.kind) || type.kind === 'record')
}

/**
 * The call of a function on values of any types, by the rules of CEL: the one overload that fits, or, where a type is known
 * only when it is evaluated, all that may. Undefined where none fits (nothing is reported).
 */
export function checkGeneral(
  context: Context,
  kind: SyntaxKind,
  name: string,
  node: Range,
  args: readonly Expr[],
): Expr | undefined {
  const { inference } = context
  const fitting = rowsFor(context, kind, name).filter(
    ([, row]) => row.args.length === args.length && fits(context, row.args, args),
  )
  const [first, ...others] = fitting
  if (first === undefined) {
    if (context.scope.unchecked !== true) return undefined
    return { node: 'dispatch', syntax: kind, name, args, type: DYN, at: at(node) }
  }
  const types = args.map((arg) => known(inference, arg.type))
  const open = types.some((type) => type.kind === 'dyn' || type.kind === 'param')
  const [fn, row] = first
  // A value of unknown type has to be looked at, unless the function takes any.
  const unseen = types.some(
    (type, i) => type.kind === 'dyn' && row.args[i]?.kind !== 'param' && row.args[i]?.kind !== 'dyn',
  )
  if ((others.length === 0 && !unseen) || !open) {
    const [result, ...wanted] = instantiate(inference, [row.result, ...row.args])
    for (const [i, type] of wanted.entries()) unify(inference, type, types[i] ?? DYN)
    return { node: 'call', fn, args, type: known(inference, result ?? DYN), at: at(node) }
  }
  const results = fitting.map(([, row]) => row.result)
  const [result = DYN] = results
  const one = results.every((other) => other.kind === result.kind && isGround(other))
  return { node: 'dispatch', syntax: kind, name, args, type: one ? result : DYN, at: at(node) }
}

/** Without columns, equality is CEL's of any two values; beside cells, theirs is tried before. */
function rowsFor(context: Context, kind: SyntaxKind, name: string): readonly Overload[] {
  const rows = overloads(kind, name)
  // Mixed kinds of cells are converted by hand; what takes any value is for values of unknown type.
  if (context.scope.plain !== true)
    return rows.filter(([fn, row]) => !isCellEquality(fn, name) && !row.args.some((arg) => arg.kind === 'dyn'))
  if (name !== '==' && name !== '!=') return rows
  return rows.filter(([fn]) => !Object.hasOwn(cellFunctions, fn))
}

function isCellEquality(fn: string, name: string): boolean {
  return (name === '==' || name === '!=') && Object.hasOwn(cellFunctions, fn)
}

function fits(context: Context, wanted: readonly Type[], args: readonly Expr[]): boolean {
  const { inference } = context
  const before = settledSoFar(inference)
  const types = instantiate(inference, wanted)
  const all = args.every((arg, i) => unify(inference, types[i] ?? DYN, arg.type))
  inference.bound = before
  return all
}

function isGround(type: Type): boolean {
  return !['param', 'list', 'map', 'optional', 'type'].includes(type.kind)
}

/** An operator on two values of any types. */
export function checkGeneralOperator(context: Context, node: BinarySyntax, left: Expr, right: Expr): Expr | undefined {
  const found = checkGeneral(context, 'operator', node.op, node, [left, right])
  if (found !== undefined) return found
  const [a, b] = [left, right].map((side) => known(context.inference, side.type)) as [Type, Type]
  const unsigned = a.kind === 'uint' ? b.kind === 'int' : a.kind === 'int' && b.kind === 'uint'
  return report(context, node, typeMismatch, {
    what: `\`${node.op}\` does not take these kinds together`,
    found: `${typeName(a)} and ${typeName(b)}`,
    fix: unsigned ? 'Write the number without `u`, or convert the other side with uint(…).' : undefined,
  })
}
