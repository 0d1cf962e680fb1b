import { type AbstractValue, type Cell, type ConstantValue, type Loss, type RowsValue, opaque } from './abstract.ts'
import type { AttributeValue, GraphNode } from './graph.ts'

/** What a rule may read of the call it interprets, and where it leaves what the proof rests on. */
export interface RuleContext {
  readonly node: GraphNode
  /** Version of the operator set of the node's domain. */
  readonly opset: number
  /** Records an assumption that the proof now rests on. */
  readonly note: (assumption: string) => void
  /** Records which kind of argument carried the tracked column: `trees`, `linear`, `no-split`, `zero-weight`. */
  readonly uses: (argument: string) => void
}

/** The sound meaning of one operator: what is known of its inputs → what is known of its outputs. */
export type Rule = (
  inputs: readonly (AbstractValue | undefined)[],
  context: RuleContext,
) => AbstractValue | readonly AbstractValue[]

/** Rules by operator name, one table per domain. */
export type RuleTable = Readonly<Record<string, Rule>>

/** Stops the proof at this node, for this reason. */
export function stop(context: RuleContext, reason: string): AbstractValue {
  return opaque(context.node.label, reason)
}

/** The place and the reason, for a cell whose direction is lost here. */
export function lossAt(context: RuleContext, reason: string): Loss {
  return { node: context.node.label, reason }
}

/** A value of rows, or undefined. */
export function asRows(value: AbstractValue | undefined): RowsValue | undefined {
  return value?.kind === 'rows' ? value : undefined
}

/** A constant value, or undefined. */
export function asConstant(value: AbstractValue | undefined): ConstantValue | undefined {
  return value?.kind === 'constant' ? value : undefined
}

/** Applies `change` to every cell of a value of rows; the shape stays. */
export function mapCells(value: RowsValue, change: (cell: Cell, index: number) => Cell, type = value.type): RowsValue {
  return { kind: 'rows', type, shape: value.shape, cells: value.cells.map(change) }
}

/** An integer attribute, or `otherwise`; undefined if the attribute has another type. */
export function intAttribute(node: GraphNode, name: string, otherwise: number): number | undefined {
  const found = node.attributes.get(name)
  return found === undefined ? otherwise : found.kind === 'int' ? Number(found.value) : undefined
}

/** A float attribute, or `otherwise`; undefined if the attribute has another type. */
export function floatAttribute(node: GraphNode, name: string, otherwise: number): number | undefined {
  const found = node.attributes.get(name)
  return found === undefined ? otherwise : found.kind === 'float' ? found.value : undefined
}

/** A string attribute, or `otherwise`; undefined if the attribute has another type. */
export function stringAttribute(node: GraphNode, name: string, otherwise: string): string | undefined {
  const found = node.attributes.get(name)
  return found === undefined ? otherwise : found.kind === 'string' ? found.value : undefined
}

/** The numbers of a `floats` or `ints` attribute; undefined if absent or of another type. */
export function numbersOf(attribute: AttributeValue | undefined): readonly number[] | undefined {
  if (attribute?.kind === 'floats') return attribute.value
  if (attribute?.kind === 'ints') return attribute.value.map(Number)
  return undefined
}
