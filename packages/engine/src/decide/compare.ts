import type { Comparison, ComparisonResult, Measured, stats as Stats } from '@plumbline/core'
import { stats } from '@plumbline/core'
import type { Margin } from './margin.ts'

/** A comparison that can be asked at any α. */
export interface Asked {
  /** The smallest α at which it is decided either way. */
  readonly reach: Stats.Reach
  at(alpha: number): Judged
}

/** A comparison as decided at one α. */
export interface Judged {
  readonly result: ComparisonResult
  /** Why it is not decided; absent where it is. */
  readonly why?: 'interval-straddles-bound' | 'too-few-rows' | 'no-variation' | 'too-close-to-call' | 'undefined-metric'
}

/** One side of a comparison as measured. */
export interface Side {
  /** As evidence shows it; timestamps as RFC 3339 text. */
  readonly shown: Measured
  /** What orders it: microseconds for times. */
  readonly compared: Measured
}

const NEVER: Stats.Reach = { satisfied: Infinity, violated: Infinity }

/** A comparison of values that describe the rows: decided by the values alone. Null sides are undefined. */
export function descriptive(comparison: Comparison, one: Side, other: Side): Asked {
  const order = compareValues(one.compared, other.compared)
  const [left, right] = [one.shown, other.shown]
  const base = { expression: comparison.expression, left, right }
  if (order === undefined) {
    const judged: Judged = {
      result: { ...base, margin: { value: null }, verdict: 'inconclusive' },
      why: 'undefined-metric',
    }
    return { reach: NEVER, at: () => judged }
  }
  const verdict = holds(comparison.op, order) ? 'satisfied' : 'violated'
  const judged: Judged = { result: { ...base, margin: { value: difference(comparison.op, left, right) }, verdict } }
  const reach = verdict === 'satisfied' ? { satisfied: 0, violated: Infinity } : { satisfied: Infinity, violated: 0 }
  return { reach, at: () => judged }
}

/** A comparison with an estimate in it: decided by the interval of its margin. `rows` = rows measured on. */
export function inferential(
  comparison: Comparison,
  left: Measured,
  right: Measured,
  margin: Margin,
  rows: number,
): Asked {
  const base = { expression: comparison.expression, left, right }
  const { value, estimate } = margin
  if (value === undefined || estimate === undefined) {
    const judged: Judged = {
      result: { ...base, margin: { value: value ?? null }, verdict: 'inconclusive' },
      why: value === undefined ? 'undefined-metric' : 'too-few-rows',
    }
    return { reach: NEVER, at: () => judged }
  }
  const strict = comparison.op === '>' || comparison.op === '<'
  const scale = Math.max(magnitude(left), magnitude(right))
  return {
    reach: stats.reachOf(estimate),
    at(alpha) {
      const level = 1 - alpha
      const interval = estimate.interval(level)
      const verdict = stats.decideMargin(interval, { strict, scale })
      const needed = verdict === 'inconclusive' ? stats.rowsNeeded(estimate, rows, level) : undefined
      const result: ComparisonResult = {
        ...base,
        margin: {
          value,
          interval: { low: interval.low, high: interval.high },
          level,
          method: margin.method ?? estimate.method,
        },
        verdict,
        ...(needed === undefined ? {} : { rowsNeeded: needed }),
      }
      if (verdict !== 'inconclusive') return { result }
      const close = stats.decideMargin(interval, { strict }) !== 'inconclusive'
      return { result, why: close ? 'too-close-to-call' : 'interval-straddles-bound' }
    },
  }
}

function magnitude(value: Measured): number {
  return typeof value === 'number' || typeof value === 'bigint' ? Math.abs(Number(value)) : 0
}

function holds(op: Comparison['op'], order: number): boolean {
  switch (op) {
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    case '==':
      return order === 0
    case '!=':
      return order !== 0
  }
}

function difference(op: Comparison['op'], left: Measured, right: Measured): number | null {
  const number = (value: Measured) => typeof value === 'number' || typeof value === 'bigint'
  if (!number(left) || !number(right)) return null
  // Equal infinities have no difference, but the comparison is decided.
  const apart = left === right ? 0 : exactDifference(left, right)
  if (Number.isNaN(apart)) return null
  // > 0 is the allowed side. `==` allows a point, so it can only be missed: by the distance; `!=` is kept by the distance.
  if (op === '==') return 0 - Math.abs(apart)
  if (op === '!=') return Math.abs(apart)
  return op === '<' || op === '<=' ? 0 - apart : apart
}

function exactDifference(left: Measured, right: Measured): number {
  if (typeof left === 'bigint' && typeof right === 'bigint') return Number(left - right)
  return Number(left) - Number(right)
}

/** < 0, 0 or > 0; numbers exactly (also int64 beside float64), texts by code point; undefined for unlike kinds. */
function compareValues(left: Measured, right: Measured): number | undefined {
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right)
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right)
  const numbers = [left, right].every((value) => typeof value === 'number' || typeof value === 'bigint')
  if (!numbers || left === null || right === null) return undefined
  if (Number.isNaN(left) || Number.isNaN(right)) return undefined
  return left < right ? -1 : left > right ? 1 : 0
}

function compareTexts(left: string, right: string): number {
  const a = [...left]
  const b = [...right]
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = (a[i]?.codePointAt(0) ?? 0) - (b[i]?.codePointAt(0) ?? 0)
    if (order !== 0) return order
  }
  return a.length - b.length
}
