import { type CellValue, type Point, type Space, spaceOf, type Variable } from '../falsify/domain.ts'
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

/** How often a condition held: on independent, uniform draws, or (`whole`) on every point there is. */
export interface SampledShare {
  readonly held: number
  readonly decided: number
  readonly discarded: number
  /** All points were decided, each once: the share is that of the measure itself, and no estimate of it. */
  readonly whole: boolean
}

const BATCH = 256

/**
 * Draws inputs independently and uniformly (per column, or among given rows) and counts on how many the condition holds. Where
 * there are no more points than draws, each of them is decided once instead: they are equally likely, so that their share is what draws would
 * estimate.
 */
export async function sampleShare(request: SampleRequest): Promise<Outcome<SampledShare>> {
  const { variables, evaluate, random, draws, signal } = request
  const space = spaceOf(variables)
  if (typeof space === 'string') return failure('engine/falsify-domain', `The domain cannot be sampled: ${space}.`)
  const listed = space.size <= draws ? listsOf(space) : undefined
  const count = listed === undefined ? draws : space.size
  const pointAt = (i: number): Point => (listed === undefined ? uniformPoint(space, random) : nthPoint(listed, i))
  let held = 0
  let decided = 0
  for (let from = 0; from < count; from += BATCH) {
    if (signal?.aborted === true) return failure('engine/interrupted', 'Interrupted.')
    const points = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => pointAt(from + i))
    const results = await evaluate(points.map(space.toInput))
    if (!results.ok) return results
    for (const result of results.value) {
      if (result.kind === 'discarded') continue
      decided++
      if (!result.violated) held++
    }
  }
  return success({ held, decided, discarded: count - decided, whole: listed !== undefined })
}

type Lists = readonly (readonly CellValue[])[]

/** What each coordinate may be; undefined where one is a range, whose ends and missing values are not as likely as the rest. */
function listsOf({ coordinates }: Space): Lists | undefined {
  const lists = coordinates.flatMap(({ values }) => (values === undefined ? [] : [values]))
  return lists.length === coordinates.length ? lists : undefined
}

/** The points in an order of their own: the number `n`, in digits of which each has as many values as its list. */
function nthPoint(lists: Lists, n: number): Point {
  let rest = n
  return lists.map((values) => {
    const value = values[rest % values.length] ?? null
    rest = Math.floor(rest / values.length)
    return value
  })
}
