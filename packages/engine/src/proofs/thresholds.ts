import { bindInputs } from '../models/input-binding.ts'
import type { OnnxGraph } from './graph.ts'
import { interpretAll } from './interpret.ts'
import { type TreeNode, readEnsemble } from './tree-ensemble.ts'

/**
 * The thresholds at which the trees of a model split each input column, sorted, without duplicates: where a search should
 * look. Only splits on an unchanged copy of a column are found (casts and joins are followed, scalers are not). Columns
 * without any are absent; a model whose inputs do not match gives an empty map.
 */
export function splitThresholds(graph: OnnxGraph, columns: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, Set<number>>()
  const binding = bindInputs(graph.signature, columns)
  if (!binding.ok) return new Map()
  const values = interpretAll(
    graph,
    binding.value,
    columns.map((name) => ({ name })),
  )
  for (const node of graph.nodes) {
    if (node.op !== 'TreeEnsembleRegressor' && node.op !== 'TreeEnsembleClassifier') continue
    const input = values.get(node.inputs[0] ?? '')
    const ensemble = readEnsemble(node)
    if (input?.kind !== 'rows' || !ensemble.ok) continue
    const visit = (tree: TreeNode): void => {
      if (tree.kind === 'leaf') return
      const column = input.cells[tree.feature]?.source
      if (column !== undefined) found.set(column, (found.get(column) ?? new Set()).add(tree.threshold))
      visit(tree.yes)
      visit(tree.no)
    }
    for (const tree of ensemble.value.trees) visit(tree)
  }
  return new Map([...found].map(([column, set]) => [column, [...set].sort((a, b) => a - b)]))
}
