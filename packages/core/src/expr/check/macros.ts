import { shadowedVariable, typeMismatch, unsupported } from '../../diagnostics/catalog/expr.ts'
import type { Comprehension, ComprehensionOp, Expr, OptionalMap } from '../expr.ts'
import type { MethodSyntax, Syntax } from '../syntax.ts'
import { BOOL, DYN, type Type, typeName } from '../type.ts'
import { visited } from './collections.ts'
import { at, type Context, report } from './context.ts'
import { inUnit, unitOf } from './units.ts'
import { withVariables } from './variables.ts'
import { freshType, joined, known, unify } from './inference.ts'

/** What a macro makes, by its name and the number of its variables. */
interface Form {
  readonly op: ComprehensionOp
  readonly variables: 1 | 2
  /** Parts after the variables: the body, or a condition and the body. */
  readonly parts: readonly number[]
  /** The body is the condition, and what is kept is the element. */
  readonly filters?: true
}

const one = (op: ComprehensionOp, ...parts: readonly number[]): Form => ({ op, variables: 1, parts })
const two = (op: ComprehensionOp, ...parts: readonly number[]): Form => ({ op, variables: 2, parts })

/** Forms by name; of those with the number of parts given, the first is taken. */
const FORMS: Readonly<Record<string, readonly Form[]>> = {
  all: [one('all', 1), two('all', 1)],
  exists: [one('exists', 1), two('exists', 1)],
  exists_one: [one('exists-one', 1), two('exists-one', 1)],
  existsOne: [one('exists-one', 1), two('exists-one', 1)],
  map: [one('list', 1, 2)],
  filter: [{ ...one('list', 1), filters: true }],
  sortBy: [one('sort-by', 1)],
  transformList: [two('list', 1, 2)],
  transformMap: [two('map', 1, 2)],
  transformMapEntry: [two('entries', 1, 2)],
}

/** Macros of optionals. */
const OPTIONAL: ReadonlySet<string> = new Set(['optMap', 'optFlatMap', 'or', 'orValue'])

/** Names of the macros over the elements of a list or the keys of a map. */
export const macroNames: readonly string[] = Object.keys(FORMS)

/** Whether a method of this name is a macro, whatever it is given. */
export const isMacro = (name: string): boolean => Object.hasOwn(FORMS, name)

/** Why a cell has no elements, and what to write instead, by macro. */
const INSTEAD: Readonly<Record<string, string>> = {
  all: 'Every clause already ranges over all rows; in `must`, write all_over(columns, …).',
  exists: 'In `must`, write `share(condition) > 0.0`.',
  exists_one: 'In `must`, compare aggregates.',
  map: 'Write the expression for one row.',
  filter: 'Declare a slice.',
}

/** A macro; `'none'` where the call is none. */
export function checkMacro(context: Context, node: MethodSyntax): Expr | undefined | 'none' {
  if (node.operand.kind === 'name' && node.operand.name === 'cel' && node.name === 'bind') return bind(context, node)
  if (OPTIONAL.has(node.name)) return optional(context, node)
  const form = (Object.hasOwn(FORMS, node.name) ? FORMS[node.name] : undefined)?.find(({ variables, parts }) =>
    parts.includes(node.args.length - variables),
  )
  if (form === undefined) return 'none'
  const range = context.check(node.operand)
  if (range === undefined) return undefined
  const types = visited(context, range.type, form.variables === 2)
  if (types === undefined) {
    return report(context, node, unsupported, {
      what: `Comprehensions over ${typeName(known(context.inference, range.type))}`,
      instead: INSTEAD[node.name] ?? 'Write them over a list or a map.',
    })
  }
  const names = namesOf(context, node.args.slice(0, form.variables))
  if (names === undefined) return undefined
  // Of two variables the first is a place or a key.
  const unit = names.length === 1 ? unitOf(context, range) : undefined
  const inner = withVariables(context, new Map(names.map((name, i) => [name, types[i] ?? DYN])), unit)
  const parts = node.args.slice(form.variables).map((part) => inner.check(part))
  if (!parts.every((part) => part !== undefined)) return undefined
  return comprehension(context, node, form, range, names, parts, types)
}

function comprehension(
  context: Context,
  node: MethodSyntax,
  form: Form,
  range: Expr,
  names: readonly string[],
  parts: readonly Expr[],
  types: readonly Type[],
): Expr | undefined {
  const last = parts.at(-1) as Expr
  const [where, body] =
    form.filters === true
      ? [last, { node: 'local', name: names[0] ?? '', type: types[0] ?? DYN } as const]
      : [parts.length > 1 ? parts[0] : undefined, last]
  const truth = form.op === 'all' || form.op === 'exists' || form.op === 'exists-one'
  for (const condition of [where, truth ? body : undefined]) {
    if (condition === undefined || unify(context.inference, condition.type, BOOL)) continue
    const found = typeName(known(context.inference, condition.type))
    return report(context, node, typeMismatch, {
      what: `\`${node.name}\` decides by a condition`,
      found,
      fix: undefined,
    })
  }
  const made: Omit<Comprehension, 'type'> = {
    node: 'comprehension',
    op: form.op,
    range,
    variables: names as Comprehension['variables'],
    ...(where === undefined ? {} : { where }),
    body,
    at: at(node),
  }
  return { ...made, type: resultOf(context, form.op, body, types) }
}

function resultOf(context: Context, op: ComprehensionOp, body: Expr, types: readonly Type[]): Type {
  const type = known(context.inference, body.type)
  switch (op) {
    case 'list':
      return { kind: 'list', element: type }
    case 'sort-by':
      return { kind: 'list', element: types[0] ?? DYN }
    case 'map':
      return { kind: 'map', key: types[0] ?? DYN, value: type }
    case 'entries':
      return type.kind === 'map' ? type : { kind: 'map', key: DYN, value: DYN }
    default:
      return BOOL
  }
}

function namesOf(context: Context, syntax: readonly Syntax[]): readonly string[] | undefined {
  const names: string[] = []
  for (const part of syntax) {
    if (part.kind !== 'name') {
      return report(context, part, unsupported, {
        what: 'Variables that are no plain names',
        instead: 'Write a name, such as x.',
      })
    }
    if (names.includes(part.name) || context.scope.declares?.(part.name) === true)
      return report(context, part, shadowedVariable, { name: part.name })
    names.push(part.name)
  }
  return names
}

function bind(context: Context, node: MethodSyntax): Expr | undefined | 'none' {
  const [name, value, body] = node.args
  if (name === undefined || value === undefined || body === undefined || node.args.length !== 3) return 'none'
  const names = namesOf(context, [name])
  const typed = context.check(value)
  if (names === undefined || typed === undefined) return undefined
  const [bound = ''] = names
  const within = withVariables(context, new Map([[bound, typed.type]]), unitOf(context, typed))
  const inner = within.check(body)
  if (inner === undefined) return undefined
  const made: Expr = { node: 'bind', name: bound, value: typed, body: inner, type: inner.type, at: at(node) }
  return inUnit(context, made, unitOf(within, inner))
}

const OPS = { optMap: 'map', optFlatMap: 'flat-map', or: 'or', orValue: 'or-value' } as const

function optional(context: Context, node: MethodSyntax): Expr | undefined | 'none' {
  const op = OPS[node.name as keyof typeof OPS]
  const binds = op === 'map' || op === 'flat-map'
  const body = node.args.at(-1)
  if (body === undefined || node.args.length !== (binds ? 2 : 1)) return 'none'
  const operand = context.check(node.operand)
  if (operand === undefined) return undefined
  const of = freshType(context.inference)
  if (!unify(context.inference, operand.type, { kind: 'optional', of })) {
    const found = typeName(known(context.inference, operand.type))
    return report(context, node.operand, typeMismatch, {
      what: `\`${node.name}\` reads an optional`,
      found,
      fix:
        operand.node === 'column'
          ? 'A column that may be missing is asked by `has`, such as `has(c) ? c : 0.0`, or by `missing: pass` beside the condition.'
          : undefined,
    })
  }
  const inside = known(context.inference, of)
  const names = binds ? namesOf(context, node.args.slice(0, 1)) : ['']
  if (names === undefined) return undefined
  const [name = ''] = names
  const inner = (binds ? withVariables(context, new Map([[name, inside]])) : context).check(body)
  if (inner === undefined) return undefined
  const made: Omit<OptionalMap, 'type'> = { node: 'optional-map', op, name, operand, body: inner, at: at(node) }
  const type = optionalResult(context, op, inside, inner.type)
  if (type !== undefined) return { ...made, type }
  const found = typeName(known(context.inference, inner.type))
  return report(context, body, typeMismatch, { what: `\`${node.name}\` takes an optional`, found, fix: undefined })
}

function optionalResult(context: Context, op: OptionalMap['op'], inside: Type, body: Type): Type | undefined {
  const { inference } = context
  switch (op) {
    case 'map':
      return { kind: 'optional', of: known(inference, body) }
    case 'or-value':
      return joined(inference, [inside, body])
    default: {
      const of = freshType(inference)
      if (!unify(inference, body, { kind: 'optional', of })) return undefined
      return { kind: 'optional', of: op === 'or' ? joined(inference, [inside, of]) : known(inference, of) }
    }
  }
}
