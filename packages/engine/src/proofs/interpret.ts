import type { InputBinding } from '../models/input-binding.ts'
import type { ElementType } from '../models/signature.ts'
import { type AbstractValue, type Cell, constantCell, opaque, rows } from './abstract.ts'
import type { ConstantTensor, GraphNode, OnnxGraph } from './graph.ts'
import { ARITHMETIC_RULES } from './ops/arithmetic.ts'
import { ELEMENTWISE_ML_RULES, ELEMENTWISE_RULES } from './ops/elementwise.ts'
import { LINEAR_ML_RULES, LINEAR_RULES } from './ops/linear.ts'
import { ENCODER_RULES, STRUCTURAL_ML_RULES, STRUCTURAL_RULES } from './ops/structural.ts'
import { TREE_RULES } from './ops/trees.ts'
import type { Rule, RuleTable } from './rule.ts'

/** The domain of one input column: least and greatest value (both included) and whether cells may be missing. */
export interface ProofColumn {
  readonly name: string
  readonly low?: number | undefined
  readonly high?: number | undefined
  /** Cells may be missing (they reach the model as NaN). Default false: the proof assumes none is. */
  readonly optional?: boolean | undefined
}

/** What the interpreter found of one tensor, and what it rests on. */
export interface Interpretation {
  readonly value: AbstractValue
  /** Labels of the nodes on the way from the inputs to the tensor, in the order of the file. */
  readonly nodes: readonly string[]
  readonly notes: readonly string[]
  readonly uses: ReadonlySet<string>
}

const RULES: Readonly<Record<string, RuleTable>> = {
  '': { ...STRUCTURAL_RULES, ...ARITHMETIC_RULES, ...ELEMENTWISE_RULES, ...LINEAR_RULES },
  'ai.onnx.ml': {
    ...STRUCTURAL_ML_RULES,
    ...ENCODER_RULES,
    ...ELEMENTWISE_ML_RULES,
    ...LINEAR_ML_RULES,
    ...TREE_RULES,
  },
}

/**
 * Follows the columns through every node that `tensor` depends on. `tracked` is the column that grows; all others stay.
 * Nodes that `tensor` does not depend on are not looked at.
 */
export function interpret(
  graph: OnnxGraph,
  binding: InputBinding,
  columns: readonly ProofColumn[],
  tracked: string,
  tensor: string,
): Interpretation {
  const notes = new Set<string>()
  const uses = new Set<string>()
  const nodes = neededNodes(graph, tensor)
  const values = follow(graph, binding, columns, tracked, nodes, notes, uses)
  return {
    value: values.get(tensor) ?? opaque(tensor, 'nothing writes it'),
    nodes: nodes.map((node) => node.label),
    notes: [...notes],
    uses,
  }
}

/** Follows the columns, none of them growing, through the whole file: what is known of every tensor. */
export function interpretAll(
  graph: OnnxGraph,
  binding: InputBinding,
  columns: readonly ProofColumn[],
): ReadonlyMap<string, AbstractValue> {
  return follow(graph, binding, columns, undefined, graph.nodes, new Set(), new Set())
}

function follow(
  graph: OnnxGraph,
  binding: InputBinding,
  columns: readonly ProofColumn[],
  tracked: string | undefined,
  nodes: readonly GraphNode[],
  notes: Set<string>,
  uses: Set<string>,
): ReadonlyMap<string, AbstractValue> {
  const values = new Map<string, AbstractValue>()
  for (const [name, constant] of graph.constants) values.set(name, constantValue(constant, name))
  for (const [name, value] of inputValues(binding, columns, tracked)) values.set(name, value)
  for (const node of nodes) {
    const results = apply(node, values, graph, notes, uses)
    for (const [i, name] of node.outputs.entries()) {
      if (name !== '') values.set(name, results[i] ?? opaque(node.label, 'this output is not followed'))
    }
  }
  return values
}

function neededNodes(graph: OnnxGraph, tensor: string): readonly GraphNode[] {
  const needed = new Set<number>()
  const open = [tensor]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const writer = graph.writers.get(name)
    if (writer === undefined || needed.has(writer)) continue
    needed.add(writer)
    open.push(...(graph.nodes[writer]?.inputs ?? []))
  }
  return graph.nodes.filter((node) => needed.has(node.index))
}

function apply(
  node: GraphNode,
  values: ReadonlyMap<string, AbstractValue>,
  graph: OnnxGraph,
  notes: Set<string>,
  uses: Set<string>,
): readonly AbstractValue[] {
  const every = (value: AbstractValue): AbstractValue[] => node.outputs.map(() => value)
  const inputs = node.inputs.map((name) => (name === '' ? undefined : values.get(name)))
  const blind = inputs.find((input) => input?.kind === 'opaque')
  if (blind !== undefined) return every(blind)
  if (node.domain === '' && node.op === 'Constant') return every(constantNode(node))
  const rule = ruleFor(node)
  if (rule === undefined)
    return every(opaque(node.label, `the operator ${node.domain || 'ai.onnx'}.${node.op} is not known to the prover`))
  const unread = [...node.attributes].find(([, value]) => value.kind === 'unsupported')
  if (unread !== undefined) return every(opaque(node.label, `its attribute "${unread[0]}" holds ${unread[1].value}`))
  const context = {
    node,
    opset: graph.opsets.get(node.domain) ?? 0,
    note: (assumption: string) => void notes.add(assumption),
    uses: (argument: string) => void uses.add(argument),
  }
  const result = rule(inputs, context)
  return 'kind' in result ? [result] : result
}

/** What a Constant node holds: `value` is a tensor, the others are short forms. */
function constantNode(node: GraphNode): AbstractValue {
  const [name, held] = [...node.attributes][0] ?? ['', undefined]
  if (held?.kind === 'tensor' && name === 'value') return constantValue(held.value, node.label)
  if (held?.kind === 'float' || held?.kind === 'floats') {
    const values = [held.value].flat()
    return { kind: 'constant', type: 'float', dims: held.kind === 'float' ? [] : [values.length], values }
  }
  if (held?.kind === 'int' || held?.kind === 'ints') {
    const values = [held.value].flat()
    return constantValue({ type: 'int64', dims: held.kind === 'int' ? [] : [values.length], values }, node.label)
  }
  return opaque(node.label, 'it holds what the prover does not read')
}

function ruleFor(node: GraphNode): Rule | undefined {
  const table = RULES[node.domain]
  return table !== undefined && Object.hasOwn(table, node.op) ? table[node.op] : undefined
}

function constantValue(tensor: ConstantTensor, name: string): AbstractValue {
  if (tensor.type === undefined || tensor.type === 'string')
    return opaque(name, 'a constant has a type the prover does not read')
  const values = tensor.values.map(Number)
  if (tensor.values.some((value, i) => typeof value === 'bigint' && !Number.isSafeInteger(values[i]))) {
    return opaque(name, 'a constant integer exceeds 2^53')
  }
  return { kind: 'constant', type: tensor.type, dims: tensor.dims, values }
}

function inputValues(
  binding: InputBinding,
  columns: readonly ProofColumn[],
  tracked: string | undefined,
): readonly (readonly [string, AbstractValue])[] {
  const byName = new Map(columns.map((column) => [column.name, column]))
  const cell = (name: string, type: ElementType) => inputCell(byName.get(name) ?? { name }, type, name === tracked)
  if (binding.kind === 'matrix') {
    const cells = binding.columns.map((name) => cell(name, binding.type))
    return [[binding.tensor, rows(binding.type, [cells.length], cells)]]
  }
  return binding.inputs.map((input) => {
    return [input.tensor, rows(input.type, input.flat ? [] : [1], [cell(input.column, input.type)])] as const
  })
}

function inputCell(column: ProofColumn, type: ElementType, tracked: boolean): Cell {
  const bound = Math.max(Math.abs(column.low ?? -Infinity), Math.abs(column.high ?? Infinity))
  const limit = { float: Infinity, double: Infinity, int64: 2 ** 63, int32: 2 ** 31, bool: 1, string: Infinity }[type]
  const floating = type === 'float' || type === 'double'
  const missing = { node: `the column "${column.name}"`, reason: 'its cells may be missing' }
  return constantCell({
    direction: tracked ? 'up' : 'constant',
    // Feeding a float32 tensor rounds once; the bound is widened by that.
    magnitude: Math.min(limit, bound * (1 + 2 ** -23)),
    nan: floating && column.optional === true ? missing : undefined,
    single: type === 'float' || type === 'bool',
    source: column.name,
  })
}
