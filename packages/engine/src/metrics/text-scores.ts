import { type AggregateName, stats } from '@plumbline/core'
import type { Cell } from '../duckdb/session.ts'

const SCORES: Partial<Record<AggregateName, stats.TextScore>> = {
  exact_match: stats.exactMatch,
  token_f1: stats.tokenF1,
  rouge_1: stats.rougeN(1),
  rouge_2: stats.rougeN(2),
  rouge_l: stats.rougeL,
}

/** How like each text is to its reference; NaN where one is missing. */
export function textScores(fn: AggregateName, references: readonly Cell[], answers: readonly Cell[]): Float64Array {
  const score = SCORES[fn]
  if (score === undefined) throw new Error(`${fn} is not a metric of texts.`)
  return Float64Array.from(references, (reference, row) => {
    const answer = answers[row]
    return typeof reference === 'string' && typeof answer === 'string' ? score(reference, answer) : Number.NaN
  })
}
