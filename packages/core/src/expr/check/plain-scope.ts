import { argumentCount, unknownName } from '../../diagnostics/catalog/expr.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { PlainEnvironment } from '../environment.ts'
import type { Expr, Literal } from '../expr.ts'
import type { CallSyntax, MemberSyntax, Syntax } from '../syntax.ts'
import { BOOL, BYTES, DOUBLE, DURATION, DYN, INT, NULL, STRING, TIMESTAMP, type Type, UINT } from '../type.ts'
import { checkHasKey, checkIndex, checkSelect } from './collections.ts'
import { at, type Context, report, type Scope, UNHANDLED } from './context.ts'

/** Names that stand for types. */
const TYPES: Readonly<Record<string, Type>> = {
  bool: BOOL,
  int: INT,
  uint: UINT,
  double: DOUBLE,
  string: STRING,
  bytes: BYTES,
  null_type: NULL,
  list: { kind: 'list', element: DYN },
  map: { kind: 'map', key: DYN, value: DYN },
  type: { kind: 'type', of: DYN },
  optional_type: { kind: 'optional', of: DYN },
  'google.protobuf.Timestamp': TIMESTAMP,
  'google.protobuf.Duration': DURATION,
}

/** Names and calls of an expression without columns: declared variables (names may have dots) and types. */
export function plainScope({ variables, container = '', unchecked = false }: PlainEnvironment): Scope {
  /** A name as the container sees it: the longest prefix first; a leading dot means none. */
  const resolve = (name: string): readonly [string, Type] | undefined => {
    const parts = name.startsWith('.') || container === '' ? [] : container.split('.')
    for (let n = parts.length; n >= 0; n--) {
      const full = [...parts.slice(0, n), name.replace(/^\./, '')].join('.')
      const type = variables.get(full)
      if (type !== undefined) return [full, type]
    }
    return undefined
  }
  const named = (context: Context, name: string, node: Syntax): Expr | undefined => {
    const found = resolve(name)
    if (found !== undefined) return { node: 'local', name: found[0], type: found[1], at: at(node) }
    const plain = name.replace(/^\./, '')
    const type = Object.hasOwn(TYPES, plain) ? TYPES[plain] : undefined
    if (type === undefined) return undefined
    return { node: 'literal', type: { kind: 'type', of: type }, value: plain, at: at(node) } satisfies Literal
  }
  return {
    plain: true,
    unchecked,
    functions: ['has'],
    column: () => undefined,
    name: (context, node) => {
      const found = named(context, node.name, node)
      if (found !== undefined) return found
      if (unchecked) return { node: 'local', name: node.name, type: DYN, at: at(node) }
      const known = [...variables.keys()]
      const scope = 'An expression without columns sees its variables and the names of types.'
      return report(context, node, unknownName, { name: node.name, near: nearestName(node.name, known), known, scope })
    },
    member: (context, node) => {
      const dotted = dottedName(context, node)
      const found = dotted === undefined ? undefined : named(context, dotted, node)
      if (found !== undefined) return found
      const operand = context.check(node.operand)
      return operand === undefined ? undefined : checkSelect(context, node, operand)
    },
    index: (context, node) => {
      const operand = context.check(node.operand)
      return operand === undefined ? undefined : checkIndex(context, node, operand)
    },
    call: (context, node) => (node.name === 'has' ? has(context, node) : UNHANDLED),
    method: () => UNHANDLED,
  }
}

/** `a.b.c`, where it is nothing but names and `a` is no variable of a comprehension. */
function dottedName(context: Context, node: Syntax): string | undefined {
  if (node.kind === 'name') return context.scope.isVariable?.(node.name) === true ? undefined : node.name
  if (node.kind !== 'member' || node.optional) return undefined
  const left = dottedName(context, node.operand)
  return left === undefined ? undefined : `${left}.${node.name}`
}

function has(context: Context, node: CallSyntax): Expr | undefined {
  const [member] = node.args
  if (member?.kind !== 'member' || node.args.length !== 1) {
    return report(context, member ?? node, argumentCount, {
      name: 'has',
      expected: 'a field of a map, such as m.a',
      found: node.args.length,
    })
  }
  const operand = context.check((member satisfies MemberSyntax).operand)
  return operand === undefined ? undefined : checkHasKey(context, node, member, operand)
}
