import { describe, expect, it } from 'vitest'
import { createRandom, type Random } from '../prng.ts'
import { type Assumption, FALSE_WITHDRAWALS } from './assumptions.ts'
import { labelFreeEstimate, type LabelFreeEstimate } from './estimate.ts'
import type { EstimatedMetric } from './estimated-metrics.ts'
import { type ScoredRows, stratumOf } from './strata.ts'

// Estimates without labels, against the truth of the population that rows are drawn from: where the assumptions hold an interval at 95 %
// holds it, and where they do not the estimate is withdrawn.

/** A world: where x lies, how many rows are of the group, and what the label depends on beside the score. */
interface World {
  readonly mean: number
  readonly group: number
  /** Added to the log odds: of everybody, and of the group. */
  readonly concept: number
  readonly ofGroup: number
}

const HOME: World = { mean: 0, group: 0.3, concept: 0, ofGroup: 0 }
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

interface Drawn extends ScoredRows {
  readonly group: Uint8Array
  readonly share: Float64Array
}

/** The score ranks but is no probability: the truth is steeper. */
function draw(n: number, world: World, random: Random): Drawn {
  const scores = new Float64Array(n)
  const share = new Float64Array(n)
  const group = new Uint8Array(n)
  for (let row = 0; row < n; row++) {
    const x = world.mean + random.normal()
    group[row] = random.float() < world.group ? 1 : 0
    scores[row] = sigmoid(0.7 * x)
    share[row] = sigmoid(1.4 * x - 0.3 + world.concept + (group[row] === 1 ? world.ofGroup : 0))
  }
  return {
    scores,
    decisions: scores.map((score) => (score >= 0.5 ? 1 : 0)),
    labels: share.map((p) => (random.float() < p ? 1 : 0)),
    group,
    share,
  }
}

const unlabelled = (rows: Drawn, known = 0): ScoredRows => ({
  ...rows,
  labels: rows.labels.map((label, row) => (row < known ? label : Number.NaN)),
})

function truth(metric: EstimatedMetric, world: World): number {
  const { decisions, share, scores } = draw(400_000, world, createRandom('truth', JSON.stringify([metric, world])))
  if (metric === 'roc_auc') {
    const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] as number) - (scores[b] as number))
    let [positives, negatives, ordered] = [0, 0, 0]
    for (const row of order) {
      const p = share[row] as number
      ordered += p * negatives
      positives += p
      negatives += 1 - p
    }
    return ordered / (positives * negatives)
  }
  let [tp, fp, fn, tn] = [0, 0, 0, 0]
  share.forEach((p, row) => {
    if (decisions[row] === 1) {
      tp += p
      fp += 1 - p
    } else {
      fn += p
      tn += 1 - p
    }
  })
  const of = { accuracy: (tp + tn) / share.length, precision: tp / (tp + fp), recall: tp / (tp + fn) }
  const others = { specificity: tn / (tn + fp), f1: (2 * tp) / (2 * tp + fp + fn) }
  return { ...of, ...others }[metric]
}

function estimate(
  metric: EstimatedMetric,
  reference: Drawn,
  rows: Drawn,
  random: Random,
  known = 0,
  outside = 0,
): LabelFreeEstimate {
  return labelFreeEstimate({
    metric,
    reference,
    rows: unlabelled(rows, known),
    outside: { rows: outside, expected: 0 },
    columns: (strata) => {
      const tallied = (of: Drawn, counts: (row: number) => boolean): Uint32Array => {
        const found = new Uint32Array(2 * strata.count)
        of.scores.forEach((score, row) => {
          const stratum = stratumOf(strata, score, metric === 'roc_auc' ? 0 : (of.decisions[row] as number))
          if (stratum !== undefined && counts(row)) found[(of.group[row] as number) * strata.count + stratum]!++
        })
        return found
      }
      const positives = tallied(reference, (row) => reference.labels[row] === 1)
      return [
        {
          column: 'group',
          values: 2,
          reference: tallied(reference, () => true),
          sums: Float64Array.from(positives),
          rows: tallied(rows, () => true),
        },
      ]
    },
    random,
    replicates: 299,
  })
}

const ROUNDS = Number(process.env['PLUMB_LABEL_FREE_ROUNDS'] ?? 40)

function simulate(
  metric: EstimatedMetric,
  reference: World,
  world: World,
  sizes: readonly [number, number],
  known = 0,
) {
  const random = createRandom('label-free', JSON.stringify([metric, reference, world, sizes, known]))
  const value = truth(metric, world)
  let [held, decided] = [0, 0]
  const failed = { reference: 0, support: 0, calibration: 0, concept: 0 } satisfies Record<Assumption, number>
  for (let round = 0; round < ROUNDS; round++) {
    const found = estimate(metric, draw(sizes[0], reference, random), draw(sizes[1], world, random), random, known)
    for (const { assumption, verdict } of found.assumptions) if (verdict === 'fails') failed[assumption]++
    if (found.estimate.kind === 'undefined') continue
    decided++
    const { low, high } = found.estimate.interval(0.95)
    if (low <= value && value <= high) held++
  }
  return { coverage: held / decided, decided: decided / ROUNDS, failed }
}

/** Room for three standard errors of the simulation. */
const ROOM = 3 * Math.sqrt((0.95 * 0.05) / ROUNDS)

describe('assumptions hold', () => {
  it.each<[EstimatedMetric, World, readonly [number, number]]>([
    ['accuracy', HOME, [1000, 500]],
    ['precision', HOME, [1000, 500]],
    ['recall', HOME, [1000, 500]],
    ['specificity', HOME, [1000, 500]],
    ['f1', HOME, [1000, 500]],
    ['roc_auc', HOME, [1000, 500]],
    ['accuracy', { ...HOME, mean: 0.7 }, [2000, 2000]],
    ['recall', { ...HOME, mean: 0.7, group: 0.6 }, [2000, 2000]],
    ['roc_auc', { ...HOME, mean: 0.7, group: 0.6 }, [2000, 2000]],
  ])('%s, in %o, %o rows: the interval holds the truth', (metric, world, sizes) => {
    const found = simulate(metric, HOME, world, sizes)
    expect(found.coverage).toBeGreaterThan(0.935 - ROOM)
    expect(found.coverage).toBeLessThan(0.97 + ROOM)
    // What is checked twice (calibration, concept) may each find something that is not there.
    expect(found.decided).toBeGreaterThan(1 - 2 * FALSE_WITHDRAWALS - 0.08)
  })
})

describe('assumptions do not hold', () => {
  it('a changed concept is seen in the labels that are there; without labels it is not', () => {
    const changed = { ...HOME, concept: -1 }
    const seen = simulate('accuracy', HOME, changed, [2000, 2000], 300)
    const unseen = simulate('accuracy', HOME, changed, [2000, 2000])
    expect(seen.failed.concept / ROUNDS).toBeGreaterThan(0.95)
    // What nobody can see without a label: the estimate stands, and is wrong.
    expect(unseen.decided).toBeGreaterThan(0.9)
    expect(unseen.coverage).toBeLessThan(0.05)
  })
  it('a group whose labels differ at equal scores, and of which there are now more', () => {
    const world = { ...HOME, ofGroup: 1.5 }
    const found = simulate('accuracy', world, { ...world, group: 0.8 }, [2000, 2000])
    expect(found.failed.calibration / ROUNDS).toBeGreaterThan(0.95)
  })
  it('as long as there are as many, the estimate holds', () => {
    const world = { ...HOME, ofGroup: 1.5 }
    const found = simulate('accuracy', world, world, [2000, 2000])
    expect(found.decided).toBeGreaterThan(0.9)
    expect(found.coverage).toBeGreaterThan(0.935 - ROOM)
  })
})
