import { evaluate } from '../../../packages/core/src/expr/evaluate/evaluate.ts'
import { compareText } from '../../../packages/core/src/expr/evaluate/compare.ts'
import type { Expr } from '../../../packages/core/src/expr/expr.ts'
import { isError, type Value } from '../../../packages/core/src/expr/value.ts'
import { quantileType7 } from '../../../packages/core/src/stats/quantile.ts'
import type { Question } from './questions.ts'
import type { Row } from './tables.ts'

/** A number, a text, microseconds, or null where undefined; and how far another answer may be from it. */
export interface Expected {
  readonly value: bigint | number | string | boolean | null
  readonly tolerance: number
}

type Plain = bigint | number | string | boolean

const plain = (value: Value): Plain =>
  typeof value === 'object' && 'timestamp' in value ? (value as { timestamp: bigint }).timestamp : (value as Plain)

/** The value of an expression on a row; undefined where it ends in an error. */
function valueOn(expr: Expr, row: Row): Plain | undefined {
  const value = evaluate(expr, { row })
  return isError(value) ? undefined : plain(value)
}

/** The rows of a slice: those on which it is true. */
export const sliced = (rows: readonly Row[], slice: Expr | undefined): readonly Row[] =>
  slice === undefined ? rows : rows.filter((row) => valueOn(slice, row) === true)

const exactly = (value: Expected['value']): Expected => ({ value, tolerance: 0 })
const undefinedValue = exactly(null)
const least = (a: Plain, b: Plain): boolean =>
  typeof a === 'string' && typeof b === 'string' ? compareText(a, b) < 0 : a < b

/** The sum as IEEE 754 has it, each addition's error added up (Neumaier). */
function sum(values: readonly number[]): number {
  let total = 0
  let lost = 0
  for (const value of values) {
    const next = total + value
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
    total = next
  }
  return Number.isFinite(total) ? total + lost : total
}

const magnitude = (values: readonly number[]): number => sum(values.map(Math.abs))

/** Measures a question by a loop over rows. */
export function naive(question: Question, rows: readonly Row[]): Expected {
  const [first] = question.args
  const found = first === undefined ? [] : rows.map((row) => valueOn(first, row))
  const present = found.filter((value) => value !== undefined)
  switch (question.fn) {
    case 'count':
      return exactly(BigInt(rows.length))
    case 'distinct':
      return exactly(BigInt(new Set(present.map((value) => (value === 0 ? 0 : value))).size))
    case 'null_share':
      return rows.length === 0 ? undefinedValue : near((rows.length - present.length) / rows.length, 1)
    case 'share':
      return rows.length === 0
        ? undefinedValue
        : near(present.filter((value) => value === true).length / rows.length, 1)
    case 'min':
    case 'max':
      return exactly(extreme(present, question.fn === 'max'))
    case 'sum':
      if (present.every((value) => typeof value === 'bigint')) return sumOfInts(present)
  }
  const numbers = present.map(Number)
  if (numbers.length === 0) return undefinedValue
  switch (question.fn) {
    case 'sum':
      return near(sum(numbers), magnitude(numbers))
    case 'mean':
      return near(sum(numbers) / numbers.length, magnitude(numbers) / numbers.length)
    case 'variance':
      return moments(numbers)
    case 'stddev': {
      const { value, tolerance } = moments(numbers)
      return value === null
        ? undefinedValue
        : {
            value: Math.sqrt(Number(value)),
            tolerance: Math.sqrt(Number(value) + tolerance) - Math.sqrt(Number(value)),
          }
    }
    case 'correlation':
      return correlation(question, rows)
    default: {
      const sorted = Float64Array.from(numbers).sort()
      const value = quantileType7(sorted, question.fn === 'median' ? 0.5 : (question.q ?? 0.5))
      return value === undefined
        ? undefinedValue
        : near(value, Math.max(...numbers.filter(Number.isFinite).map(Math.abs), 0))
    }
  }
}

/** Halves of the least numbers are rounded as each engine interpolates. */
const LEAST = 1e-300
const near = (value: number, scale: number): Expected =>
  Number.isNaN(value)
    ? undefinedValue
    : { value, tolerance: Number.isFinite(scale) ? Math.max(scale * 1e-12, LEAST) : 0 }

function extreme(values: readonly Plain[], greatest: boolean): Plain | null {
  const [first, ...rest] = values
  return first === undefined
    ? null
    : rest.reduce((best, value) => ((greatest ? least(best, value) : least(value, best)) ? value : best), first)
}

function sumOfInts(values: readonly bigint[]): Expected {
  if (values.length === 0) return undefinedValue
  const total = values.reduce((a, b) => a + b, 0n)
  return exactly(BigInt.asIntN(64, total) === total ? total : null)
}

const fits = (values: readonly number[]): boolean => values.every((value) => Math.abs(value) <= 1e145)

/** Two passes; divisor n − 1. */
function moments(values: readonly number[]): Expected {
  if (values.length < 2 || !fits(values)) return undefinedValue
  if (values.every((value) => value === values[0])) return exactly(0)
  const mean = sum(values) / values.length
  const value = sum(values.map((each) => (each - mean) ** 2)) / (values.length - 1)
  const scale = Math.max(...values.map(Math.abs))
  // Engines keep running sums, which lose some units in the last place of the mean times the deviation.
  return { value, tolerance: value * 1e-9 + Math.sqrt(value) * scale * 4e-15 + (scale * 4e-15) ** 2 }
}

function correlation(question: Question, rows: readonly Row[]): Expected {
  const [left, right] = question.args as [Expr, Expr]
  const pairs = rows.flatMap((row) => {
    const [a, b] = [valueOn(left, row), valueOn(right, row)]
    return a === undefined || b === undefined ? [] : [[Number(a), Number(b)] as const]
  })
  const [xs, ys] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)]
  if (!fits(xs) || !fits(ys)) return undefinedValue
  if (xs.every((value) => value === xs[0]) || ys.every((value) => value === ys[0])) return undefinedValue
  const [meanX, meanY] = [sum(xs) / xs.length, sum(ys) / ys.length]
  const [dx, dy] = [xs.map((value) => value - meanX), ys.map((value) => value - meanY)]
  const [xx, yy] = [sum(dx.map((d) => d * d)), sum(dy.map((d) => d * d))]
  if (xx <= 1e-290 || yy <= 1e-290) return undefinedValue
  const xy = sum(dx.map((d, k) => d * (dy[k] as number)))
  // Running sums lose some units in the last place of the largest value, which is much where values hardly differ from each other.
  const lost = (values: readonly number[], squares: number): number =>
    (2e-15 * Math.max(...values.map(Math.abs))) / Math.sqrt(squares / values.length)
  return { value: xy / Math.sqrt(xx) / Math.sqrt(yy), tolerance: 1e-9 + lost(xs, xx) + lost(ys, yy) }
}

/** Rows in groups larger than one; missing equals missing, and −0 equals 0. */
export function naiveDuplicates(names: readonly string[], rows: readonly Row[]): bigint {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const key = JSON.stringify(
      names.map((name) => {
        const cell = row.get(name) ?? null
        return cell === null ? null : String(plain(cell) === 0 ? 0 : plain(cell))
      }),
    )
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return BigInt([...counts.values()].filter((count) => count > 1).reduce((a, b) => a + b, 0))
}
