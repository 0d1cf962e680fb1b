import type { Range, Syntax } from './syntax.ts'

/** The value a name stands for; a number may be in a unit. */
export type NamedValue = number | string | boolean | { readonly value: number; readonly unit: string }

/** An expression with some of its bare names replaced by their values, at the place of the name. */
export function substitute(node: Syntax, values: ReadonlyMap<string, NamedValue>): Syntax {
  if (values.size === 0) return node
  const inner = (part: Syntax): Syntax => substitute(part, values)
  switch (node.kind) {
    case 'name': {
      const value = values.get(node.name)
      return value === undefined ? node : literalOf(value, { start: node.start, end: node.end, param: node.name })
    }
    case 'member':
    case 'unary':
      return { ...node, operand: inner(node.operand) }
    case 'index':
      return { ...node, operand: inner(node.operand), index: inner(node.index) }
    case 'call':
      return { ...node, args: node.args.map(inner) }
    case 'method':
      return { ...node, operand: inner(node.operand), args: node.args.map(inner) }
    case 'list':
      return { ...node, elements: node.elements.map(inner) }
    case 'map':
      return { ...node, entries: node.entries.map(({ key, value }) => ({ key: inner(key), value: inner(value) })) }
    case 'binary':
      return { ...node, left: inner(node.left), right: inner(node.right) }
    case 'conditional':
      return {
        ...node,
        condition: inner(node.condition),
        whenTrue: inner(node.whenTrue),
        whenFalse: inner(node.whenFalse),
      }
    default:
      return node
  }
}

/** A whole number is an int, as it is where it is written out; a minus is an operator of its own. */
function literalOf(value: NamedValue, at: Range & { readonly param?: string }): Syntax {
  if (typeof value === 'object') {
    const args = [literalOf(value.value, at), literalOf(value.unit, at)]
    return { kind: 'call', name: 'q', args, ...at }
  }
  if (typeof value === 'boolean') return { kind: 'bool', value, ...at }
  if (typeof value === 'string') return { kind: 'string', value, ...at }
  if (value < 0) return { kind: 'unary', op: '-', operand: literalOf(-value, at), ...at }
  return Number.isInteger(value) ? { kind: 'int', value: BigInt(value), ...at } : { kind: 'double', value, ...at }
}
