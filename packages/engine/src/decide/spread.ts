import { type Comparison, type Expr, stats } from '@plumbline/core'
import { arithmetic, linear, readsEstimate, reduce } from './arithmetic.ts'

/** A margin that is scale · (the gap or ratio of several estimates) + constant. */
export interface SpreadMargin {
  readonly op: 'gap' | 'ratio'
  /** The estimates, as functions of the terms; their values on the rows at hand. */
  readonly parts: readonly ((terms: readonly (number | undefined)[]) => number | undefined)[]
  readonly values: readonly number[]
  readonly scale: number
  readonly constant: number
}

type Reduction = Extract<Expr, { readonly node: 'reduce' }>

/** The margin of a comparison that reads one `gap_across` or `ratio_across` and is straight in it; else undefined. */
export function spreadMargin(
  comparison: Comparison,
  estimated: (index: number) => boolean,
  values: readonly (number | undefined)[],
): SpreadMargin | undefined {
  const found = [comparison.left, comparison.right].flatMap((side) => spreadsIn(side, estimated))
  const [spread] = found
  if (spread === undefined || found.length !== 1 || (spread.op !== 'gap' && spread.op !== 'ratio')) return undefined
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

/** How far resampled estimates lie off together: the range of their errors (of their logarithms, for a ratio). */
export function spreadError(margin: SpreadMargin, now: readonly (number | undefined)[]): number | undefined {
  let least = Infinity
  let greatest = -Infinity
  for (const [i, part] of margin.parts.entries()) {
    const value = part(now)
    const before = margin.values[i] as number
    if (value === undefined) return undefined
    const error = margin.op === 'gap' ? value - before : Math.log(value / before)
    if (!Number.isFinite(error)) return undefined
    least = Math.min(least, error)
    greatest = Math.max(greatest, error)
  }
  return greatest - least
}

/** The margin with its band: no gap (ratio) is off by more than the range of the errors (of the logarithms). */
export function spreadEstimate(margin: SpreadMargin, errors: Float64Array): stats.IntervalEstimate | undefined {
  const value = reduce(margin.op, margin.values)
  if (value === undefined || margin.scale === 0) return undefined
  const around =
    margin.op === 'gap'
      ? (distance: number) => ({ low: value - distance, high: value + distance })
      : (distance: number) => ({ low: value * Math.exp(-distance), high: value * Math.exp(distance) })
  const range = { low: 0, high: margin.op === 'gap' ? Infinity : 1 }
  return stats.affine(stats.bandEstimate(value, errors, around, range), margin.scale, margin.constant)
}
