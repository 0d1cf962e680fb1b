import type { Expr, Literal } from '../expr.ts'
import { cellOverloads, type Overload, type SyntaxKind } from '../functions/lookup.ts'
import type { RowFunctionName } from '../functions/row-functions.ts'
import { DOUBLE, type Type } from '../type.ts'

/** An overload that takes the arguments, with int literals turned into doubles where that makes it fit. */
export interface Choice {
  readonly fn: RowFunctionName
  readonly args: readonly Expr[]
  readonly result: Type
}

/** The overload of cells for typed arguments: an exact one first, else one that fits once int literals are doubles. */
export function choose(kind: SyntaxKind, name: string, args: readonly Expr[]): Choice | undefined {
  const candidates = cellOverloads(kind, name)
  // `1 < 2.5` has an exact int/double overload, but an int literal beside a double is a double.
  const exact = kind === 'operator' && hasLiteralBesideDouble(args) ? undefined : chooseFrom(candidates, args, false)
  return exact ?? chooseFrom(candidates, args, true)
}

// By index: before it is optimized, each step of an iterator makes an object, and this runs for every operator.
function chooseFrom(
  candidates: readonly Overload[],
  args: readonly Expr[],
  literalsAsDoubles: boolean,
): Choice | undefined {
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i] as Overload
    const row = candidate[1]
    const fitted = fit(args, row.args, literalsAsDoubles)
    if (fitted !== undefined) return { fn: candidate[0], args: fitted, result: row.result }
  }
  return undefined
}

function hasLiteralBesideDouble(args: readonly Expr[]): boolean {
  const [left, right] = args
  if (left === undefined || right === undefined) return false
  return (isIntLiteral(left) && right.type.kind === 'double') || (isIntLiteral(right) && left.type.kind === 'double')
}

function fit(args: readonly Expr[], wanted: readonly Type[], literalsAsDoubles: boolean): readonly Expr[] | undefined {
  if (args.length !== wanted.length) return undefined
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as Expr
    // The int literal beside a double must become one even where an int/double overload would take it as it is.
    const kind = literalsAsDoubles && isIntLiteral(arg) ? 'double' : arg.type.kind
    if (wanted[i]?.kind !== kind) return undefined
  }
  return literalsAsDoubles ? args.map((arg) => (isIntLiteral(arg) ? asDouble(arg) : arg)) : args
}

/** True for `18`, `-1`. */
export function isIntLiteral(expr: Expr): expr is Literal {
  return expr.node === 'literal' && expr.type.kind === 'int'
}

/** An int literal as the nearest double literal. */
export function asDouble(literal: Literal): Literal {
  return { ...literal, type: DOUBLE, value: Number(literal.value) }
}

/** An expression made to fit a type where the language allows it: equal kinds, or an int literal for a double. */
export function coerce(expr: Expr, to: Type): Expr | undefined {
  if (expr.type.kind === to.kind) return expr
  return isIntLiteral(expr) && to.kind === 'double' ? asDouble(expr) : undefined
}
