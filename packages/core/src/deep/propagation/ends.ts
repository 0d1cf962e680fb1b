import type { Instance } from '../instance.ts'

/** What a number is at least, or at most, and the instances by which. */
export interface End {
  readonly value: number
  /** The value itself is excluded. */
  readonly strict: boolean
  readonly by: ReadonlySet<Instance>
}

/** Where a number lies. */
export interface Ends {
  readonly low: End
  readonly high: End
}

const NOBODY: ReadonlySet<Instance> = new Set()
/** Relative; more than what one operation on float64 is off by. */
const ROUNDING = 1e-15

export const end = (value: number, strict = false, by = NOBODY): End => ({ value, strict, by })

/** Of what nothing is known. */
export const ANYWHERE: Ends = { low: end(Number.NEGATIVE_INFINITY), high: end(Number.POSITIVE_INFINITY) }

/** Whether nothing is left between an end (of the side named) and the opposite one. */
export function isCrossed(side: 'low' | 'high', of: End, opposite: End): boolean {
  if (of.value === opposite.value) return (of.strict || opposite.strict) && Number.isFinite(of.value)
  return side === 'high' ? of.value < opposite.value : of.value > opposite.value
}

/** The end of a whole number. */
export function wholeEnd(side: 'low' | 'high', { value, strict }: Omit<End, 'by'>): Omit<End, 'by'> {
  const inner = side === 'high' ? Math.floor(value) : Math.ceil(value)
  const step = side === 'high' ? -1 : 1
  return { value: strict && inner === value ? inner + step : inner, strict: false }
}

/** Ends that were computed, as far out as rounding could have left them. */
export function widened({ low, high }: Ends): Ends {
  const out = (value: number): number => (Number.isFinite(value) ? ROUNDING * Math.abs(value) : 0)
  return {
    low: { value: low.value - out(low.value), strict: false, by: low.by },
    high: { value: high.value + out(high.value), strict: false, by: high.by },
  }
}

/** The ends of what a function of the language makes of numbers. */
export function computed(fn: string, [a, b]: readonly Ends[]): Ends {
  if (a === undefined) return ANYWHERE
  if (fn === 'double_of_int' || fn === 'double_of_double') return a
  if (fn === 'neg_double' || fn === 'neg_int') return negated(a)
  if (b === undefined) return ANYWHERE
  if (fn === 'add_double' || fn === 'add_int') return added(a, b)
  if (fn === 'sub_double' || fn === 'sub_int') return added(a, negated(b))
  if (fn === 'mul_double' || fn === 'mul_int') return multiplied(a, b)
  return ANYWHERE
}

const negated = ({ low, high }: Ends): Ends => ({
  low: { ...high, value: -high.value },
  high: { ...low, value: -low.value },
})

function added(a: Ends, b: Ends): Ends {
  const sum = (x: End, y: End): End => {
    // Of a sum near 0 it is the parts that are rounded.
    const value = x.value + y.value
    return end(value, false, union(x, y))
  }
  const out = ROUNDING * (sizeOf(a) + sizeOf(b))
  const [low, high] = [sum(a.low, b.low), sum(a.high, b.high)]
  return { low: { ...low, value: low.value - out }, high: { ...high, value: high.value + out } }
}

/** The greatest of its finite ends. */
function sizeOf({ low, high }: Ends): number {
  return Math.max(...[low.value, high.value].map((value) => (Number.isFinite(value) ? Math.abs(value) : 0)))
}

function multiplied(a: Ends, b: Ends): Ends {
  const products = [a.low, a.high].flatMap((x) => [b.low, b.high].map((y) => x.value * y.value))
  if (products.some(Number.isNaN)) return ANYWHERE
  const by = new Set([...a.low.by, ...a.high.by, ...b.low.by, ...b.high.by])
  return widened({ low: end(Math.min(...products), false, by), high: end(Math.max(...products), false, by) })
}

/** The ends of the least or greatest of some numbers. */
export function reduced(op: 'min' | 'max', all: readonly Ends[]): Ends {
  if (all.length === 0) return ANYWHERE
  const pick = (ends: readonly End[], outer: (a: number, b: number) => boolean): End =>
    ends.reduce((best, each) => (outer(each.value, best.value) ? each : best))
  const every = (ends: readonly End[], { value }: End): End => end(value, false, union(...ends))
  const [lows, highs] = [all.map(({ low }) => low), all.map(({ high }) => high)]
  const [less, more] = [(a: number, b: number) => a < b, (a: number, b: number) => a > b]
  // The greatest is at least what one of them is, and at most what all are.
  return op === 'max'
    ? { low: { ...pick(lows, more), strict: false }, high: every(highs, pick(highs, more)) }
    : { low: every(lows, pick(lows, less)), high: { ...pick(highs, less), strict: false } }
}

/** The ends of how far the greatest of some numbers lies from the least. */
export function gapOf(all: readonly Ends[]): Ends {
  if (all.length === 0) return ANYWHERE
  const { low, high } = added(reduced('max', all), negated(reduced('min', all)))
  return { low: low.value < 0 ? end(0) : low, high }
}

const union = (...ends: readonly End[]): ReadonlySet<Instance> => new Set(ends.flatMap(({ by }) => [...by]))
