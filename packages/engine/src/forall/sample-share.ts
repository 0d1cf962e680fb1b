import { spaceOf, type Variable } from '../falsify/domain.ts'
import { uniformPoint } from '../falsify/draw.ts'
import type { Evaluate } from '../falsify/evaluate.ts'
import type { Random } from '../falsify/random.ts'
import { failure, type Outcome, success } from '../models/outcome.ts'

/** What is drawn from. */
export interface SampleRequest {
  readonly variables: readonly Variable[]
  readonly evaluate: Evaluate
  readonly random: Random
  /** Independent draws, discarded ones included. */
  readonly draws: number
  readonly signal?: AbortSignal | undefined
}

/** How often a condition held on independent, uniform draws. */
export interface SampledShare {
  readonly held: number
  readonly decided: number
  readonly discarded: number
}

const BATCH = 256

/** Draws inputs independently and uniformly (per column, or among given rows) and counts on how many the condition holds. */
export async function sampleShare(request: SampleRequest): Promise<Outcome<SampledShare>> {
  const { variables, evaluate, random, draws, signal } = request
  const space = spaceOf(variables)
  if (typeof space === 'string') return failure('engine/falsify-domain', `The domain cannot be sampled: ${space}.`)
  let held = 0
  let decided = 0
  for (let drawn = 0; drawn < draws; drawn += BATCH) {
    if (signal?.aborted === true) return failure('engine/interrupted', 'Interrupted.')
    const inputs = Array.from({ length: Math.min(BATCH, draws - drawn) }, () =>
      space.toInput(uniformPoint(space, random)),
    )
    const results = await evaluate(inputs)
    if (!results.ok) return results
    for (const result of results.value) {
      if (result.kind === 'discarded') continue
      decided++
      if (!result.violated) held++
    }
  }
  return success({ held, decided, discarded: draws - decided })
}
