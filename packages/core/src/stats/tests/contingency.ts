import { chiSquareUpperTail } from '../special/chi-square.ts'
import { logFactorial } from '../special/gamma.ts'
import { normalCdf } from '../special/normal.ts'

/** A test of two samples: its statistic and the chance of one at least as far off without any difference. */
export interface TestResult {
  readonly statistic: number
  readonly p: number
}

interface Table {
  readonly rows: readonly (readonly [left: number, right: number])[]
  readonly left: number
  readonly right: number
}

/** The bins that hold rows; undefined where a side has none. */
function tableOf(reference: ArrayLike<number>, window: ArrayLike<number>): Table | undefined {
  const rows: [number, number][] = []
  let left = 0
  let right = 0
  for (let bin = 0; bin < reference.length; bin++) {
    const [a, b] = [reference[bin] as number, window[bin] as number]
    left += a
    right += b
    if (a + b > 0) rows.push([a, b])
  }
  return left === 0 || right === 0 ? undefined : { rows, left, right }
}

function sumOver(table: Table, term: (observed: number, expected: number) => number): number {
  const { rows, left, right } = table
  return rows.reduce((sum, [a, b]) => {
    const both = (a + b) / (left + right)
    return sum + term(a, both * left) + term(b, both * right)
  }, 0)
}

/**
 * Pearson's χ² test of two samples over the same bins, without continuity correction; bins empty on both sides are left out; `undefined`
 * without rows on a side, p = 1 with one bin.
 */
export function chiSquareTest(reference: ArrayLike<number>, window: ArrayLike<number>): TestResult | undefined {
  const table = tableOf(reference, window)
  if (table === undefined) return undefined
  const statistic = sumOver(table, (observed, expected) => (observed - expected) ** 2 / expected)
  return { statistic, p: table.rows.length < 2 ? 1 : chiSquareUpperTail(statistic, table.rows.length - 1) }
}

/** G-test (likelihood ratio) of two samples over the same bins; otherwise as {@link chiSquareTest}. Source: S. S. Wilks (1938). */
export function gTest(reference: ArrayLike<number>, window: ArrayLike<number>): TestResult | undefined {
  const table = tableOf(reference, window)
  if (table === undefined) return undefined
  const statistic =
    2 * sumOver(table, (observed, expected) => (observed === 0 ? 0 : observed * Math.log(observed / expected)))
  return { statistic, p: table.rows.length < 2 ? 1 : chiSquareUpperTail(statistic, table.rows.length - 1) }
}

/** Cramér's V of bin and side, √(χ²/n), in [0, 1]: 0 for equal shares, 1 where no bin holds rows of both. */
export function cramersV(reference: ArrayLike<number>, window: ArrayLike<number>): number | undefined {
  const table = tableOf(reference, window)
  const result = chiSquareTest(reference, window)
  if (table === undefined || result === undefined) return undefined
  return Math.min(1, Math.sqrt(result.statistic / (table.left + table.right)))
}

/**
 * Fisher's exact test of a 2×2 table (two-sided: all tables at most as probable), the statistic being the odds ratio. Source: R. A.
 * Fisher, JRSS 85 (1922). `undefined` without rows on a side.
 */
export function fisherTest(
  [a, c]: readonly [number, number],
  [b, d]: readonly [number, number],
): TestResult | undefined {
  if (a + c === 0 || b + d === 0) return undefined
  const [first, left, n] = [a + b, a + c, a + b + c + d]
  const logChoose = (m: number, k: number): number => logFactorial(m) - logFactorial(k) - logFactorial(m - k)
  const whole = logChoose(n, left)
  const log = (x: number): number => logChoose(first, x) + logChoose(n - first, left - x) - whole
  const observed = log(a)
  let p = 0
  for (let x = Math.max(0, left + first - n); x <= Math.min(left, first); x++) {
    const each = log(x)
    // Equal probabilities differ by the rounding of their logarithms.
    if (each <= observed + 1e-7) p += Math.exp(each)
  }
  return { statistic: (a * d) / (b * c), p: Math.min(1, p) }
}

/** z test of two shares, pooled, two-sided: k of n on each side. `undefined` without rows on a side or where no share varies. */
export function shareTest(
  [k1, n1]: readonly [number, number],
  [k2, n2]: readonly [number, number],
): TestResult | undefined {
  const pooled = (k1 + k2) / (n1 + n2)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
  if (n1 === 0 || n2 === 0 || !(error > 0)) return undefined
  const statistic = (k1 / n1 - k2 / n2) / error
  return { statistic, p: 2 * normalCdf(-Math.abs(statistic)) }
}
