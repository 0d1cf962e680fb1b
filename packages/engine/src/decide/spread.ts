import { type Comparison, type Expr, stats } from '@plumbline/core'
import { arithmetic, linear, readsEstimate, reduce } from './arithmetic.ts'

/** A margin that is scale · (the gap, ratio, greatest or least of several estimates) + constant. */
export interface SpreadMargin {
  readonly op: Reduction['op']
  readonly reduction: Reduction
  /** The estimates, as functions of the terms; their values on the rows at hand. */
  readonly parts: readonly ((terms: readonly (number | undefined)[]) => number | undefined)[]
  readonly values: readonly number[]
  readonly scale: number
  readonly constant: number
}

type Reduction = Extract<Expr, { readonly node: 'reduce' }>

/** The margin of a comparison that reads one reduction over groups or columns and is straight in it; else undefined. */
export function spreadMargin(
  comparison: Comparison,
  estimated: (index: number) => boolean,
  values: readonly (number | undefined)[],
): SpreadMargin | undefined {
  const found = [comparison.left, comparison.right].flatMap((side) => spreadsIn(side, estimated))
  const [spread] = found
  if (spread === undefined || found.length !== 1) return undefined
  const place = values.length
  const isPlace = (index: number): boolean => index === place || estimated(index)
  const side = (expr: Expr) => linear(replaced(expr, spread, place), isPlace, values)
  const [left, right] = [side(comparison.left), side(comparison.right)]
  const parts = spread.args.map(arithmetic)
  const measured = parts.map((part) => part?.(values))
  if (left === undefined || right === undefined) return undefined
  // Another estimate beside it would move the margin, too.
  if ([...left.scales, ...right.scales].some(([index]) => index !== place)) return undefined
  if (parts.some((part) => part === undefined) || measured.some((value) => value === undefined)) return undefined
  // The ratio is judged on logarithms, which a group at 0 has not.
  if (spread.op === 'ratio' && measured.some((value) => (value as number) <= 0)) return undefined
  const sign = comparison.op === '<' || comparison.op === '<=' ? -1 : 1
  return {
    op: spread.op,
    reduction: spread,
    parts: parts as SpreadMargin['parts'],
    values: measured as number[],
    scale: sign * ((left.scales.get(place) ?? 0) - (right.scales.get(place) ?? 0)),
    constant: sign * (left.constant - right.constant),
  }
}

function spreadsIn(expr: Expr, estimated: (index: number) => boolean): readonly Reduction[] {
  if (expr.node === 'reduce') return readsEstimate(expr, estimated) ? [expr] : []
  return expr.node === 'call' ? expr.args.flatMap((arg) => spreadsIn(arg, estimated)) : []
}

/** The expression with one part standing as a term of its own. */
function replaced(expr: Expr, part: Reduction, index: number): Expr {
  if (expr === part) return { node: 'term', index, type: part.type }
  return expr.node === 'call' ? { ...expr, args: expr.args.map((arg) => replaced(arg, part, index)) } : expr
}

/**
 * How far resampled estimates lie off together: the range of their errors (of their logarithms, for a ratio), or for the
 * greatest or least of them the greatest error.
 */
export function spreadError(margin: SpreadMargin, now: readonly (number | undefined)[]): number | undefined {
  let least = Infinity
  let greatest = -Infinity
  for (const [i, part] of margin.parts.entries()) {
    const value = part(now)
    const before = margin.values[i] as number
    if (value === undefined) return undefined
    const error = margin.op === 'ratio' ? Math.log(value / before) : value - before
    if (!Number.isFinite(error)) return undefined
    least = Math.min(least, error)
    greatest = Math.max(greatest, error)
  }
  return margin.op === 'gap' || margin.op === 'ratio' ? greatest - least : Math.max(greatest, -least)
}

/** What a gap or a ratio can be, whatever it is made of. */
const RANGES: Partial<Record<Reduction['op'], stats.Interval>> = {
  gap: { low: 0, high: Infinity },
  ratio: { low: 0, high: 1 },
}

/**
 * The margin with its band: no gap (ratio) is off by more than the range of the errors (of the logarithms), nor the
 * greatest or least by more than the greatest error. `possible`: what a greatest or least can be at all.
 */
export function spreadEstimate(
  margin: SpreadMargin,
  errors: Float64Array,
  possible: stats.Interval,
): stats.IntervalEstimate | undefined {
  const value = reduce(margin.op, margin.values)
  if (value === undefined || margin.scale === 0) return undefined
  const around =
    margin.op === 'ratio'
      ? (distance: number) => ({ low: value * Math.exp(-distance), high: value * Math.exp(distance) })
      : (distance: number) => ({ low: value - distance, high: value + distance })
  const range = RANGES[margin.op] ?? possible
  return stats.affine(stats.bandEstimate(value, errors, around, range), margin.scale, margin.constant)
}
