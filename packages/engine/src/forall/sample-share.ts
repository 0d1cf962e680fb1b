import { type Point, type Space, spaceOf, type Variable } from '../falsify/domain.ts'
import { uniformPoint } from '../falsify/draw.ts'
import type { Evaluate, Evaluation } from '../falsify/evaluate.ts'
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
  const decide = space.size <= draws ? onceEach(space, evaluate) : everyTime(space, evaluate)
  let held = 0
  let decided = 0
  for (let drawn = 0; drawn < draws; drawn += BATCH) {
    if (signal?.aborted === true) return failure('engine/interrupted', 'Interrupted.')
    const points = Array.from({ length: Math.min(BATCH, draws - drawn) }, () => uniformPoint(space, random))
    const results = await decide(points)
    if (!results.ok) return results
    for (const result of results.value) {
      if (result.kind === 'discarded') continue
      decided++
      if (!result.violated) held++
    }
  }
  return success({ held, decided, discarded: draws - decided })
}

type Decide = (points: readonly Point[]) => ReturnType<Evaluate>

const everyTime =
  (space: Space, evaluate: Evaluate): Decide =>
  (points) =>
    evaluate(points.map(space.toInput))

/** Ten thousand draws among some hundred rows meet each of them many times: what became of it then is what becomes of it again. */
function onceEach(space: Space, evaluate: Evaluate): Decide {
  const known = new Map<string, Evaluation>()
  return async (points) => {
    const keys = points.map(keyOf)
    const open = new Map(points.flatMap((point, i) => (known.has(keys[i] ?? '') ? [] : [[keys[i] ?? '', point]])))
    if (open.size > 0) {
      const results = await evaluate([...open.values()].map(space.toInput))
      if (!results.ok) return results
      for (const [i, key] of [...open.keys()].entries()) known.set(key, results.value[i] ?? { kind: 'discarded' })
    }
    return success(keys.map((key) => known.get(key) ?? { kind: 'discarded' }))
  }
}

/** Listed values of a column are of one type, so a whole number and the text that spells it never meet. */
const keyOf = (point: Point): string =>
  JSON.stringify(point, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each))
