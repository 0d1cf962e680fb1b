import { COUNT, FLAG, type JsonSchema, listOf, mapOf, ref, TEXT } from '../evidence/json-schema.ts'
import type { Expr } from '../expr/expr.ts'
import { aggregates } from '../expr/functions/aggregates.ts'
import { rowFunctions } from '../expr/functions/row-functions.ts'
import type { Type } from '../expr/type.ts'

const tagged =
  (tag: string) =>
  (name: string, members: JsonSchema, optional: JsonSchema = {}): JsonSchema => ({
    type: 'object',
    properties: { [tag]: { const: name }, ...members, ...optional },
    required: [tag, ...Object.keys(members)],
    additionalProperties: false,
  })

/** One case of a union told apart by `kind`. */
export const kinds = tagged('kind')

/** One node of the typed tree; every node has a type, and a place while it belongs to a text. */
function node(name: Expr['node'], members: JsonSchema): JsonSchema {
  const at = { type: 'array', items: COUNT, minItems: 2, maxItems: 2 }
  return tagged('node')(name, { type: ref('type'), ...members }, { at })
}

const expr = ref('expr')
const exactly = (n: number): JsonSchema => ({ type: 'array', items: expr, minItems: n, maxItems: n })
const logic = (name: 'and' | 'or'): JsonSchema => node(name, { args: exactly(2) })

/** Every node of the tree; a node added to `Expr` fails to type-check here until it has its schema. */
const nodes: { readonly [K in Expr['node']]: JsonSchema } = {
  literal: node('literal', { value: { type: ['boolean', 'number', 'string', 'null'] } }),
  column: node('column', { name: TEXT }),
  local: node('local', { name: TEXT }),
  field: node('field', { operand: expr, name: TEXT }),
  call: node('call', { fn: { enum: Object.keys(rowFunctions) }, args: listOf(expr) }),
  and: logic('and'),
  or: logic('or'),
  conditional: node('conditional', { args: exactly(3) }),
  'is-missing': node('is-missing', { operand: expr, negated: FLAG }),
  'in-list': node('in-list', { operand: expr, elements: listOf(ref('literal')) }),
  lookup: node('lookup', {
    operand: expr,
    entries: listOf({
      type: 'object',
      properties: { key: ref('literal'), value: TEXT },
      required: ['key', 'value'],
      additionalProperties: false,
    }),
  }),
  matches: node('matches', { operand: expr, pattern: TEXT }),
  with: node('with', {
    operand: expr,
    fields: listOf({
      type: 'object',
      properties: { name: TEXT, value: expr },
      required: ['name', 'value'],
      additionalProperties: false,
    }),
  }),
  predict: node('predict', { model: TEXT, operand: expr }),
  term: node('term', { index: COUNT }),
  reduce: node('reduce', { op: { enum: ['min', 'max', 'ratio', 'gap'] }, args: listOf(expr) }),
  comparison: node('comparison', { index: COUNT }),
  'verdict-of': node('verdict-of', { clause: TEXT, is: { enum: ['violated', 'satisfied', 'undecided'] } }),
}

const category = { category: { const: true } }
const types: { readonly [K in Type['kind']]: JsonSchema } = {
  bool: kinds('bool', {}, category),
  int: kinds('int', {}, category),
  double: kinds('double', {}),
  string: kinds('string', {}, category),
  timestamp: kinds('timestamp', {}),
  duration: kinds('duration', {}),
  null: kinds('null', {}),
  list: kinds('list', { element: ref('type') }),
  record: kinds('record', { of: TEXT, fields: mapOf(ref('type')) }),
}

const { literal, ...others } = nodes

/** The typed tree of expressions, its types, and the names of functions. */
export const expressionDefinitions: JsonSchema = {
  type: { oneOf: Object.values(types) },
  literal,
  expr: { oneOf: [ref('literal'), ...Object.values(others)] },
  aggregate: { enum: Object.keys(aggregates) },
}
