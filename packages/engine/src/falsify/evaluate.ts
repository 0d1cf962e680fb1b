import type { EngineFailure, Outcome } from '../models/outcome.ts'
import type { Input, Point, Space } from './domain.ts'

/**
 * What became of one candidate: outside the quantifier (an assumption is false, or it leaves the domain), or decided.
 * `margin` > 0 on the allowed side guides the search where it is known; `violated` alone decides.
 */
export type Evaluation =
  | { readonly kind: 'discarded' }
  | { readonly kind: 'decided'; readonly violated: boolean; readonly margin?: number | undefined }

/** Decides a batch of candidates, in order, on the real runtime. A failure ends the search. */
export type Evaluate = (inputs: readonly Input[]) => Promise<Outcome<readonly Evaluation[]>>

/** A decided candidate. */
export interface Scored {
  readonly point: Point
  readonly violated: boolean
  readonly margin: number | undefined
}

/** Why a search stops before its budget. */
export type Stop =
  | { readonly kind: 'violated'; readonly found: Scored }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'error'; readonly error: EngineFailure }

/** Counts and runs evaluations; the first violation stops it. */
export interface Evaluator {
  /** Evaluates in batches until done, out of budget or stopped; returns the decided points. */
  readonly run: (
    points: Iterable<Point>,
  ) => Promise<{ readonly decided: readonly Scored[]; readonly stop: Stop | undefined }>
  readonly left: () => number
  readonly tried: () => number
  readonly discarded: () => number
}

/** Makes an evaluator with a budget of `budget` candidates (discarded ones included). */
export function createEvaluator(
  space: Space,
  evaluate: Evaluate,
  budget: number,
  batchSize: number,
  signal: AbortSignal | undefined,
): Evaluator {
  let tried = 0
  let discarded = 0
  const runBatch = async (batch: readonly Point[], decided: Scored[]): Promise<Stop | undefined> => {
    if (signal?.aborted === true) return { kind: 'interrupted' }
    const results = await evaluate(batch.map(space.toInput))
    if (!results.ok) return { kind: 'error', error: results.error }
    for (const [i, point] of batch.entries()) {
      const result = results.value[i]
      if (result === undefined) {
        return {
          kind: 'error',
          error: { code: 'engine/falsify-short-answer', message: 'Fewer evaluations than candidates came back.' },
        }
      }
      if (result.kind === 'discarded') {
        discarded++
        continue
      }
      tried++
      const scored = { point, violated: result.violated, margin: result.margin }
      if (result.violated) return { kind: 'violated', found: scored }
      decided.push(scored)
    }
    return undefined
  }
  const left = (): number => budget - tried - discarded
  return {
    left,
    tried: () => tried,
    discarded: () => discarded,
    run: async (points) => {
      const decided: Scored[] = []
      let batch: Point[] = []
      for (const point of points) {
        if (batch.length >= left()) break
        batch.push(point)
        if (batch.length < batchSize) continue
        const stop = await runBatch(batch, decided)
        if (stop !== undefined) return { decided, stop }
        batch = []
      }
      const stop = batch.length === 0 ? undefined : await runBatch(batch, decided)
      return { decided, stop: stop ?? (signal?.aborted === true ? { kind: 'interrupted' } : undefined) }
    },
  }
}
