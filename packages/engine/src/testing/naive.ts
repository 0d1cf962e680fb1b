import { createEvaluator, type Expr, isError, type Value } from '@plumbline/core'

/** A row as the reference evaluator reads it. */
export type Row = ReadonlyMap<string, Value | null>

const evaluator = createEvaluator()

/** true, false, or the code of the error. */
export function judge(expr: Expr, row: Row): boolean | string {
  const outcome = evaluator.evaluate(expr, { row })
  return isError(outcome) ? outcome.error : outcome === true
}

/** The value of an expression on a row: null where missing, the code (as a symbol) where it is another error. */
export function valueOn(expr: Expr, row: Row): Value | null | symbol {
  const outcome = evaluator.evaluate(expr, { row })
  if (!isError(outcome)) return outcome
  return outcome.error === 'missing' ? null : Symbol.for(outcome.error)
}

/** Rows one by one: what an `every` clause counts. */
export function naiveEvery(rows: readonly Row[], condition: Expr, missing: 'fail' | 'pass' | 'exclude') {
  let n = 0
  let failing = 0
  let missed = 0
  let excluded = 0
  for (const row of rows) {
    const verdict = judge(condition, row)
    if (verdict === 'missing') missed++
    if (verdict === 'missing' && missing === 'exclude') {
      excluded++
      continue
    }
    n++
    if (verdict === true || (verdict === 'missing' && missing === 'pass')) continue
    failing++
  }
  return { n, failing, missing: missed, excluded }
}

/** Numbers of a column of values; null for missing ones is left out. */
export function numbersOf(values: readonly (Value | null)[]): number[] {
  return values.filter((value) => value !== null).map(Number)
}

/** Plain definitions, each written from its words; undefined where the number does not exist. */
export const naive = {
  mean(x: readonly number[]): number | undefined {
    if (x.length === 0) return undefined
    let sum = 0
    for (const each of x) sum += each
    return defined(sum / x.length)
  },
  variance(x: readonly number[]): number | undefined {
    if (x.length < 2 || x.some((each) => !Number.isFinite(each))) return undefined
    const mean = x.reduce((a, b) => a + b, 0) / x.length
    return x.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (x.length - 1)
  },
  quantile(x: readonly number[], q: number): number | undefined {
    if (x.length === 0) return undefined
    const sorted = [...x].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    const position = q * (sorted.length - 1)
    const low = sorted[Math.floor(position)] as number
    const high = sorted[Math.ceil(position)] as number
    if (low === high) return low
    const part = position - Math.floor(position)
    return Number.isFinite(high - low) ? low + (high - low) * part : defined(low * (1 - part) + high * part)
  },
  correlation(x: readonly number[], y: readonly number[]): number | undefined {
    if (x.length < 2 || [...x, ...y].some((each) => !Number.isFinite(each))) return undefined
    const mx = x.reduce((a, b) => a + b, 0) / x.length
    const my = y.reduce((a, b) => a + b, 0) / y.length
    let [xx, yy, xy] = [0, 0, 0]
    x.forEach((each, i) => {
      xx += (each - mx) ** 2
      yy += ((y[i] as number) - my) ** 2
      xy += (each - mx) * ((y[i] as number) - my)
    })
    const spread = Math.sqrt(xx) * Math.sqrt(yy)
    return spread === 0 || !Number.isFinite(spread) ? undefined : defined(xy / spread)
  },
  /** Greatest difference of the two distribution functions over every value of both. */
  ks(a: readonly number[], b: readonly number[]): number | undefined {
    if (a.length === 0 || b.length === 0) return undefined
    let greatest = 0
    for (const at of [...a, ...b]) {
      const below = (side: readonly number[]) => side.filter((each) => each <= at).length / side.length
      greatest = Math.max(greatest, Math.abs(below(a) - below(b)))
    }
    return greatest
  },
  /** PSI over given counts, 0.5 added to each. */
  psi(reference: readonly number[], window: readonly number[]): number | undefined {
    const [p, q] = [smoothed(reference), smoothed(window)]
    return p === undefined || q === undefined
      ? undefined
      : p.reduce((sum, each, i) => sum + (each - (q[i] as number)) * Math.log(each / (q[i] as number)), 0)
  },
  js(reference: readonly number[], window: readonly number[]): number | undefined {
    const [p, q] = [smoothed(reference), smoothed(window)]
    if (p === undefined || q === undefined) return undefined
    const toward = (from: readonly number[], other: readonly number[]) =>
      from.reduce((sum, each, i) => sum + each * Math.log2((2 * each) / (each + (other[i] as number))), 0)
    return (toward(p, q) + toward(q, p)) / 2
  },
  /** Ten bins between deciles of the reference (right-closed), the last edge below the greatest value; then the missing ones. */
  bins(reference: readonly number[], side: readonly number[], missing: number): number[] {
    const top = Math.max(...reference)
    const below = reference.filter((each) => each < top)
    const sorted: number[] = []
    for (let i = 1; i < 10; i++) {
      let edge = reference.length === 0 ? undefined : naive.quantile(reference, i / 10)
      if (edge !== undefined && edge >= top) edge = below.length === 0 ? undefined : Math.max(...below)
      // A lower value below the top cannot follow a decile between it and the top.
      if (edge !== undefined && sorted.every((known) => known < (edge as number))) sorted.push(edge)
    }
    const counts = Array.from({ length: sorted.length + 1 }, () => 0)
    for (const each of side)
      counts[sorted.filter((edge) => edge < each).length] =
        (counts[sorted.filter((edge) => edge < each).length] ?? 0) + 1
    return [...counts, missing]
  },
}

function smoothed(counts: readonly number[]): number[] | undefined {
  const total = counts.reduce((a, b) => a + b, 0)
  return total === 0 ? undefined : counts.map((count) => (count + 0.5) / (total + 0.5 * counts.length))
}

function defined(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value
}
