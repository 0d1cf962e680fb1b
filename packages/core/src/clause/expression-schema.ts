import {
  caseOf,
  COUNT,
  FLAG,
  type JsonSchema,
  listOf,
  mapOf,
  type Members,
  objectOf,
  oneOfTexts,
  type OptionalMembers,
  ref,
  TEXT,
  TRUE,
} from '../evidence/json-schema.ts'
import type { ComprehensionOp, Dispatch, Expr, Lookup, OptionalMap, Reduce, VerdictOf, With } from '../expr/expr.ts'
import { aggregates } from '../expr/functions/aggregates.ts'
import { rowFunctions } from '../expr/functions/row-functions.ts'
import type { Type } from '../expr/type.ts'

/** The node of that name; `and` and `or` are one interface. */
type Case<N extends Expr['node'], E = Expr> = E extends { readonly node: infer M } ? (N extends M ? E : never) : never

/** One node of the typed tree; every node has a type, and a place while it belongs to a text. */
function node<N extends Expr['node']>(
  name: N,
  members: Members<Omit<Case<N>, 'node' | 'type' | 'at'>>,
  optional: OptionalMembers<Omit<Case<N>, 'at'>> = {} as never,
): JsonSchema {
  const at = { type: 'array', items: COUNT, minItems: 2, maxItems: 2 }
  const own: JsonSchema = members
  return {
    type: 'object',
    properties: { node: { const: name }, type: ref('type'), ...own, ...(optional as JsonSchema), at },
    required: ['node', 'type', ...Object.keys(own)],
    additionalProperties: false,
  }
}

const expr = ref('expr')
const exactly = (n: number): JsonSchema => ({ type: 'array', items: expr, minItems: n, maxItems: n })

/** Every node of the tree; a node added to `Expr`, or a member added to a node, fails to type-check until it is here. */
const nodes: { readonly [N in Expr['node']]: JsonSchema } = {
  literal: node<'literal'>('literal', { value: { type: ['boolean', 'number', 'string', 'null'] } }),
  column: node<'column'>('column', { name: TEXT }),
  local: node<'local'>('local', { name: TEXT }),
  field: node<'field'>('field', { operand: expr, name: TEXT }),
  call: node<'call'>('call', { fn: { enum: Object.keys(rowFunctions) }, args: listOf(expr) }),
  and: node<'and'>('and', { args: exactly(2) }),
  or: node<'or'>('or', { args: exactly(2) }),
  conditional: node<'conditional'>('conditional', { args: exactly(3) }),
  'is-missing': node<'is-missing'>('is-missing', { operand: expr, negated: FLAG }),
  'in-list': node<'in-list'>('in-list', { operand: expr, elements: listOf(ref('literal')) }),
  lookup: node<'lookup'>('lookup', {
    operand: expr,
    entries: listOf(objectOf<Lookup['entries'][number]>({ key: ref('literal'), value: TEXT }, {})),
  }),
  matches: node<'matches'>('matches', { operand: expr, pattern: TEXT }),
  with: node<'with'>('with', {
    operand: expr,
    fields: listOf(objectOf<With['fields'][number]>({ name: TEXT, value: expr }, {})),
  }),
  predict: node<'predict'>('predict', { model: TEXT, operand: expr }),
  term: node<'term'>('term', { index: COUNT }),
  reduce: node<'reduce'>('reduce', {
    op: oneOfTexts<Reduce['op']>({ min: true, max: true, ratio: true, gap: true }),
    args: listOf(expr),
  }),
  comparison: node<'comparison'>('comparison', { index: COUNT }),
  'verdict-of': node<'verdict-of'>('verdict-of', {
    clause: TEXT,
    is: oneOfTexts<VerdictOf['is']>({ violated: true, satisfied: true, undecided: true }),
  }),
  dispatch: node<'dispatch'>('dispatch', {
    syntax: oneOfTexts<Dispatch['syntax']>({ operator: true, global: true, method: true }),
    name: TEXT,
    args: listOf(expr),
  }),
  list: node<'list'>('list', { args: listOf(expr) }, { optional: listOf(COUNT) }),
  map: node<'map'>('map', { keys: listOf(expr), args: listOf(expr) }, { optional: listOf(COUNT) }),
  comprehension: node<'comprehension'>(
    'comprehension',
    {
      op: oneOfTexts<ComprehensionOp>({
        all: true,
        exists: true,
        'exists-one': true,
        list: true,
        map: true,
        entries: true,
        'sort-by': true,
      }),
      range: expr,
      variables: { type: 'array', items: TEXT, minItems: 1, maxItems: 2 },
      body: expr,
    },
    { where: expr },
  ),
  bind: node<'bind'>('bind', { name: TEXT, value: expr, body: expr }),
  'optional-map': node<'optional-map'>('optional-map', {
    op: oneOfTexts<OptionalMap['op']>({ map: true, 'flat-map': true, or: true, 'or-value': true }),
    name: TEXT,
    operand: expr,
    body: expr,
  }),
}

type TypeCase<K extends Type['kind']> = Omit<Extract<Type, { readonly kind: K }>, 'kind'>
const typeOf = <K extends Type['kind']>(
  kind: K,
  required: Members<TypeCase<K>>,
  optional: OptionalMembers<TypeCase<K>>,
): JsonSchema => caseOf('kind', kind, required, optional)
const category = { category: TRUE }
const types: { readonly [K in Type['kind']]: JsonSchema } = {
  bool: typeOf<'bool'>('bool', {}, category),
  int: typeOf<'int'>('int', {}, category),
  double: typeOf<'double'>('double', {}, {}),
  string: typeOf<'string'>('string', {}, category),
  timestamp: typeOf<'timestamp'>('timestamp', {}, {}),
  duration: typeOf<'duration'>('duration', {}, {}),
  null: typeOf<'null'>('null', {}, {}),
  uint: typeOf<'uint'>('uint', {}, {}),
  bytes: typeOf<'bytes'>('bytes', {}, {}),
  image: typeOf<'image'>('image', {}, {}),
  dyn: typeOf<'dyn'>('dyn', {}, {}),
  list: typeOf<'list'>('list', { element: ref('type') }, {}),
  map: typeOf<'map'>('map', { key: ref('type'), value: ref('type') }, {}),
  optional: typeOf<'optional'>('optional', { of: ref('type') }, {}),
  type: typeOf<'type'>('type', { of: ref('type') }, {}),
  param: typeOf<'param'>('param', { name: TEXT }, {}),
  record: typeOf<'record'>('record', { of: TEXT, fields: mapOf(ref('type')) }, {}),
}

const { literal, ...others } = nodes

/** The typed tree of expressions, its types, and the names of functions. */
export const expressionDefinitions: JsonSchema = {
  type: { oneOf: Object.values(types) },
  literal,
  expr: { oneOf: [ref('literal'), ...Object.values(others)] },
  aggregate: { enum: Object.keys(aggregates) },
}
