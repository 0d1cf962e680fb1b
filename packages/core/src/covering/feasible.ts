import { type Condition, type CoveringModel, FREE } from './model.ts'

/** What the conditions of a model allow. */
export interface Feasibility {
  /** Whether any condition speaks of the factor. */
  readonly bound: readonly boolean[]
  /** Whether all conditions hold that speak of the factor and whose factors are all chosen. */
  fits(row: Int16Array, factor: number): boolean
  /**
   * The row with its free cells chosen so that all conditions hold; undefined where there is no such row, 'undecided'
   * where none was found within the limit of steps. Free cells that no condition speaks of stay free.
   */
  complete(row: Int16Array): Int16Array | undefined | 'undecided'
}

/** Steps of one search for a complete row. */
const MOST_STEPS = 100_000
/** Answers of a condition that are remembered. */
const MOST_ANSWERS = 1 << 20

/** Knows the conditions of a model; each is asked once for each combination of its factors' values. */
export function feasibilityOf({ levels, conditions = [] }: CoveringModel): Feasibility {
  const asked = conditions.map((each) => remembered(each, levels))
  const about = levels.map((_, factor) => conditions.flatMap(({ factors }, i) => (factors.includes(factor) ? [i] : [])))
  const fits = (row: Int16Array, factor: number): boolean =>
    (about[factor] ?? []).every((i) => asked[i]?.(row) !== false)

  const complete = (row: Int16Array): Int16Array | undefined | 'undecided' => {
    const done = row.slice()
    for (const [i] of conditions.entries()) if (asked[i]?.(done) === false) return undefined
    let steps = 0
    const search = (): boolean | 'undecided' => {
      const factor = nextFactor(done)
      if (factor === undefined) return true
      for (let value = 0; value < (levels[factor] ?? 0); value++) {
        if (++steps > MOST_STEPS) return 'undecided'
        done[factor] = value
        if (!fits(done, factor)) continue
        const found = search()
        if (found !== false) return found
      }
      done[factor] = FREE
      return false
    }
    const found = search()
    return found === true ? done : found === false ? undefined : 'undecided'
  }

  /** A free factor of the condition that has the fewest left: what can fail soonest is chosen first. */
  const nextFactor = (row: Int16Array): number | undefined => {
    let least = Number.POSITIVE_INFINITY
    let chosen: number | undefined
    for (const { factors } of conditions) {
      const free = factors.filter((each) => row[each] === FREE)
      if (free.length === 0 || free.length >= least) continue
      least = free.length
      chosen = free[0]
    }
    return chosen
  }

  return { bound: about.map((each) => each.length > 0), fits, complete }
}

/** A condition asked of a row: undefined while one of its factors is free. */
function remembered(
  { factors, allows }: Condition,
  levels: readonly number[],
): (row: Int16Array) => boolean | undefined {
  const size = factors.reduce((product, factor) => product * (levels[factor] ?? 1), 1)
  const answers = size <= MOST_ANSWERS ? new Int8Array(size) : undefined
  return (row) => {
    let index = 0
    for (const factor of factors) {
      const value = row[factor] as number
      if (value === FREE) return undefined
      index = index * (levels[factor] ?? 1) + value
    }
    const known = answers?.[index] ?? 0
    if (known !== 0) return known > 0
    const answer = allows(factors.map((factor) => row[factor] as number))
    if (answers !== undefined) answers[index] = answer ? 1 : -1
    return answer
  }
}
