import { aggregates } from '../expr/functions/aggregates.ts'
import type { Expr } from '../expr/expr.ts'
import type { Comparison, Term } from '../expr/must.ts'
import { walk } from '../targets/children.ts'
import { isWhole } from './aggregates/measured.ts'
import { DECISIONS, ERRORS, isLabel, keyOf } from './confusion.ts'
import type { Instance } from './instance.ts'
import type { Population } from './populations.ts'

/** Changes of one number, after which the search gives up. */
const MOST_STEPS = 1_000
/** Sums and products count as met only beyond what rounding could have done. */
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
  readonly roles: readonly Role[]
  readonly keys: ReadonlySet<string>
}

/**
 * Whether numbers are found with which all instances are met: of a decision without mistakes, with some share of positives in
 * each population, and with whatever else is measured where the bounds ask for it. False means nothing.
 */
export function hasExample(
  instances: readonly Instance[],
  label: string | undefined,
  populationOf: (instance: Instance, term: Term) => Population,
  model: string | undefined,
): boolean {
  const ranges = new Map<string, readonly [number, number]>()
  const whole = new Set<string>()
  const starts = new Map<string, number>()
  const place = (key: string, value: number): number => {
    const at = clamped(value, ranges.get(key) ?? [-Infinity, Infinity])
    return whole.has(key) ? Math.round(at) : at
  }
  const asked = instances.map((instance): Asked => {
    const roles = instance.clause.must.terms.map((term): Role => {
      const population = populationOf(instance, term)
      const isPrevalence = term.fn === 'positive_rate' || (term.fn === 'share' && isLabel(term, label))
      if (label !== undefined && DECISIONS.has(term.fn) && !isPrevalence)
        return { kind: 'perfect', value: ERRORS.has(term.fn) ? 0 : 1 }
      const key = label !== undefined && isPrevalence ? `positives ${population.key}` : keyOf(term, population, model)
      if (isWhole(term)) whole.add(key)
      const start = isOfNone(term) ? 0 : STARTS[term.fn]
      if (start !== undefined) starts.set(key, start)
      ranges.set(key, label !== undefined && isPrevalence ? [ROUNDING, 1 - ROUNDING] : rangeOf(term))
      return { kind: 'number', key }
    })
    return { instance, roles, keys: new Set(roles.flatMap((role) => (role.kind === 'number' ? [role.key] : []))) }
  })
  const numbers = new Map([...ranges.keys()].map((key) => [key, place(key, starts.get(key) ?? 0.5)]))
  const readers = new Map<string, Asked[]>()
  for (const each of asked) for (const key of each.keys) readers.set(key, [...(readers.get(key) ?? []), each])
  const together = orderedTogether(asked)
  const failing = new Set(asked.filter((each) => lackOf(each, numbers) > 0))
  for (let step = 0; failing.size > 0; step++) {
    const change = step < MOST_STEPS ? improved(failing, readers, together, place, numbers) : undefined
    if (change === undefined) return false
    for (const [key, value] of change) numbers.set(key, value)
    for (const each of new Set(change.flatMap(([key]) => readers.get(key) ?? []))) {
      if (lackOf(each, numbers) > 0) failing.add(each)
      else failing.delete(each)
    }
  }
  return true
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
    const lacking = (): number => concerned.reduce((sum, each) => sum + lackOf(each, numbers), 0)
    const put = (change: Change): void => {
      for (const [key, value] of change) numbers.set(key, value)
    }
    const before = lacking()
    if (!Number.isFinite(before)) return undefined
    const old = changed.map((key) => [key, numbers.get(key) ?? 0] as const)
    for (const value of candidates(concerned, numbers)) {
      const change = changed.map((key) => [key, place(key, value)] as const)
      put(change)
      const gain = before - lacking()
      if (gain > (best?.gain ?? 0)) best = { change, gain }
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
  for (const { instance, keys } of instances) {
    for (const key of keys) found.add(numbers.get(key) ?? 0)
    for (const { left, right } of instance.clause.must.comparisons)
      for (const part of [...walk(left), ...walk(right)]) {
        const value = part.node === 'literal' ? Number(part.value) : Number.NaN
        if (!Number.isFinite(value)) continue
        const step = Math.max(Math.abs(value), ROUNDING) / 8
        for (const near of [value, value - step, value + step, value - 1, value + 1]) found.add(near)
      }
  }
  return found
}

const clamped = (value: number, [low, high]: readonly [number, number]): number => Math.min(high, Math.max(low, value))

const COUNTS: ReadonlySet<string> = new Set(['count', 'distinct', 'duplicates', 'overlap'])

/** The numbers that a function can give. */
function rangeOf({ fn }: Term): readonly [number, number] {
  const { range } = aggregates[fn] as { readonly range?: readonly [number, number] }
  const [low, high] = range ?? [-Infinity, Infinity]
  return [COUNTS.has(fn) ? 0 : low, high]
}

/** How many comparisons have to turn out otherwise for an instance to be met; 0: it is. */
function lackOf({ instance, roles }: Asked, numbers: ReadonlyMap<string, number>): number {
  const { condition, comparisons } = instance.clause.must
  const valueOf = (index: number): number | undefined => {
    const role = roles[index]
    return role?.kind === 'perfect' ? role.value : role === undefined ? undefined : numbers.get(role.key)
  }
  const lack = (expr: Expr, wanted: boolean): number => {
    switch (expr.node) {
      case 'comparison': {
        const comparison = comparisons[expr.index]
        return comparison !== undefined && compared(comparison, valueOf, instance.fact !== undefined) === wanted ? 0 : 1
      }
      case 'and':
      case 'or': {
        const [a, b] = [lack(expr.args[0], wanted), lack(expr.args[1], wanted)]
        return (expr.node === 'and') === wanted ? a + b : Math.min(a, b)
      }
      case 'call':
        return expr.fn === 'not' ? lack(expr.args[0] as Expr, !wanted) : Infinity
      default:
        return expr.node === 'literal' && expr.value === wanted ? 0 : Infinity
    }
  }
  return lack(condition, true)
}

type ValueOf = (index: number) => number | undefined

/** Undefined, too, where rounding could decide; facts leave room for it. */
function compared({ op, left, right }: Comparison, valueOf: ValueOf, isFact: boolean): boolean | undefined {
  const [a, b] = [numberOf(left, valueOf), numberOf(right, valueOf)]
  if (a === undefined || b === undefined) return undefined
  const isExact = isFact || (isPlain(left) && isPlain(right))
  if (!isExact && Math.abs(a - b) <= ROUNDING * Math.max(1, Math.abs(a), Math.abs(b))) return undefined
  switch (op) {
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    case '==':
      return a === b
    case '!=':
      return a !== b
  }
}

const isPlain = ({ node }: Expr): boolean => node === 'term' || node === 'literal'

function numberOf(expr: Expr, valueOf: ValueOf): number | undefined {
  const numbers = (args: readonly Expr[]): readonly number[] | undefined => {
    const found = args.map((arg) => numberOf(arg, valueOf))
    return found.every((each) => each !== undefined) ? found : undefined
  }
  switch (expr.node) {
    case 'term':
      return valueOf(expr.index)
    case 'literal':
      return expr.type.kind === 'int' || expr.type.kind === 'double' ? Number(expr.value) : undefined
    case 'reduce': {
      const found = numbers(expr.args)
      if (found === undefined || found.length === 0) return undefined
      const [least, greatest] = [Math.min(...found), Math.max(...found)]
      if (expr.op === 'ratio') return greatest === 0 ? undefined : least / greatest
      return expr.op === 'min' ? least : expr.op === 'max' ? greatest : greatest - least
    }
    case 'call': {
      const [a, b] = numbers(expr.args) ?? []
      return a === undefined ? undefined : OPERATIONS[expr.fn]?.(a, b ?? Number.NaN)
    }
    default:
      return undefined
  }
}

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  double_of_int: (a) => a,
  double_of_double: (a) => a,
  neg_int: (a) => -a,
  neg_double: (a) => -a,
  add_int: (a, b) => a + b,
  add_double: (a, b) => a + b,
  sub_int: (a, b) => a - b,
  sub_double: (a, b) => a - b,
  mul_int: (a, b) => a * b,
  mul_double: (a, b) => a * b,
}
