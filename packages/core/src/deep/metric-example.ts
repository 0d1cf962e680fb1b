import { aggregates } from '../expr/functions/aggregates.ts'
import type { Term } from '../expr/must.ts'
import { walk } from '../targets/children.ts'
import { isWhole } from './aggregates/measured.ts'
import { AGREEMENTS } from './agreement.ts'
import { DECISIONS, ERRORS, isLabel, keyOf } from './confusion.ts'
import type { Instance } from './instance.ts'
import { lackOf } from './lack.ts'
import type { Population } from './populations.ts'
import type { Ends } from './propagation/ends.ts'

/** Changes of one number, after which the search gives up. */
const MOST_STEPS = 1_000
const ROUNDING = 1e-9

/** Where the ends of a column begin: with room for several values between them. */
const STARTS: Readonly<Record<string, number>> = { min: 0, max: 1_000, null_share: 0 }

/** A share of rows that deny something: mostly what each row has to meet. */
function isOfNone({ fn, args: [first] }: Term): boolean {
  return fn === 'share' && first?.kind === 'expr' && first.expr.node === 'call' && first.expr.fn === 'not'
}

/** What an example says of a term: a number of its own, or what a decision without mistakes makes it. */
type Role = { readonly kind: 'number'; readonly key: string } | { readonly kind: 'perfect'; readonly value: number }

/** An instance with the numbers that its terms stand for. */
interface Asked {
  readonly instance: Instance
  readonly keys: ReadonlySet<string>
  /** How many comparisons have to turn out otherwise for it to be met by the numbers as they are; 0: it is. */
  readonly lack: () => number
  /** Numbers that it names, and what lies beside them. */
  readonly named: readonly number[]
}

/**
 * Whether numbers are found with which all instances are met: of a decision without mistakes, with some share of positives in
 * each population, and with whatever else is measured where the bounds ask for it. False means nothing. `known`: ends between which
 * numbers have to lie, where it begins.
 */
export function hasExample(
  instances: readonly Instance[],
  label: string | undefined,
  populationOf: (instance: Instance, term: Term) => Population,
  model: string | undefined,
  known: ReadonlyMap<string, Ends>,
): boolean {
  const ranges = new Map<string, readonly [number, number]>()
  const whole = new Set<string>()
  const starts = new Map<string, number>()
  const place = (key: string, value: number): number => {
    const at = clamped(value, ranges.get(key) ?? [-Infinity, Infinity])
    return whole.has(key) ? Math.round(at) : at
  }
  const numbers = new Map<string, number>()
  const asked = instances.map((instance): Asked => {
    const roles = instance.clause.must.terms.map((term): Role => {
      const population = populationOf(instance, term)
      const isPrevalence = term.fn === 'positive_rate' || (term.fn === 'share' && isLabel(term, label))
      if (label !== undefined && (DECISIONS.has(term.fn) || AGREEMENTS.has(term.fn)) && !isPrevalence)
        return { kind: 'perfect', value: ERRORS.has(term.fn) ? 0 : 1 }
      const key = label !== undefined && isPrevalence ? `positives ${population.key}` : keyOf(term, population, model)
      if (isWhole(term)) whole.add(key)
      const start = isOfNone(term) ? 0 : STARTS[term.fn]
      if (start !== undefined) starts.set(key, start)
      ranges.set(key, label !== undefined && isPrevalence ? [ROUNDING, 1 - ROUNDING] : rangeOf(term))
      return { kind: 'number', key }
    })
    const valueOf = (index: number): (() => number | undefined) => {
      const role = roles[index]
      if (role?.kind !== 'number') return () => role?.value
      return () => numbers.get(role.key)
    }
    return {
      instance,
      keys: new Set(roles.flatMap((role) => (role.kind === 'number' ? [role.key] : []))),
      lack: lackOf(instance, valueOf),
      named: namedBy(instance),
    }
  })
  for (const key of ranges.keys()) numbers.set(key, place(key, within(known.get(key), starts.get(key) ?? 0.5)))
  const readers = new Map<string, Asked[]>()
  for (const each of asked) for (const key of each.keys) readers.set(key, [...(readers.get(key) ?? []), each])
  const together = orderedTogether(asked)
  const failing = new Set(asked.filter(({ lack }) => lack() > 0))
  for (let step = 0; failing.size > 0; step++) {
    const change = step < MOST_STEPS ? improved(failing, readers, together, place, numbers) : undefined
    if (change === undefined) return false
    for (const [key, value] of change) numbers.set(key, value)
    for (const each of new Set(change.flatMap(([key]) => readers.get(key) ?? []))) {
      if (each.lack() > 0) failing.add(each)
      else failing.delete(each)
    }
  }
  return true
}

/** A number between ends, as near to where it would be as room is left. */
function within(ends: Ends | undefined, value: number): number {
  if (ends === undefined) return value
  const { low, high } = ends
  const at = low.value > value ? low : high.value < value ? high : undefined
  if (at === undefined) return value
  const room = Math.min(high.value - low.value, Math.max(Math.abs(at.value), ROUNDING)) / 8
  return at === low ? at.value + room : at.value - room
}

type Change = readonly (readonly [key: string, value: number])[]

/** The change of a number of a failing instance, or of all to one value, after which the least is lacking; undefined where none helps. */
function improved(
  failing: Iterable<Asked>,
  readers: ReadonlyMap<string, readonly Asked[]>,
  together: ReadonlyMap<string, readonly string[]>,
  place: (key: string, value: number) => number,
  numbers: Map<string, number>,
): Change | undefined {
  for (const { keys } of failing) {
    const ordered = [...keys].flatMap((key) => together.get(key) ?? [])
    const sets = [...[...keys].map((key) => [key]), ...(keys.size > 1 ? [[...keys]] : []), [...new Set(ordered)]]
    const best = bestOf(sets, readers, place, numbers)
    if (best !== undefined) return best
    // What stands beside one other only may have to move with it.
    const beside = [...keys].flatMap((key) => readers.get(key) ?? []).filter((each) => each.keys.size === 2)
    const pair = bestOf(
      beside.map((each) => [...each.keys]),
      readers,
      place,
      numbers,
    )
    if (pair !== undefined) return pair
  }
  return undefined
}

/** The change of one of some sets of numbers to one value after which the least is lacking; undefined where none helps. */
function bestOf(
  sets: readonly (readonly string[])[],
  readers: ReadonlyMap<string, readonly Asked[]>,
  place: (key: string, value: number) => number,
  numbers: Map<string, number>,
): Change | undefined {
  let best: { readonly change: Change; readonly gain: number } | undefined
  for (const changed of sets) {
    if (changed.length === 0) continue
    const concerned = [...new Set(changed.flatMap((key) => readers.get(key) ?? []))]
    const lacking = (): number => concerned.reduce((sum, each) => sum + each.lack(), 0)
    const put = (change: Change): void => {
      for (const [key, value] of change) numbers.set(key, value)
    }
    const before = lacking()
    if (!Number.isFinite(before)) return undefined
    const old = changed.map((key) => [key, numbers.get(key) ?? 0] as const)
    for (const value of candidates(concerned, numbers)) {
      const change = changed.map((key) => [key, place(key, value)] as const)
      put(change)
      const after = lacking()
      const gain = before - after
      if (gain > (best?.gain ?? 0)) best = { change, gain }
      // Nothing lacks any more of all that it touches.
      if (after === 0 && gain > 0) {
        put(old)
        return change
      }
    }
    put(old)
  }
  return best?.change
}

/** The numbers of each column that lie in an order, by each of them: where one moves far, all do. */
function orderedTogether(asked: readonly Asked[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const { instance, keys } of asked) {
    if (instance.fact !== 'order') continue
    const group = [...new Set([...keys].flatMap((key) => found.get(key) ?? [key]))]
    for (const key of group) found.set(key, group)
  }
  return found
}

/** Numbers that the instances name, what lies beside them, and what they compare with. */
function candidates(instances: readonly Asked[], numbers: ReadonlyMap<string, number>): ReadonlySet<number> {
  const found = new Set([0, 1])
  for (const { named, keys } of instances) {
    for (const key of keys) found.add(numbers.get(key) ?? 0)
    for (const value of named) found.add(value)
  }
  return found
}

function namedBy({ clause: { must } }: Instance): readonly number[] {
  return must.comparisons.flatMap(({ left, right }) =>
    [...walk(left), ...walk(right)].flatMap((part) => {
      const value = part.node === 'literal' ? Number(part.value) : Number.NaN
      if (!Number.isFinite(value)) return []
      const step = Math.max(Math.abs(value), ROUNDING) / 8
      return [value, value - step, value + step, value - 1, value + 1]
    }),
  )
}

const clamped = (value: number, [low, high]: readonly [number, number]): number => Math.min(high, Math.max(low, value))

const COUNTS: ReadonlySet<string> = new Set(['count', 'distinct', 'duplicates', 'overlap'])

/** The numbers that a function can give. */
function rangeOf({ fn }: Term): readonly [number, number] {
  const { range } = aggregates[fn] as { readonly range?: readonly [number, number] }
  const [low, high] = range ?? [-Infinity, Infinity]
  return [COUNTS.has(fn) ? 0 : low, high]
}
