import type { Expr } from '../expr/expr.ts'

/** The direct subexpressions of a node, left to right. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.node) {
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
    case 'literal':
    case 'column':
    case 'local':
    case 'term':
    case 'comparison':
    case 'verdict-of':
      return []
  }
}

/** The expression and everything below it, parents first. */
export function walk(expr: Expr): readonly Expr[] {
  const found: Expr[] = []
  const add = (node: Expr): void => {
    found.push(node)
    for (const child of children(node)) add(child)
  }
  add(expr)
  return found
}

/** Names of the columns an expression reads. */
export function columnsOf(expr: Expr): ReadonlySet<string> {
  const names = new Set<string>()
  addColumns(expr, names)
  return names
}

function addColumns(expr: Expr, names: Set<string>): void {
  if (expr.node === 'column') names.add(expr.name)
  else for (const child of children(expr)) addColumns(child, names)
}
