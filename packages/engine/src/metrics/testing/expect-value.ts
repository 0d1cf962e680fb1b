import { expect } from 'vitest'
import { measure, type PlainMetric } from './terms.ts'

/** A metric of rows is a number to 1e-9, and lies within an interval of its own, where there are enough for one. */
export function expectValue(
  wanted: number,
  labels: readonly number[],
  columns: readonly (readonly number[])[],
  metric: PlainMetric,
): void {
  const rows = {
    n: columns[0]?.length ?? 0,
    labels: Float64Array.from(labels),
    columns: columns.map((column) => Float64Array.from(column)),
  }
  const [measured] = measure(rows, [metric])
  const value = Number(measured?.value)
  expect(Math.abs(value / wanted - 1), `${metric.term.fn}: ${value}, not ${wanted}`).toBeLessThan(1e-9)
  const { estimate } = measured ?? {}
  // Of few images, series or groups there is a value alone.
  if (estimate?.kind === 'undefined' && estimate.reason === 'too-few-rows') return
  if (estimate?.kind !== 'estimate') throw new Error(`${metric.term.fn} has no interval`)
  const { low, high } = estimate.interval(0.95)
  expect([low < value, high > value], metric.term.fn).toEqual([true, true])
}
