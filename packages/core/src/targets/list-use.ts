import type { Comprehension, Expr } from '../expr/expr.ts'
import { children } from './children.ts'
import { beyondTargets } from './unsupported.ts'

/** A comprehension that every target compiles: whether elements of a list column meet a condition. */
export type ColumnComprehension = Comprehension & { readonly op: 'all' | 'exists' | 'exists-one' }

/** Functions of a list that targets compile, where the list is a column itself. */
const OF_LISTS: ReadonlySet<string> = new Set(['size_list', 'in_list', 'index_list', 'norm_list'])

const isList = (expr: Expr): boolean => expr.type.kind === 'list'

const elementKind = (list: Expr | undefined): string | undefined =>
  list?.type.kind === 'list' ? list.type.element.kind : undefined

const NONE: ReadonlySet<string> = new Set()

/** Whether a node is about a list, so that it has to be looked at how it stands in the others. */
export const readsList = (node: Expr): boolean => node.node === 'comprehension' || isList(node)

/** Names of the variables of the comprehensions among nodes: in their bodies they are elements of lists. */
export function elementNames(nodes: readonly Expr[]): ReadonlySet<string> {
  let found: Set<string> | undefined
  for (const node of nodes) {
    if (node.node !== 'comprehension') continue
    found ??= new Set()
    for (const name of node.variables) found.add(name)
  }
  return found ?? NONE
}

/** Why and where an expression, in which `expand` has left nothing to write out, uses lists otherwise than targets compile. */
export function listProblem(expr: Expr): { readonly reason: string; readonly at: Expr['at'] } | undefined {
  switch (expr.node) {
    case 'comprehension':
      if (!isCompiled(expr)) return { reason: beyondTargets(expr) ?? '', at: expr.at }
      return listProblem(expr.body)
    case 'column':
      return isList(expr) ? { reason: WHOLE, at: expr.at } : undefined
    case 'is-missing':
      return undefined
    case 'call':
      if (expr.fn === 'in_list' && expr.args[0]?.type.kind !== elementKind(expr.args[1]))
        return { reason: '`in` is compiled for an element of the kind that the list holds', at: expr.at }
      return firstProblem(
        OF_LISTS.has(expr.fn) ? expr.args.filter((arg) => !(arg.node === 'column' && isList(arg))) : expr.args,
      )
    default:
      return firstProblem(children(expr))
  }
}

const WHOLE =
  'of a list column targets compile its size, its norm, an element by its place, `in`, and whether elements meet a condition (all, exists, exists_one)'

/** Whether targets compile a comprehension. */
export function isCompiled(expr: Comprehension): expr is ColumnComprehension {
  const { op, range, where } = expr
  return (op === 'all' || op === 'exists' || op === 'exists-one') && range.node === 'column' && where === undefined
}

function firstProblem(parts: readonly Expr[]): ReturnType<typeof listProblem> {
  for (const part of parts) {
    const problem = listProblem(part)
    if (problem !== undefined) return problem
  }
  return undefined
}
