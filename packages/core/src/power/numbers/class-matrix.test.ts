import { describe, expect, it } from 'vitest'
import { bootstrap } from '../../stats/bootstrap.ts'
import { createRandom } from '../../stats/prng.ts'
import { cellPopulation, drawBinomial } from '../../stats/resample.ts'
import { type ClassMetric, decisionsOfClasses, scaledClasses } from './class-matrix.ts'
import { decisionDecides, detectableDecision } from './decisions.ts'

const random = createRandom('plumbline', 'class matrix test')

const atLeast = (metric: ClassMetric, sizes: readonly number[], bound: number) => {
  const decisions = scaledClasses(metric, sizes)
  const detectable = detectableDecision(decisions.of(decisions.rows), bound, 0.95)
  return { ...decisionDecides(decisions, bound, 0.95), ...(detectable === undefined ? {} : { detectable }) }
}

/** The interval that decides, of a matrix of counts. */
function decided(metric: ClassMetric, sizes: readonly number[], cells: readonly number[], replicates = 299) {
  const { of, range } = decisionsOfClasses(metric, sizes)
  const found = bootstrap(
    { populations: [cellPopulation(cells)], random, replicates },
    { evaluate: (counts) => (counts === undefined ? undefined : of(counts)), range },
  )
  return found.kind === 'estimate' ? found.interval(0.95) : undefined
}

/** A decision that is wrong of so great a share of each class, and then any other class alike. */
function drawn(sizes: readonly number[], wrong: number): readonly number[] {
  const size = sizes.length
  const cells = Array.from({ length: (size + 1) ** 2 }, () => 0)
  for (const [label, rows] of sizes.entries()) {
    const mistakes = drawBinomial(rows, wrong, random)
    ;(cells[label * (size + 1) + label] as number) += rows - mistakes
    for (let i = 0; i < mistakes; i++)
      (cells[label * (size + 1) + ((label + 1 + random.int(size - 1)) % size)] as number)++
  }
  return cells
}

describe('metrics of several classes', () => {
  it.each([
    ['recall_macro', [100, 60, 40], 0.7],
    ['balanced_accuracy', [300, 30, 20, 10], 0.6],
    ['precision_macro', [120, 80, 50], 0.6],
    ['f1_macro', [100, 100, 100, 100], 0.7],
    ['f1_weighted', [200, 50, 50], 0.75],
    ['precision_weighted', [200, 50, 50], 0.75],
    ['jaccard_macro', [150, 100, 60], 0.5],
    ['mcc', [100, 100, 60], 0.6],
    ['kappa', [100, 100, 60], 0.6],
  ] as const)('%s of %j is shown to be %d four times in five where it is detectable', (metric, sizes, bound) => {
    const { detectable = Number.NaN } = atLeast(metric, sizes, bound)
    const { of, wrong } = decisionsOfClasses(metric, sizes)
    // The share of mistakes at which the metric has that value, of a hundred times the rows.
    const many = decisionsOfClasses(
      metric,
      sizes.map((own) => 100 * own),
    )
    let [few, most] = [0, 0.6]
    for (let i = 0; i < 30; i++) {
      const middle = (few + most) / 2
      if ((many.of(many.wrong(middle)) ?? 0) > detectable) few = middle
      else most = middle
    }
    expect(of(wrong(few)) ?? 0).toBeCloseTo(detectable, 1)
    const trials = 150
    let shown = 0
    for (let i = 0; i < trials; i++) if ((decided(metric, sizes, drawn(sizes, few))?.low ?? -1) >= bound) shown++
    expect(Math.abs(shown / trials - 0.8), String(shown / trials)).toBeLessThan(0.12)
  })

  it.each([
    ['recall_macro', [12, 9], 0.9],
    ['recall_macro', [12, 9], 0.6],
    ['precision_macro', [11, 10], 0.85],
    ['f1_macro', [14, 8], 0.8],
    ['mcc', [12, 12], 0.7],
    ['balanced_accuracy', [24, 2], 0.5],
  ] as const)('%s of %j is shown to be %d exactly where some decision shows it', (metric, sizes, bound) => {
    const { canHold, canFail, rowsToHold } = atLeast(metric, sizes, bound)
    const [one, other] = sizes
    let [shown, refuted] = [false, false]
    for (let a = 0; a <= one; a++)
      for (let b = 0; b <= other; b++) {
        const interval = decided(metric, sizes, [one - a, a, 0, b, other - b, 0, 0, 0, 0], 1999)
        shown ||= interval !== undefined && interval.low >= bound
        refuted ||= interval !== undefined && interval.high < bound
      }
    expect([canHold, canFail]).toEqual([shown, refuted])
    if (!canHold && rowsToHold !== undefined) expect(rowsToHold).toBeGreaterThan(one + other)
  })
})
