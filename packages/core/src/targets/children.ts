import type { Expr } from '../expr/expr.ts'

const NONE: readonly Expr[] = []

/** The direct subexpressions of a node, left to right. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.node) {
    case 'column':
    case 'literal':
      return NONE
    case 'call':
    case 'and':
    case 'or':
    case 'conditional':
    case 'reduce':
    case 'dispatch':
    case 'list':
      return expr.args
    case 'map':
      return [...expr.keys, ...expr.args]
    case 'comprehension':
      return [expr.range, ...(expr.where === undefined ? [] : [expr.where]), expr.body]
    case 'bind':
      return [expr.value, expr.body]
    case 'optional-map':
      return [expr.operand, expr.body]
    case 'field':
    case 'is-missing':
    case 'in-list':
    case 'lookup':
    case 'matches':
    case 'predict':
      return [expr.operand]
    case 'with':
      return [expr.operand, ...expr.fields.map((field) => field.value)]
    case 'local':
    case 'term':
    case 'comparison':
    case 'verdict-of':
      return NONE
  }
}

/** The expression and everything below it, parents first. */
export function walk(expr: Expr): readonly Expr[] {
  const found: Expr[] = []
  addAll(expr, found)
  return found
}

// By index: before it is optimized, each step of an iterator makes an object, and every tree is walked.
function addAll(node: Expr, found: Expr[]): void {
  found.push(node)
  const parts = children(node)
  for (let i = 0; i < parts.length; i++) addAll(parts[i] as Expr, found)
}

/** Names of the columns an expression reads. */
export function columnsOf(expr: Expr): ReadonlySet<string> {
  const names = new Set<string>()
  addColumns(expr, names)
  return names
}

function addColumns(expr: Expr, names: Set<string>): void {
  if (expr.node === 'column') names.add(expr.name)
  else {
    const parts = children(expr)
    for (let i = 0; i < parts.length; i++) addColumns(parts[i] as Expr, names)
  }
}
