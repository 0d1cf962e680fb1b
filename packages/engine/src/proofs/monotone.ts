import type { OnnxGraph } from './graph.ts'
import { type ProofMethod, type ProofQuery, type ProofResult, constantMethod, followColumn, refused } from './prove.ts'

/**
 * Proves that the output does not fall (`non-decreasing`) or does not rise (`non-increasing`) when the column grows and
 * all other columns stay, for every input of the domain, in the arithmetic of the runtime: each operator on the way is a
 * composition of correctly rounded operations and comparisons, each of which keeps or turns order. It holds for pairs of
 * rows evaluated by the same arithmetic (see the notes of the result): the engine's runner makes that so for all rows.
 * Everything it does not know is refused with the node; trainer metadata is never read.
 */
export function proveMonotone(
  graph: OnnxGraph,
  query: ProofQuery & { readonly direction: 'non-decreasing' | 'non-increasing' },
): ProofResult {
  const followed = followColumn(graph, query)
  if ('status' in followed) return followed
  const { cell, found } = followed
  const wanted = query.direction === 'non-decreasing' ? 'up' : 'down'
  if (cell.direction === 'constant') return proved(constantMethod(found))
  if (cell.direction === wanted) {
    if (found.uses.has('trees')) return proved('monotone-trees')
    return proved(found.uses.has('linear') ? 'linear-sign' : 'monotone-graph')
  }
  if (cell.direction === 'unknown') {
    return refused(cell.loss?.node ?? 'the output', cell.loss?.reason ?? 'its direction is not known')
  }
  return refused(
    'the output',
    `it is proved to be ${wanted === 'up' ? 'non-increasing' : 'non-decreasing'}, the opposite`,
  )

  function proved(method: ProofMethod): ProofResult {
    return { status: 'proved', method, notes: found.notes, nodes: found.nodes }
  }
}
