import type { Type } from '../type.ts'
import { at, type Context, type Scope } from './context.ts'

/** The same check with variables of a comprehension or `cel.bind` in scope, before all other names. */
export function withVariables(context: Context, variables: ReadonlyMap<string, Type>): Context {
  const outer = context.scope
  const scope: Scope = {
    ...outer,
    name: (inner, node) => {
      const type = variables.get(node.name)
      return type === undefined ? outer.name(inner, node) : { node: 'local', name: node.name, type, at: at(node) }
    },
    inner: true,
    isVariable: (name) => variables.has(name) || outer.isVariable?.(name) === true,
  }
  return context.within(scope)
}
