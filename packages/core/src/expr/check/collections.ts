import { noFields, typeMismatch, unsupported } from '../../diagnostics/catalog/expr.ts'
import type { Unit } from '../units/unit.ts'
import type { Expr, Literal } from '../expr.ts'
import { printSyntax } from '../print/syntax.ts'
import type { IndexSyntax, ListSyntax, MapSyntax, MemberSyntax, Range } from '../syntax.ts'
import { BOOL, DYN, STRING, type Type, typeName } from '../type.ts'
import { at, type Context, nameRange, report } from './context.ts'
import { harmonised, inUnit, unitOf } from './units.ts'
import { checkGeneral } from './general.ts'
import { joined, known, unify } from './inference.ts'

/** `[a, b]`, whose elements may be of different types. */
export function checkList(context: Context, node: ListSyntax): Expr | undefined {
  const checked = checkParts(context, node.elements)
  const united = checked && inOneUnit(context, node, checked)
  if (united === undefined) return undefined
  const { args, unit } = united
  const element = joined(context.inference, partTypes(context, args, node.optional))
  const list: Expr = { node: 'list', args, ...marked(node.optional), type: { kind: 'list', element }, at: at(node) }
  return inUnit(context, list, unit)
}

/** The elements of a list in the unit of the first that has one. */
function inOneUnit(
  context: Context,
  node: ListSyntax,
  elements: readonly Expr[],
): { readonly args: readonly Expr[]; readonly unit: Unit | undefined } | undefined {
  const of = elements.findIndex((element) => unitOf(context, element) !== undefined)
  const [first, syntax] = [elements[of], node.elements[of]]
  if (first === undefined || syntax === undefined) return { args: elements, unit: undefined }
  const args: Expr[] = []
  for (const [i, expr] of elements.entries()) {
    const sides = [
      { expr: first, syntax },
      { expr, syntax: node.elements[i] ?? syntax },
    ] as const
    const same = i === of ? { right: expr } : harmonised(context, '[…]', node, ...sides)
    if (same === undefined) return undefined
    args.push(same.right)
  }
  return { args, unit: unitOf(context, first) }
}

/** `{k: v}`. */
export function checkMap(context: Context, node: MapSyntax): Expr | undefined {
  const keys = checkParts(
    context,
    node.entries.map((entry) => entry.key),
  )
  const args = checkParts(
    context,
    node.entries.map((entry) => entry.value),
  )
  if (keys === undefined || args === undefined) return undefined
  const key = joined(
    context.inference,
    keys.map((each) => each.type),
  )
  const value = joined(context.inference, partTypes(context, args, node.optional))
  return { node: 'map', keys, args, ...marked(node.optional), type: { kind: 'map', key, value }, at: at(node) }
}

const marked = (optional: readonly number[] | undefined) => (optional === undefined ? {} : { optional })

function checkParts(context: Context, parts: ListSyntax['elements']): readonly Expr[] | undefined {
  const typed = parts.map((part) => context.check(part))
  return typed.every((part) => part !== undefined) ? typed : undefined
}

/** The types of parts; of one that is marked optional, what it may hold. */
function partTypes(context: Context, args: readonly Expr[], optional: readonly number[] = []): readonly Type[] {
  return args.map((arg, i) => {
    const type = known(context.inference, arg.type)
    return optional.includes(i) && type.kind === 'optional' ? type.of : type
  })
}

/** `operand.name`, `operand.?name` of a map, or of what may be one. */
export function checkSelect(context: Context, node: MemberSyntax, operand: Expr): Expr | undefined {
  const key: Literal = { node: 'literal', type: STRING, value: node.name, at: at(nameRange(node)) }
  const found = checkGeneral(context, 'operator', node.optional ? '[?]' : '[]', node, [operand, key])
  if (found !== undefined && known(context.inference, operand.type).kind !== 'list') return found
  const [text, type] = [printSyntax(node.operand), typeName(known(context.inference, operand.type))]
  return report(context, nameRange(node), noFields, { text, type, instead: undefined })
}

/** `operand[index]`, `operand[?index]`. */
export function checkIndex(context: Context, node: IndexSyntax, operand: Expr): Expr | undefined {
  const index = context.check(node.index)
  if (index === undefined) return undefined
  const found = checkGeneral(context, 'operator', node.optional ? '[?]' : '[]', node, [operand, index])
  if (found !== undefined) return found
  return report(context, node, typeMismatch, {
    what: 'An index takes a list and an int, or a map and a key of its type',
    found: `${typeName(known(context.inference, operand.type))} and ${typeName(known(context.inference, index.type))}`,
    fix: undefined,
  })
}

/** `has(m.name)` of a map: the key is there. */
export function checkHasKey(context: Context, node: Range, member: MemberSyntax, operand: Expr): Expr | undefined {
  const type = known(context.inference, operand.type)
  const key: Literal = { node: 'literal', type: STRING, value: member.name, at: at(nameRange(member)) }
  if (type.kind === 'optional' || member.optional) {
    const found = checkGeneral(context, 'operator', '[?]', member, [operand, key])
    if (found !== undefined) return { node: 'call', fn: 'has_value', args: [found], type: BOOL, at: at(node) }
  }
  if (
    type.kind === 'dyn' ||
    (type.kind === 'map' && unify(context.inference, type.key, STRING)) ||
    type.kind === 'param'
  )
    return { node: 'dispatch', syntax: 'operator', name: 'in', args: [key, operand], type: BOOL, at: at(node) }
  return report(context, member, unsupported, {
    what: `Fields of ${typeName(type)}`,
    instead: 'Name a field of a map.',
  })
}

/** The type of the elements that a comprehension over a value visits: one variable, or two. */
export function visited(context: Context, type: Type, two: boolean): readonly Type[] | undefined {
  const range = known(context.inference, type)
  switch (range.kind) {
    case 'list':
      return two ? [{ kind: 'int' }, range.element] : [range.element]
    case 'map':
      return two ? [range.key, range.value] : [range.key]
    case 'dyn':
    case 'param':
      return two ? [DYN, DYN] : [DYN]
    default:
      return undefined
  }
}
