import { add, type Domain, emptyDomain, has, isOpen, meet, only, placesIn, sizeOf } from './domains.ts'
import type { Claim } from './formula.ts'
import { ANY, ERROR, FALSE, MISSING, TRUE } from './outcomes.ts'
import type { Meaning, World } from './world.ts'

/** Values of several variables that are looked at together to say what a predicate may come to. */
const MOST_COMBINATIONS = 400
const OUTCOMES = [TRUE, FALSE, MISSING, ERROR] as const

/** What a search found: values for all variables, or the places of the claims by which there are none. */
export type Searched =
  | { readonly kind: 'met'; readonly values: readonly number[] }
  | { readonly kind: 'unmet'; readonly by: ReadonlySet<number> }
  | undefined

/** What a predicate may come to where its variables have values of domains. */
type Reading = (domains: readonly Domain[]) => number

function readingOf({ variables, outcomes }: Meaning, sizes: readonly number[]): Reading {
  const [first] = variables
  if (variables.length === 1 && first !== undefined) {
    // One look for each outcome, at all values at once.
    const sets = OUTCOMES.map(() => emptyDomain(sizes[first] as number))
    for (let value = 0; value < (sizes[first] as number); value++) {
      const found = outcomes([value])
      for (const [i, outcome] of OUTCOMES.entries()) if ((found & outcome) !== 0) add(sets[i] as Domain, value)
    }
    return (domains) => {
      const domain = domains[first] as Domain
      let found = 0
      for (let i = 0; i < OUTCOMES.length; i++) if (meet(domain, sets[i] as Domain)) found |= OUTCOMES[i] as number
      return found
    }
  }
  return (domains) => {
    const places = variables.map((variable) => placesIn(domains[variable] as Domain))
    return places.reduce((size, { length }) => size * length, 1) > MOST_COMBINATIONS ? ANY : together(places, outcomes)
  }
}

/** All that a predicate comes to on values of its variables. */
function together(places: readonly (readonly number[])[], outcomes: Meaning['outcomes']): number {
  const values: number[] = []
  const go = (place: number): number => {
    const domain = places[place]
    if (domain === undefined) return outcomes(values)
    let found = 0
    for (const value of domain) {
      values[place] = value
      found |= go(place + 1)
      if (found === ANY) break
    }
    return found
  }
  return go(0)
}

/** A world with what a search needs of it, made once for many. */
export interface Prepared {
  readonly world: World
  readonly readings: readonly Reading[]
  /** All values of each variable, and each alone. */
  readonly whole: readonly Domain[]
  readonly singles: readonly (readonly Domain[])[]
}

/** A claim with the variables that its predicates read, made once for many questions. */
export interface Question {
  readonly claim: Claim
  readonly variables: readonly number[]
  /** Whether the first values of its variables meet it, once that was looked at. */
  isMetFirst?: boolean
}

export const questionOf = (claim: Claim, { meanings }: World): Question => ({
  claim,
  variables: [...new Set(claim.reads.flatMap((predicate) => meanings[predicate]?.variables ?? []))],
})

export function prepared(world: World): Prepared {
  const sizes = world.variables.map(({ values }) => values.length)
  const singles = sizes.map((size) => Array.from({ length: size }, (_, value) => only(value, size)))
  const whole = sizes.map((size) => {
    const domain = emptyDomain(size)
    for (let value = 0; value < size; value++) add(domain, value)
    return domain
  })
  return { world, readings: world.meanings.map((meaning) => readingOf(meaning, sizes)), whole, singles }
}

/**
 * Values with which all claims are met. It begins with the first value of each variable, which is mostly near: of a claim that they fail,
 * each value of a variable is tried, and what no claim can be met with any more is left out of the others (forward checking: Haralick and
 * Elliott 1980). `judgements`: how many times a claim may be judged before it gives up.
 */
export function searchValues(
  { world, readings, whole, singles }: Prepared,
  questions: readonly Question[],
  judgements: number,
): Searched {
  const { variables } = world
  let left = judgements
  const by = new Set<number>()
  const readers: number[][] = variables.map(() => [])
  for (const [i, { variables: own }] of questions.entries()) for (const variable of own) readers[variable]?.push(i)
  const judged = (question: number, domains: readonly Domain[]) => {
    left--
    return (questions[question] as Question).claim.judge((predicate) => (readings[predicate] as Reading)(domains))
  }
  const variablesOf = (question: number): readonly number[] => (questions[question] as Question).variables
  const firstOf = (variable: number): number => variables[variable]?.first ?? 0

  /** Leaves out the values with which a claim cannot be met, and so on; false: none is left. */
  const narrow = (domains: Domain[], due: readonly number[]): boolean => {
    const waiting = new Set(due)
    for (const question of waiting) {
      waiting.delete(question)
      if (left <= 0) return false
      const { met, failed } = judged(question, domains)
      if (!met) by.add(question)
      if (!met) return false
      if (!failed) continue
      const open = variablesOf(question).filter((variable) => isOpen(domains[variable] as Domain))
      // With more that are open, hardly a value of one cannot be met with some values of the others.
      if (open.length > 2) continue
      for (const variable of open) {
        const domain = domains[variable] as Domain
        const places = placesIn(domain)
        const fit: Domain = new Uint32Array(domain.length)
        let kept = 0
        for (const value of places) {
          domains[variable] = singles[variable]?.[value] as Domain
          if (!judged(question, domains).met) continue
          add(fit, value)
          kept++
        }
        domains[variable] = kept === places.length ? domain : fit
        if (kept === places.length) continue
        by.add(question)
        if (kept === 0) return false
        for (const reader of readers[variable] as readonly number[]) waiting.add(reader)
      }
    }
    return true
  }

  const meets = (question: number, values: readonly number[], now: readonly Domain[]): boolean => {
    const each = questions[question] as Question
    if (!each.variables.every((variable) => values[variable] === firstOf(variable))) return judged(question, now).met
    return (each.isMetFirst ??= judged(question, now).met)
  }

  /** `before`: the values that were tried last, and the questions that failed with them. */
  const search = (domains: readonly Domain[], before?: Tried): readonly number[] | undefined => {
    const values = domains.map((domain, variable) => {
      const first = firstOf(variable)
      return has(domain, first) ? first : (placesIn(domain)[0] as number)
    })
    const now = values.map((value, variable) => singles[variable]?.[value] as Domain)
    const due = new Set(before === undefined ? questions.keys() : before.failing)
    if (before !== undefined)
      for (const [variable, value] of values.entries())
        if (value !== before.values[variable]) for (const reader of readers[variable] as number[]) due.add(reader)
    const failing = [...due].filter((question) => !meets(question, values, now))
    let next: number | undefined
    let fewest = Infinity
    for (const question of failing) {
      const open = variablesOf(question).filter((variable) => isOpen(domains[variable] as Domain))
      if (open.length === 0) {
        by.add(question)
        return undefined
      }
      for (const variable of open) {
        const size = sizeOf(domains[variable] as Domain)
        if (size < fewest) [next, fewest] = [variable, size]
      }
    }
    if (next === undefined) return values
    const domain = domains[next] as Domain
    const last = values[next] as number
    // What it has already is tried last: with it, a claim fails.
    for (const value of [...placesIn(domain).filter((each) => each !== last), last]) {
      if (left <= 0) return undefined
      const tried = [...domains]
      tried[next] = singles[next]?.[value] as Domain
      if (!narrow(tried, readers[next] as readonly number[])) continue
      const found = search(tried, { values, failing })
      if (found !== undefined) return found
    }
    return undefined
  }

  const domains = [...whole]
  // What speaks of one variable alone is done with at once, the rest where it fails.
  const alone = [...questions.keys()].filter((question) => variablesOf(question).length === 1)
  const found = narrow(domains, alone) ? search(domains) : undefined
  if (found !== undefined) return { kind: 'met', values: found }
  return left <= 0 ? undefined : { kind: 'unmet', by }
}

interface Tried {
  readonly values: readonly number[]
  readonly failing: readonly number[]
}
