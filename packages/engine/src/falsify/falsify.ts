import type { EngineFailure } from '../models/outcome.ts'
import { type UpperBound, zeroViolationBound } from './bound.ts'
import { type Input, type Point, type Variable, spaceOf } from './domain.ts'
import { type Evaluate, createEvaluator } from './evaluate.ts'
import type { Random } from './random.ts'
import { type SearchPhase, search } from './search.ts'
import { differences, shrink } from './shrink.ts'

/** What to search for a violation of. */
export interface FalsifyProblem {
  readonly variables: readonly Variable[]
  readonly evaluate: Evaluate
  readonly random: Random
  /** Candidates to evaluate at most, discarded ones included; shrinking comes on top. */
  readonly budget: number
  /** Candidates per call of `evaluate` (default 256). */
  readonly batchSize?: number | undefined
  /** Confidence of the upper bound (default 0.95). */
  readonly level?: number | undefined
  readonly signal?: AbortSignal | undefined
}

interface Counts {
  /** Candidates decided, not counting shrinking. */
  readonly tried: number
  /** Candidates outside the quantifier. */
  readonly discarded: number
  /** Of `tried`, those drawn independently and uniformly from the domain. */
  readonly iidTried: number
}

/** The end of a search. */
export type FalsifyResult =
  | (Counts & {
      readonly kind: 'counterexample'
      readonly input: Input
      readonly margin: number | undefined
      readonly shrunkFrom: Input
      /** What it was shrunk towards: an actual row, or the simplest values. */
      readonly reference: Input
      /** `x.age`: where it differs from the reference. */
      readonly differs: readonly string[]
      readonly shrinkSteps: number
      readonly shrinkTried: number
      /** No single value can go back to the reference without losing the violation. */
      readonly minimal: boolean
      readonly phase: SearchPhase
    })
  | (Counts & {
      readonly kind: 'none'
      /** Every point of the (finite) domain was tried. */
      readonly exhausted: boolean
      /** Bound on the violation probability under the uniform measure on the domain, given the assumption. */
      readonly upperBound: UpperBound | undefined
    })
  | (Counts & { readonly kind: 'interrupted' })
  | (Counts & { readonly kind: 'error'; readonly error: EngineFailure })

/**
 * Searches a domain for an input on which a condition is violated, and shrinks the first one found. Model-agnostic:
 * `evaluate` runs whatever is to be tested. The same seed and the same evaluations give the same result.
 */
export async function falsify(problem: FalsifyProblem): Promise<FalsifyResult> {
  const space = spaceOf(problem.variables)
  if (typeof space === 'string') {
    const error: EngineFailure = { code: 'engine/falsify-domain', message: `The domain cannot be searched: ${space}.` }
    return { kind: 'error', tried: 0, discarded: 0, iidTried: 0, error }
  }
  const batch = problem.batchSize ?? 256
  const evaluator = createEvaluator(space, problem.evaluate, problem.budget, batch, problem.signal)
  const outcome = await search(space, evaluator, problem.random)
  const counts: Counts = { tried: evaluator.tried(), discarded: evaluator.discarded(), iidTried: outcome.iidTried }
  const stop = outcome.stop
  if (stop === undefined) {
    const upperBound = zeroViolationBound(outcome.iidTried, problem.level ?? 0.95, 'uniform')
    return { kind: 'none', ...counts, exhausted: outcome.exhausted, upperBound }
  }
  if (stop.kind === 'interrupted') return { kind: 'interrupted', ...counts }
  if (stop.kind === 'error') return { kind: 'error', ...counts, error: stop.error }
  const replay = async (points: readonly Point[]) => {
    if (problem.signal?.aborted === true) return undefined
    const results = await problem.evaluate(points.map(space.toInput))
    return results.ok ? results.value : undefined
  }
  const shrunk = await shrink(space, stop.found.point, stop.found.margin, replay)
  return {
    kind: 'counterexample',
    ...counts,
    input: space.toInput(shrunk.point),
    margin: shrunk.margin,
    shrunkFrom: space.toInput(stop.found.point),
    reference: space.toInput(shrunk.reference),
    differs: differences(shrunk.point, shrunk.reference).map((i) => {
      const coordinate = space.coordinates[i]
      const variable = coordinate?.variable ?? ''
      return coordinate?.column === undefined ? variable : `${variable}.${coordinate.column}`
    }),
    shrinkSteps: shrunk.steps,
    shrinkTried: shrunk.tried,
    minimal: shrunk.minimal,
    phase: outcome.phase,
  }
}
