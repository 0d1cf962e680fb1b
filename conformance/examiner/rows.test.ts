import { decidabilityOf } from '@plumbline/core/power'
import { expect, test } from 'vitest'
import { ROWS_CASES, type RowsCase } from './rows-cases.ts'
import { compiledSpec } from '../../packages/core/src/testing/compiled-spec.ts'

const specOf = (yaml: string): string => `plumbline: 1
system: { name: fields, version: 1.0.0, purpose: A test. }
data:
  log:
    source: log.csv
    columns: { wait: { type: number }, bad: { type: boolean, role: label } }
models:
  m:
    artifact: m.onnx
    task: binary-classification
    input: { from: log, columns: [wait] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: bad
    decision: risk >= 0.5
clauses:
  k: { says: One., ${yaml} }
`

/** Chance that a standard normal number is below, by Simpson's rule. */
function normalBelow(z: number): number {
  const [steps, width] = [2_000, z / 2_000]
  let sum = 0
  for (let i = 0; i <= steps; i++)
    sum += (i === 0 || i === steps ? 1 : i % 2 === 0 ? 2 : 4) * Math.exp(-((i * width) ** 2) / 2)
  return 0.5 + (sum * width) / 3 / Math.sqrt(2 * Math.PI)
}

function deviations(confidence: number): number {
  let [low, high] = [0, 10]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (2 * normalBelow(middle) - 1 < confidence) low = middle
    else high = middle
  }
  return low
}

/** The interval of E. B. Wilson for k of n. */
function wilson(k: number, n: number, z: number): readonly [number, number] {
  const p = k / n
  const center = (p + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  return [center - half, center + half]
}

/** Whether some outcome of the rows shows that it holds, and some that it does not: each outcome is tried. */
function truthOf({ of, at, confidence = 0.95 }: RowsCase): { readonly hold: boolean; readonly fail: boolean } {
  if (of.kind === 'quantile') {
    // All numbers below the bound, or all above: what is left is whether the interval ends. It does where one tail is rare enough.
    const ends = (tail: number): boolean => tail ** at.rows <= (1 - confidence) / 2
    const [above, below] = [ends(of.q), ends(1 - of.q)]
    return of.atLeast ? { hold: below, fail: above } : { hold: above, fail: below }
  }
  const z = deviations(confidence)
  const intervals = Array.from({ length: of.rows + 1 }, (_, k) => wilson(k, of.rows, z))
  return of.atLeast
    ? { hold: intervals.some(([low]) => low >= of.bound), fail: intervals.some(([, high]) => high < of.bound) }
    : { hold: intervals.some(([, high]) => high <= of.bound), fail: intervals.some(([low]) => low > of.bound) }
}

test.each(ROWS_CASES.map((each) => [each.name, each] as const))('%s', (_, each) => {
  const value = compiledSpec(specOf(each.yaml))
  const [clause] = value.clauses.filter(({ id }) => id === 'k')
  if (clause?.form !== 'must') throw new Error('no clause')
  const [found, ...more] = decidabilityOf(clause, { count: each.at })
  expect(more).toEqual([])
  expect({ hold: found?.canHold, fail: found?.canFail }).toEqual(truthOf(each))
  // So many rows of the kind that counts do, and one fewer does not.
  const { rowsToHold: needed } = found ?? {}
  if (found?.canHold === false && each.of.kind === 'share' && needed !== undefined) {
    const { of } = each
    expect(truthOf({ ...each, of: { ...of, rows: needed } }).hold).toBe(true)
    expect(truthOf({ ...each, of: { ...of, rows: needed - 1 } }).hold).toBe(false)
  }
  if (found?.canHold === false && each.of.kind === 'quantile') {
    const at = (rows: number) => truthOf({ ...each, at: { ...each.at, rows } }).hold
    expect([at(needed ?? 0), at((needed ?? 0) - 1)]).toEqual([true, false])
  }
  // The author is judged as well.
  expect(truthOf(each), 'what its author believes').toEqual(each.can)
})
