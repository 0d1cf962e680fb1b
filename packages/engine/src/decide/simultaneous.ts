import { aggregates, type Comparison, type Expr, literalValue, stats } from '@plumbline/core'
import { asNumber, termsOf } from './arithmetic.ts'
import type { MeasuredInstance, MeasuredTerm } from './measured.ts'

const EVERYTHING: stats.Interval = { low: -Infinity, high: Infinity }

const ordered = (...ends: readonly number[]): stats.Interval =>
  ends.some(Number.isNaN) ? EVERYTHING : { low: Math.min(...ends), high: Math.max(...ends) }

/**
 * The margin's interval from those of its estimates, each at α / m (Bonferroni), by interval arithmetic: wider than
 * resampling them together, but it stands where resampling shows nothing, as when one column is constant on each side.
 * Undefined where the arithmetic is none of +, −, ×, ÷ and the reductions.
 */
export function simultaneously(
  comparison: Comparison,
  measured: MeasuredInstance,
  estimated: (index: number) => boolean,
  value: number,
): stats.IntervalEstimate | undefined {
  const indexes = [...new Set([...termsOf(comparison.left), ...termsOf(comparison.right)])].filter(estimated)
  if (indexes.length === 0) return undefined
  const at = (alpha: number): stats.Interval | undefined => {
    const level = 1 - alpha / indexes.length
    const ranges = measured.terms.map((term, index) => (estimated(index) ? rangeOf(term, level) : point(term)))
    return marginWithin(comparison, ranges)
  }
  if (at(0.05) === undefined) return undefined
  // A confidence level so near to 1 that float64 calls it 1 has the widest interval there is.
  return stats.estimateByInversion(
    value,
    'bca',
    (alpha) => (1 - alpha / indexes.length < 1 ? at(alpha) : undefined) ?? EVERYTHING,
  )
}

/** All values the margin can take when each term lies in its range; undefined where the arithmetic is another. */
function marginWithin(comparison: Comparison, ranges: readonly stats.Interval[]): stats.Interval | undefined {
  const left = enclose(comparison.left, ranges)
  const right = enclose(comparison.right, ranges)
  if (left === undefined || right === undefined) return undefined
  const apart = minus(left, right)
  return comparison.op === '<' || comparison.op === '<=' ? minus({ low: 0, high: 0 }, apart) : apart
}

/** All values the margin can take at all: estimates anywhere in the range of their function, the rest as measured. */
export function possibleMargins(comparison: Comparison, terms: readonly MeasuredTerm[]): stats.Interval {
  return marginWithin(comparison, possibleTerms(terms)) ?? EVERYTHING
}

/** All values an expression can take at all. */
export function possibleValues(expr: Expr, terms: readonly MeasuredTerm[]): stats.Interval {
  return enclose(expr, possibleTerms(terms)) ?? EVERYTHING
}

function possibleTerms(terms: readonly MeasuredTerm[]): readonly stats.Interval[] {
  return terms.map((term) => {
    if (term.term.estimates === 'rows') return point(term)
    const row: { readonly range?: readonly [number, number] } = aggregates[term.term.fn]
    return row.range === undefined ? EVERYTHING : { low: row.range[0], high: row.range[1] }
  })
}

function rangeOf(measured: MeasuredTerm, level: number): stats.Interval {
  if (measured.estimate?.kind === 'estimate') return measured.estimate.interval(level)
  const row: { readonly range?: readonly [number, number] } = aggregates[measured.term.fn]
  return row.range === undefined ? EVERYTHING : { low: row.range[0], high: row.range[1] }
}

function point(measured: MeasuredTerm): stats.Interval {
  const value = asNumber(measured.value)
  return value === undefined ? EVERYTHING : { low: value, high: value }
}

function minus(a: stats.Interval, b: stats.Interval): stats.Interval {
  return ordered(a.low - b.high, a.high - b.low)
}

/** All values the expression can take when its terms lie in their ranges. */
function enclose(expr: Expr, ranges: readonly stats.Interval[]): stats.Interval | undefined {
  if (expr.node === 'term') return ranges[expr.index]
  if (expr.node === 'literal') {
    const value = literalValue(expr)
    const number = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : undefined
    return number === undefined ? undefined : { low: number, high: number }
  }
  if (expr.node !== 'call' && expr.node !== 'reduce') return undefined
  const parts: stats.Interval[] = []
  for (const arg of expr.args) {
    const part = enclose(arg, ranges)
    if (part === undefined) return undefined
    parts.push(part)
  }
  return expr.node === 'reduce' ? reduced(expr.op, parts) : called(expr.fn, parts)
}

function called(fn: string, [a, b]: readonly stats.Interval[]): stats.Interval | undefined {
  if (a === undefined) return undefined
  if (fn === 'double_of_int') return a
  if (fn === 'neg_double' || fn === 'neg_int') return minus({ low: 0, high: 0 }, a)
  if (b === undefined) return undefined
  switch (fn) {
    case 'add_double':
    case 'add_int':
      return ordered(a.low + b.low, a.high + b.high)
    case 'sub_double':
    case 'sub_int':
      return minus(a, b)
    case 'mul_double':
    case 'mul_int':
      return ordered(a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
    case 'div_double':
      if (b.low <= 0 && b.high >= 0) return EVERYTHING
      return ordered(a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high)
    default:
      return undefined
  }
}

function reduced(op: 'min' | 'max' | 'ratio' | 'gap', parts: readonly stats.Interval[]): stats.Interval {
  const lows = parts.map((part) => part.low)
  const highs = parts.map((part) => part.high)
  const least = { low: Math.min(...lows), high: Math.min(...highs) }
  const greatest = { low: Math.max(...lows), high: Math.max(...highs) }
  switch (op) {
    case 'min':
      return least
    case 'max':
      return greatest
    case 'gap': {
      const gap = minus(greatest, least)
      return { low: Math.max(0, gap.low), high: gap.high }
    }
    case 'ratio':
      if (least.low < 0 || greatest.low <= 0) return EVERYTHING
      return { low: least.low / greatest.high, high: Math.min(1, least.high / greatest.low) }
  }
}
