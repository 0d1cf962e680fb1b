import type { Type } from '../type.ts'
import type { Unit } from '../units/unit.ts'
import { at, type Context, type Scope } from './context.ts'
import { inUnit } from './units.ts'

/** The same check with variables of a comprehension or `cel.bind` in scope, before all other names. */
export function withVariables(
  context: Context,
  variables: ReadonlyMap<string, Type>,
  /** The unit that all of them are in. */
  unit?: Unit,
): Context {
  const outer = context.scope
  const scope: Scope = {
    ...outer,
    name: (inner, node) => {
      const type = variables.get(node.name)
      if (type === undefined) return outer.name(inner, node)
      return inUnit(inner, { node: 'local', name: node.name, type, at: at(node) }, unit)
    },
    inner: true,
    isVariable: (name) => variables.has(name) || outer.isVariable?.(name) === true,
  }
  return context.within(scope)
}
