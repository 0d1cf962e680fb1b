import { affine, type Interval, type IntervalEstimate } from './estimate.ts'

/** The outcome of a comparison of an estimate; the three verdicts that measuring can reach. */
export type Decision = 'satisfied' | 'violated' | 'inconclusive'

/** How a margin is judged at its edge. */
export interface MarginRule {
  /** True for `>` and `<`, where a margin of exactly 0 is not allowed. */
  readonly strict: boolean
  /**
   * Size of the numbers compared (the larger of |value| and |bound|). An interval end within 1e-9 of it from 0 decides
   * nothing, since a replay may land on the other side. Default 0: no such zone.
   */
  readonly scale?: number
}

/** Relative agreement demanded of a replayed number. */
export const REPLAY_TOLERANCE = 1e-9

/**
 * Decides a comparison by the interval of its margin (positive = the allowed side): all of it on the allowed side is
 * `satisfied`, all on the other `violated`, else `inconclusive`. The point 0 belongs to the allowed side of `>=` and
 * `<=`, and to the other side of `>` and `<`. A point (low = high) decides a comparison that has no sampling error.
 */
export function decideMargin(margin: Interval, rule: MarginRule): Decision {
  const zone = REPLAY_TOLERANCE * (rule.scale ?? 0)
  const { low, high } = margin
  if (rule.strict ? low > zone : low > zone || (zone === 0 && low === 0)) return 'satisfied'
  if (rule.strict ? high < -zone || (zone === 0 && high === 0) : high < -zone) return 'violated'
  return 'inconclusive'
}

/** The comparison operators of the language. */
export type Comparison = '>' | '>=' | '<' | '<='

/** The estimate of the margin of `value <operator> bound`, for a bound that is a plain number. */
export function marginOf(estimate: IntervalEstimate, operator: Comparison, bound: number): IntervalEstimate {
  return operator === '>' || operator === '>=' ? affine(estimate, 1, -bound) : affine(estimate, -1, bound)
}

/**
 * The smallest α at which a condition becomes true, and at which it becomes false: 1 or more when it never does.
 * Conditions combine three-valued; a tree of them says at which α its verdict is reached.
 */
export interface Reach {
  readonly satisfied: number
  readonly violated: number
}

/** Reach of one comparison, from the estimate of its margin; only the side the value lies on can be reached. */
export function reachOf(margin: IntervalEstimate): Reach {
  const p = margin.p(0)
  // At α = 1 an interval shrinks to about the value; the side it lies on is the only one that can be decided.
  return { satisfied: margin.value >= 0 ? p : Infinity, violated: margin.value <= 0 ? p : Infinity }
}

/** Reach of `a && b && …`: true when all are, false when one is. */
export function reachAll(parts: readonly Reach[]): Reach {
  return {
    satisfied: Math.max(0, ...parts.map((part) => part.satisfied)),
    violated: Math.min(Infinity, ...parts.map((part) => part.violated)),
  }
}

/** Reach of `a || b || …`: true when one is, false when all are. */
export function reachAny(parts: readonly Reach[]): Reach {
  return reachNot(reachAll(parts.map(reachNot)))
}

/** Reach of `!a`. */
export function reachNot(part: Reach): Reach {
  return { satisfied: part.violated, violated: part.satisfied }
}

/**
 * The p-value of a condition of `comparisons` estimated comparisons, each of which is decided at α / k (Bonferroni):
 * k times the α at which the first verdict is reached; `undefined` when none can be reached.
 */
export function conditionP(reach: Reach, comparisons: number): number | undefined {
  const alpha = Math.min(reach.satisfied, reach.violated) * Math.max(1, comparisons)
  return alpha <= 1 ? alpha : undefined
}

/** Three-valued `&&` (Kleene): the verdict of all parts together. */
export function decideAll(parts: readonly Decision[]): Decision {
  if (parts.includes('violated')) return 'violated'
  return parts.includes('inconclusive') ? 'inconclusive' : 'satisfied'
}

/** Three-valued `||` (Kleene). */
export function decideAny(parts: readonly Decision[]): Decision {
  return decideNot(decideAll(parts.map(decideNot)))
}

/** Three-valued `!`. */
export function decideNot(part: Decision): Decision {
  if (part === 'inconclusive') return part
  return part === 'satisfied' ? 'violated' : 'satisfied'
}
