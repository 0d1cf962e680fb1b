import type { Expr, Literal } from '../expr/expr.ts'
import type { ScalarKind } from '../expr/type.ts'
import { literalValue, type Value } from '../expr/value.ts'
import { columnsOf, walk } from '../targets/children.ts'

/** What expressions compare cells with: the values near which a wrong comparison shows. */
export interface Constants {
  readonly values: ReadonlyMap<ScalarKind, readonly Value[]>
  /** Regular expressions that texts are matched with. */
  readonly patterns: readonly string[]
}

/** The literals and patterns that expressions hold, each once. */
export function constantsOf(exprs: readonly Expr[]): Constants {
  const literals = new Map<string, Literal>()
  const patterns = new Set<string>()
  const add = (literal: Literal): void => void literals.set(`${literal.type.kind} ${String(literal.value)}`, literal)
  for (const node of exprs.flatMap(walk)) {
    if (node.node === 'literal') add(node)
    if (node.node === 'in-list') for (const element of node.elements) add(element)
    if (node.node === 'lookup') for (const { key } of node.entries) add(key)
    if (node.node === 'matches') patterns.add(node.pattern)
  }
  const values = new Map<ScalarKind, Value[]>()
  for (const literal of literals.values()) {
    const value = literalValue(literal)
    const kind = literal.type.kind as ScalarKind
    if (value !== null) values.set(kind, [...(values.get(kind) ?? []), value])
  }
  return { values, patterns: [...patterns] }
}

/** The constants of the expressions that read a column, by its name: others say nothing of it. */
export function constantsByColumn(exprs: readonly Expr[]): ReadonlyMap<string, Constants> {
  const readers = new Map<string, Expr[]>()
  for (const expr of exprs) {
    for (const name of columnsOf(expr)) readers.set(name, [...(readers.get(name) ?? []), expr])
  }
  return new Map([...readers].map(([name, of]) => [name, constantsOf(of)]))
}
