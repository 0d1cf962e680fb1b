import type { OnnxGraph } from './graph.ts'
import { type ProofQuery, type ProofResult, constantMethod, followColumn, refused } from './prove.ts'

/**
 * Proves that the output does not depend on the column: no path leads from it to the output (column by column, through
 * concatenations), or every path ends in trees that never split on it or in weights of exactly zero (finite values only:
 * the domain must bound them). A decision computed from the output alone is then independent as well.
 */
export function proveIndependent(graph: OnnxGraph, query: ProofQuery): ProofResult {
  const followed = followColumn(graph, query)
  if ('status' in followed) return followed
  const { cell, found } = followed
  if (cell.direction === 'constant') {
    return { status: 'proved', method: constantMethod(found), notes: found.notes, nodes: found.nodes }
  }
  if (cell.direction === 'unknown' && cell.loss !== undefined) {
    return refused(cell.loss.node, `the output may depend on "${query.column}": ${cell.loss.reason}`)
  }
  return refused(found.nodes.at(-1) ?? 'the output', `the output depends on "${query.column}" (it is monotone in it)`)
}
