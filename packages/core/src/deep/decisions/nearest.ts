import { createRandom } from '../../stats/prng.ts'
import type { World } from './world.ts'

/** Decisions drawn before steps are taken from the best of them. */
const DRAWN = 3_000
/** From how many of them. */
const STARTS = 12
/** Steps tried at one size before it is halved, and the size at which the search ends. */
const STEPS = 24
const SMALLEST = 1e-8
/** Searches that are given up are no reason to wait. */
const MOST_TRIES = 60_000

/** How much a search may cost. */
export interface Effort {
  readonly drawn: number
  readonly starts: number
}

export const THOROUGH: Effort = { drawn: DRAWN, starts: STARTS }
/** To find an example where there is room for one. */
export const HASTY: Effort = { drawn: 1_000, starts: 3 }

/**
 * The least that a measure of the decision in place was found to be, with the numbers at which. Random search with steps that shrink
 * (Rastrigin, "The convergence of the random search method", 1963) from several starts: the measure has kinks, and more than one valley. It
 * ends where `isEnough`. Seeded: the same question has the same answer.
 */
export function nearestDecision(
  world: World,
  measure: () => number,
  { drawn, starts }: Effort,
  isEnough: (value: number) => boolean = () => false,
): { readonly value: number; readonly at: Float64Array } {
  const random = createRandom('plumbline', 'decisions')
  const { size, parts } = world
  const each = size / parts
  const valueAt = (at: Float64Array): number => {
    world.place(at)
    return measure()
  }
  const found: { value: number; at: Float64Array }[] = []
  for (let i = 0; i < drawn; i++) {
    const at = new Float64Array(size)
    // Ends are as good as what lies between, and parts that are alike are asked for often.
    for (let k = 0; k < size; k++) at[k] = random.int(4) === 0 ? random.int(2) : random.float()
    if (i % 3 === 0) for (let k = each; k < size; k++) at[k] = at[k % each] as number
    const value = valueAt(at)
    if (isEnough(value)) return { value, at }
    found.push({ value, at })
  }
  found.sort((a, b) => a.value - b.value)
  let best = found[0] as { value: number; at: Float64Array }
  let tries = 0
  for (const start of found.slice(0, starts)) {
    let { value, at } = start
    for (let step = 0.25; step > SMALLEST && tries < MOST_TRIES; ) {
      let moved = false
      for (let i = 0; i < STEPS; i++) {
        tries++
        const some = 1 + random.int(size)
        const to = at.map((old) =>
          random.int(size) < some ? Math.min(1, Math.max(0, old + (2 * random.float() - 1) * step)) : old,
        )
        const next = valueAt(to)
        if (!(next < value)) continue
        value = next
        at = to
        moved = true
        if (isEnough(value)) return { value, at }
      }
      step = moved ? step * 1.2 : step / 2
    }
    if (value < best.value) best = { value, at }
  }
  return best
}
