import { describe, expect, it, test } from 'vitest'
import {
  accuracy,
  balancedAccuracy,
  type Confusion,
  f1,
  kappa,
  mcc,
  positiveRate,
  proportion,
} from '../../stats/metrics/confusion.ts'
import { createRandom } from '../../stats/prng.ts'
import { type BoxMetric, deniedByBoxes, type Limit, movesAtLeast } from './boxes.ts'

const random = createRandom(process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline', 'boxes test')
const SETS = Number(process.env['PLUMB_BOXES'] ?? 400)
const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T

/** The metrics from the cells, as they are measured. */
const MEASURED: Readonly<Record<BoxMetric, (c: Confusion) => number | undefined>> = {
  recall: (c) => proportion('recall', c),
  precision: (c) => proportion('precision', c),
  specificity: (c) => proportion('specificity', c),
  negative_predictive_value: (c) => proportion('negative_predictive_value', c),
  false_positive_rate: (c) => proportion('false_positive_rate', c),
  false_negative_rate: (c) => proportion('false_negative_rate', c),
  false_discovery_rate: (c) => proportion('false_discovery_rate', c),
  jaccard: (c) => proportion('jaccard', c),
  f1,
  accuracy,
  balanced_accuracy: balancedAccuracy,
  positive_rate: positiveRate,
  prevalence: (c) =>
    (c.truePositives + c.falseNegatives) / (c.truePositives + c.falseNegatives + c.falsePositives + c.trueNegatives),
  mcc,
  kappa,
}
const METRICS = Object.keys(MEASURED) as BoxMetric[]

/** Every confusion matrix of so many of each kind at most, a few with very many rows of one kind, and drawn ones. */
const MATRICES: readonly Confusion[] = (() => {
  const most = [0, 1, 2, 3, 5, 8, 20, 400]
  const all = most.flatMap((truePositives) =>
    most.flatMap((falsePositives) =>
      most.flatMap((falseNegatives) =>
        most.map((trueNegatives) => ({ truePositives, falsePositives, falseNegatives, trueNegatives })),
      ),
    ),
  )
  return all.slice(1)
})()

const isMet = (limits: readonly Limit[], c: Confusion): boolean =>
  limits.every(({ metric, atLeast, bound }) => {
    const value = MEASURED[metric](c)
    return value !== undefined && !Number.isNaN(value) && (atLeast ? value >= bound : value <= bound)
  })

const limit = (metric: BoxMetric, atLeast: boolean, bound: number): Limit => ({ metric, atLeast, bound })

describe('decisions that are denied', () => {
  it.each([
    [
      'F1, a low correlation, few alarms',
      [
        ['f1', 0.95],
        ['mcc', -0.3],
        ['positive_rate', -0.1],
      ],
    ],
    [
      'F1, a low kappa, few alarms',
      [
        ['f1', 0.95],
        ['kappa', -0.3],
        ['positive_rate', -0.1],
      ],
    ],
    [
      'precise and complete, few positive, and a low correlation',
      [
        ['recall', 0.9],
        ['precision', 0.9],
        ['mcc', -0.8],
        ['prevalence', -0.2],
      ],
    ],
    [
      'of the negative class',
      [
        ['specificity', 0.9],
        ['negative_predictive_value', 0.9],
        ['mcc', -0.5],
        ['positive_rate', 0.4],
      ],
    ],
    [
      'F1 and few right',
      [
        ['f1', 0.9],
        ['accuracy', -0.5],
      ],
    ],
    [
      'a high correlation that finds little',
      [
        ['mcc', 0.9],
        ['recall', -0.7],
      ],
    ],
  ] as const)('%s', (_, of) => {
    const limits = of.map(([metric, bound]) => limit(metric, bound > 0, Math.abs(bound)))
    expect(deniedByBoxes(limits)).toEqual(new Set(limits))
    expect(MATRICES.some((c) => isMet(limits, c))).toBe(false)
    // Without any one of them some decision meets the others.
    for (const left of limits) {
      const others = limits.filter((each) => each !== left)
      expect(deniedByBoxes(others)).toBeUndefined()
      expect(MATRICES.some((c) => isMet(others, c))).toBe(true)
    }
  })

  it('are not those that are possible at the bound itself, or nearly', () => {
    // Recall and precision of 0.9 are F1 of 0.9.
    expect(deniedByBoxes([limit('recall', true, 0.9), limit('f1', false, 0.9)])).toBeUndefined()
    expect(deniedByBoxes([limit('f1', true, 0.95), limit('mcc', false, 0.3)])).toBeUndefined()
  })
})

test('no set that is denied is met by any matrix, and those that are far from being met are denied', () => {
  let [denied, possible, open] = [0, 0, 0]
  for (let i = 0; i < SETS; i++) {
    const limits = Array.from({ length: 2 + random.int(3) }, () =>
      limit(pick(METRICS), random.int(3) > 0, pick([0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95])),
    )
    const found = deniedByBoxes(limits)
    const met = MATRICES.find((c) => isMet(limits, c))
    if (found !== undefined) {
      denied++
      expect(met, JSON.stringify([limits, met])).toBeUndefined()
      // What was needed for it is enough.
      expect(deniedByBoxes(limits.filter((each) => found.has(each)))).toBeDefined()
    } else if (met === undefined) open++
    else possible++
  }
  expect(denied).toBeGreaterThan(SETS / 20)
  expect(possible).toBeGreaterThan(SETS / 20)
  // Most sets that no matrix meets are proved to be so; others need no true positive, or touch.
  expect(open, `${denied} denied, ${possible} possible, ${open} open`).toBeLessThan(2 * denied)
})

/** How far bounds have to be moved in total for one matrix. */
const movesFor = (limits: readonly Limit[], c: Confusion): number =>
  limits.reduce((sum, { metric, atLeast, bound }) => {
    const value = MEASURED[metric](c)
    return value === undefined || Number.isNaN(value)
      ? Number.POSITIVE_INFINITY
      : sum + Math.max(0, atLeast ? bound - value : value - bound)
  }, 0)

const eachAlone = (limits: readonly Limit[]) => limits.map((each) => ({ limits: [each], weight: 1 }))

describe('the least that bounds have to be moved by', () => {
  it('is proved to a hundredth where a fine grid of decisions comes as near', () => {
    // Recall 0.9 of two in ten that are positive needs 0.18 positive decisions.
    const limits = [limit('recall', true, 0.9), limit('positive_rate', false, 0.05), limit('prevalence', true, 0.2)]
    expect(movesAtLeast(eachAlone(limits), 0.129)).toBe(true)
    expect(movesAtLeast(eachAlone(limits), 0.131)).toBe(false)
    // Those that move as one count once.
    const [first, ...others] = limits as [Limit, ...Limit[]]
    expect(movesAtLeast([{ limits: [first, first], weight: 1 }, ...eachAlone(others)], 0.131)).toBe(false)
  })

  it('is never said to be more than what some matrix asks', () => {
    let proved = 0
    for (let i = 0; i < SETS / 4; i++) {
      const limits = Array.from({ length: 2 + random.int(2) }, () =>
        limit(pick(METRICS), random.int(3) > 0, pick([0.1, 0.3, 0.5, 0.7, 0.9, 0.95])),
      )
      const least = Math.min(...MATRICES.map((c) => movesFor(limits, c)))
      if (least < 0.02) {
        expect(movesAtLeast(eachAlone(limits), least + 1e-6), JSON.stringify(limits)).toBe(false)
        continue
      }
      expect(movesAtLeast(eachAlone(limits), least + 1e-6), JSON.stringify(limits)).toBe(false)
      // The grid is coarse: the least is a little below what it finds.
      if (movesAtLeast(eachAlone(limits), 0.7 * least)) proved++
    }
    expect(proved).toBeGreaterThan(3)
  })
})
