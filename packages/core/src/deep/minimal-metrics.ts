import type { Instance } from './instance.ts'
import { conflictOf, type Measuring } from './metric-question.ts'
import { type Asking, impatient } from './satisfiable.ts'

/** Questions about parts of a set that may stay open, before the parts that are left count as needed. */
const MOST_OPEN = 4

/**
 * Of instances that contradict one another (`core`, among all that were asked) those of which none can be left out, as far as that is
 * decided; tried in their order. What a clause on each row says of several numbers stays or goes together: a core may need another clause
 * beside one of them, and none beside all.
 */
export async function minimalInstances(
  measuring: Measuring,
  core: readonly Instance[],
  asked: readonly Instance[],
  asking: Asking,
): Promise<readonly Instance[]> {
  const hasty = impatient(asking, MOST_OPEN)
  const left = async (from: readonly Instance[], part: readonly Instance[]): Promise<readonly Instance[]> => {
    const without = from.filter((other) => !part.includes(other))
    if (without.length === from.length) return from
    const answer = await conflictOf(measuring, without, hasty)
    return typeof answer === 'string' ? from : answer
  }
  let minimal = core
  for (const part of partsOf(core, asked)) {
    const all = partsOf(minimal, asked).flat()
    const fewer = await left(all, part)
    if (fewer !== all) minimal = fewer
  }
  // Of what the clauses say that are left, some is enough.
  for (const each of minimal) if (each.given !== undefined) minimal = await left(minimal, [each])
  return minimal
}

/** Each instance of `must` clauses alone; of clauses on each row all that were asked. */
function partsOf(core: readonly Instance[], asked: readonly Instance[]): readonly (readonly Instance[])[] {
  const parts = new Map<unknown, readonly Instance[]>()
  for (const each of core) {
    const { given } = each
    if (given === undefined) parts.set(each, [each])
    else if (!parts.has(given.by))
      parts.set(
        given.by,
        asked.filter((other) => other.given?.by === given.by),
      )
  }
  return [...parts.values()]
}
