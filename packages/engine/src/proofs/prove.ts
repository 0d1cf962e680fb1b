import { bindInputs } from '../models/input-binding.ts'
import { type OutputRequest, bindOutput } from '../models/output-binding.ts'
import type { Cell } from './abstract.ts'
import type { OnnxGraph } from './graph.ts'
import { type Interpretation, type ProofColumn, interpret } from './interpret.ts'

/** How a proof was made. */
export type ProofMethod = 'monotone-trees' | 'linear-sign' | 'monotone-graph' | 'no-split' | 'zero-weight' | 'no-path'

/** A proof, or the node and the reason why there is none. Refused never means false. */
export type ProofResult =
  | {
      readonly status: 'proved'
      readonly method: ProofMethod
      /** What the proof assumes beyond IEEE 754 arithmetic. */
      readonly notes: readonly string[]
      /** The nodes it went through, in the order of the file. */
      readonly nodes: readonly string[]
    }
  | { readonly status: 'refused'; readonly node: string; readonly reason: string }

/** What is asked: `columns` are all inputs in the order of the spec, `column` is the one that changes. */
export interface ProofQuery {
  readonly columns: readonly ProofColumn[]
  readonly column: string
  readonly output: OutputRequest
}

/** What is known of the output when the column grows, or the refusal. Shared by all proofs. */
export function followColumn(
  graph: OnnxGraph,
  query: ProofQuery,
):
  | { readonly kind: 'found'; readonly cell: Cell; readonly found: Interpretation }
  | (ProofResult & { readonly status: 'refused' }) {
  const names = query.columns.map((column) => column.name)
  if (!names.includes(query.column)) return refused('the inputs', `"${query.column}" is not an input of the model`)
  const inverted = query.columns.find(
    (c) => Number.isNaN(c.low) || Number.isNaN(c.high) || (c.low ?? -Infinity) > (c.high ?? Infinity),
  )
  if (inverted !== undefined) return refused('the inputs', `the range of "${inverted.name}" is empty`)
  const binding = bindInputs(graph.signature, names)
  if (!binding.ok) return refused('the inputs', binding.error.message)
  const output = bindOutput(graph.signature, query.output)
  if (!output.ok) return refused('the outputs', output.error.message)
  const found = interpret(graph, binding.value, query.columns, query.column, output.value.tensor)
  const value = found.value
  if (value.kind === 'opaque') return refused(value.loss.node, value.loss.reason)
  if (value.kind === 'constant') return refused(output.value.tensor, 'the output is a constant of the file')
  const cell = value.shape.length <= 1 ? value.cells[output.value.index] : undefined
  if (cell === undefined) return refused(output.value.tensor, `the output has no column ${output.value.index}`)
  if (value.cells.length > 1 && !output.value.indexed) {
    return refused(output.value.tensor, `the output has ${value.cells.length} columns: say which by "index"`)
  }
  if (value.type === 'string') return refused(output.value.tensor, 'the output is text')
  if (cell.nan !== undefined) return refused(cell.nan.node, `the output may be NaN: ${cell.nan.reason}`)
  return { kind: 'found', cell, found }
}

/** A refusal. */
export function refused(node: string, reason: string): ProofResult & { readonly status: 'refused' } {
  return { status: 'refused', node, reason }
}

/** Why nothing changes: no path, a tree that never splits on the column, or a weight of exactly zero. */
export function constantMethod(found: Interpretation): ProofMethod {
  if (found.uses.has('no-split')) return 'no-split'
  return found.uses.has('zero-weight') ? 'zero-weight' : 'no-path'
}
