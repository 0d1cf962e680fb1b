import { describe, expect, it } from 'vitest'
import { createRandom, type Random } from '../prng.ts'
import { type Assumption, FALSE_WITHDRAWALS, type ValueStrata } from './assumptions.ts'
import { labelFreeEstimate, type LabelFreeMetric } from './estimate.ts'
import type { OutcomeOf } from './outcomes.ts'
import { type ScoredRows, type ScoreStrata, stratumOf } from './strata.ts'

// Estimates without labels of several classes and of regressions, against the truth of the population that rows are drawn from.

/** Where x lies, how many rows are of the group, what everybody's and the group's label depends on beside the answer. */
interface World {
  readonly mean: number
  readonly group: number
  readonly concept: number
  readonly ofGroup: number
}
const HOME: World = { mean: 0, group: 0.3, concept: 0, ofGroup: 0 }

interface Drawn extends ScoredRows {
  readonly x: Float64Array
  readonly group: Float64Array
}

const CLASSES = ['low', 'middle', 'high'] as const

/** Logits are 0, x and y; the model's are flatter, so that what it calls probabilities are none. */
function drawClasses(n: number, world: World, random: Random): Drawn {
  const rows = empty(n)
  for (let row = 0; row < n; row++) {
    const [x, y] = [world.mean + random.normal(), random.normal()]
    const group = random.float() < world.group ? 1 : 0
    const shares = softmax([0, 0.6 * x, 0.6 * y])
    const answer = shares.indexOf(Math.max(...shares))
    const logits = [0, 1.5 * x, 1.5 * y]
    const shift = world.concept + group * world.ofGroup
    logits[answer] = (logits[answer] as number) - shift
    rows.x[row] = x
    rows.group[row] = group
    rows.decisions[row] = answer
    rows.scores[row] = shares[answer] as number
    rows.labels[row] = drawnOf(softmax(logits), random)
  }
  return rows
}

/** The answer is 2x; the noise grows with it, and with what has changed. */
function drawAmounts(n: number, world: World, random: Random): Drawn {
  const rows = empty(n)
  for (let row = 0; row < n; row++) {
    const x = world.mean + random.normal()
    const group = random.float() < world.group ? 1 : 0
    const spread = Math.exp(0.4 * x) * (1 + world.concept + group * world.ofGroup)
    rows.x[row] = x
    rows.group[row] = group
    rows.scores[row] = 2 * x
    rows.labels[row] = 2 * x + spread * random.normal()
  }
  return rows
}

function empty(n: number): Drawn {
  const column = (): Float64Array => new Float64Array(n)
  return { scores: column(), decisions: column(), labels: column(), x: column(), group: column() }
}
function softmax(logits: readonly number[]): number[] {
  const powers = logits.map(Math.exp)
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((each) => each / sum)
}
function drawnOf(shares: readonly number[], random: Random): number {
  let left = random.float()
  return shares.findIndex((share) => (left -= share) < 0)
}

const METRICS = {
  accuracy: { task: 'classes', metric: 'accuracy', classes: CLASSES },
  recall_macro: { task: 'classes', metric: 'recall_macro', classes: CLASSES },
  precision_macro: { task: 'classes', metric: 'precision_macro', classes: CLASSES },
  f1_macro: { task: 'classes', metric: 'f1_macro', classes: CLASSES },
  mae: { task: 'amount', metric: 'mae' },
  rmse: { task: 'amount', metric: 'rmse' },
} as const satisfies Record<string, LabelFreeMetric>
type Metric = keyof typeof METRICS

const draw = (metric: Metric, n: number, world: World, random: Random): Drawn =>
  METRICS[metric].task === 'amount' ? drawAmounts(n, world, random) : drawClasses(n, world, random)

/** The metric of labelled rows, by its definition. */
function measured(metric: Metric, { scores, labels, decisions }: ScoredRows): number {
  const share = (isCounted: (row: number) => boolean, among: (row: number) => boolean): number => {
    let [k, n] = [0, 0]
    for (let row = 0; row < labels.length; row++)
      if (among(row)) {
        n++
        if (isCounted(row)) k++
      }
    return k / n
  }
  const isRight = (row: number): boolean => labels[row] === decisions[row]
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  const recall = (i: number): number => share(isRight, (row) => labels[row] === i)
  const precision = (i: number): number => share(isRight, (row) => decisions[row] === i)
  const f1 = (i: number): number => (2 * precision(i) * recall(i)) / (precision(i) + recall(i))
  const loss = (power: number): number =>
    labels.reduce((sum, label, row) => sum + Math.abs(label - (scores[row] as number)) ** power, 0) / labels.length
  switch (metric) {
    case 'accuracy':
      return share(isRight, () => true)
    case 'recall_macro':
      return mean([0, 1, 2].map(recall))
    case 'precision_macro':
      return mean([0, 1, 2].map(precision))
    case 'f1_macro':
      return mean([0, 1, 2].map(f1))
    case 'mae':
      return loss(1)
    case 'rmse':
      return Math.sqrt(loss(2))
  }
}

/** The columns x (by its sign and size) and group, tallied. */
function columnsOf(reference: Drawn, rows: Drawn) {
  const places = (of: Drawn) => ({
    x: of.x.map((x) => (x < -0.5 ? 0 : x < 0.5 ? 1 : 2)),
    group: of.group,
  })
  const [there, here] = [places(reference), places(rows)]
  return (strata: ScoreStrata, outcome: OutcomeOf): readonly ValueStrata[] =>
    (['x', 'group'] as const).map((column) => {
      const tallied = (of: Drawn, cells: Float64Array, value: (row: number) => number): Float64Array => {
        const found = new Float64Array(3 * strata.count)
        of.scores.forEach((score, row) => {
          const stratum = stratumOf(strata, score, of.decisions[row] as number)
          if (stratum !== undefined) found[(cells[row] as number) * strata.count + stratum]! += value(row)
        })
        return found
      }
      const valueOf = (row: number): number =>
        outcome(reference.labels[row] as number, reference.decisions[row] as number, reference.scores[row] as number)
      return {
        column,
        values: 3,
        reference: Uint32Array.from(tallied(reference, there[column], () => 1)),
        sums: tallied(reference, there[column], valueOf),
        rows: Uint32Array.from(tallied(rows, here[column], () => 1)),
      }
    })
}

const ROUNDS = Number(process.env['PLUMB_LABEL_FREE_ROUNDS'] ?? 40)

/** Of a world there is one truth, however many metrics and sizes it is asked of. */
const populations = new Map<string, Drawn>()
function populationOf(metric: Metric, world: World): Drawn {
  const key = JSON.stringify([METRICS[metric].task, world])
  const drawn = populations.get(key) ?? draw(metric, 300_000, world, createRandom('truth', key))
  populations.set(key, drawn)
  return drawn
}

function simulate(metric: Metric, home: World, world: World, sizes: readonly [number, number], known = 0) {
  const random = createRandom('label-free', JSON.stringify([metric, home, world, sizes, known]))
  const value = measured(metric, populationOf(metric, world))
  const failed = { reference: 0, support: 0, calibration: 0, concept: 0 } satisfies Record<Assumption, number>
  let [held, decided] = [0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    const reference = draw(metric, sizes[0], home, random)
    const rows = draw(metric, sizes[1], world, random)
    const { estimate, assumptions } = labelFreeEstimate({
      ...METRICS[metric],
      reference,
      rows: { ...rows, labels: rows.labels.map((label, row) => (row < known ? label : Number.NaN)) },
      outside: { rows: 0, expected: 0 },
      columns: columnsOf(reference, rows),
      random,
      replicates: 199,
    })
    for (const { assumption, verdict } of assumptions) if (verdict === 'fails') failed[assumption]++
    if (estimate.kind === 'undefined') continue
    decided++
    const { low, high } = estimate.interval(0.95)
    if (low <= value && value <= high) held++
  }
  return { coverage: held / decided, decided: decided / ROUNDS, failed }
}

/** Room for three standard errors of the simulation. */
const ROOM = 3 * Math.sqrt((0.95 * 0.05) / ROUNDS)
const NAMES = Object.keys(METRICS) as readonly Metric[]

describe('assumptions hold', () => {
  it.each(NAMES)('%s: the interval holds the truth', (metric) => {
    const found = simulate(metric, HOME, HOME, [1500, 700])
    expect(found.coverage, JSON.stringify(found)).toBeGreaterThan(0.935 - ROOM)
    expect(found.decided, JSON.stringify(found)).toBeGreaterThan(1 - 2 * FALSE_WITHDRAWALS - 0.08)
  })
  it.each<Metric>(['accuracy', 'mae', 'rmse'])(
    '%s of rows that lie elsewhere, where the answers are worse',
    (metric) => {
      const found = simulate(metric, HOME, { ...HOME, mean: 0.4, group: 0.6 }, [3000, 1500])
      // The metric has changed: of rows as at home the interval would speak of another number.
      expect(found.coverage, JSON.stringify(found)).toBeGreaterThan(0.935 - ROOM)
      expect(found.decided, JSON.stringify(found)).toBeGreaterThan(0.8)
    },
  )
})

describe('assumptions do not hold', () => {
  it.each(NAMES)('%s: a changed concept is seen in the labels that are there, and without labels is not', (metric) => {
    const changed = { ...HOME, concept: 1 }
    const seen = simulate(metric, HOME, changed, [1500, 1500], 400)
    expect(seen.failed.concept / ROUNDS, JSON.stringify(seen)).toBeGreaterThan(0.9)
    const unseen = simulate(metric, HOME, changed, [1500, 1500])
    expect(unseen.decided).toBeGreaterThan(0.85)
    expect(unseen.coverage).toBeLessThan(0.1)
  })
  it.each<Metric>(['accuracy', 'f1_macro', 'mae', 'rmse'])(
    '%s: a group whose labels differ at equal answers, and of which there are now more',
    (metric) => {
      const world = { ...HOME, ofGroup: 1.5 }
      const found = simulate(metric, world, { ...world, group: 0.8 }, [2000, 2000])
      expect(found.failed.calibration / ROUNDS, JSON.stringify(found)).toBeGreaterThan(0.9)
      const same = simulate(metric, world, world, [2000, 2000])
      expect(same.decided, JSON.stringify(same)).toBeGreaterThan(0.85)
      expect(same.coverage, JSON.stringify(same)).toBeGreaterThan(0.935 - ROOM)
    },
  )
})

describe('rows that no estimate can be made of', () => {
  const asked = (metric: Metric, reference: Drawn, rows: Drawn) =>
    labelFreeEstimate({
      ...METRICS[metric],
      reference,
      rows,
      outside: { rows: 0, expected: 0 },
      columns: () => [],
      random: createRandom('label-free', 'none'),
      replicates: 99,
    })
  const random = createRandom('label-free', 'bad')
  const classes = drawClasses(2000, HOME, random)
  const amounts = drawAmounts(2000, HOME, random)
  const only = (rows: Drawn, kept: (row: number) => boolean): Drawn => {
    const of = (column: Float64Array): Float64Array => column.filter((_, row) => kept(row))
    return {
      scores: of(rows.scores),
      decisions: of(rows.decisions),
      labels: of(rows.labels),
      x: of(rows.x),
      group: of(rows.group),
    }
  }
  it.each<[string, Metric, Drawn, RegExp]>([
    ['too few labels', 'mae', only(amounts, (row) => row < 150), /has 150 labelled rows; 200 are asked for\./],
    [
      'a class that is rare',
      'f1_macro',
      only(classes, (row) => classes.labels[row] !== 1 || row < 60),
      /of them "middle"/,
    ],
    [
      'hardly a wrong answer',
      'accuracy',
      only(classes, (row) => classes.labels[row] === classes.decisions[row]),
      /0 of them answered wrong/,
    ],
    [
      'an answer that is not there',
      'accuracy',
      only(classes, (row) => classes.decisions[row] !== 2),
      /and 0 of a decision/,
    ],
  ])('%s: withdrawn', (_, metric, reference, cause) => {
    const { estimate, assumptions } = asked(metric, reference, METRICS[metric].task === 'amount' ? amounts : classes)
    expect(estimate).toMatchObject({ kind: 'undefined', reason: 'assumption-failed' })
    expect(assumptions[0]).toMatchObject({ assumption: 'reference', verdict: 'fails' })
    expect(assumptions[0]?.cause).toMatch(cause)
  })
  it('no rows', () => {
    expect(
      asked(
        'mae',
        amounts,
        only(amounts, () => false),
      ).estimate,
    ).toEqual({ kind: 'undefined', reason: 'empty' })
    expect(
      asked(
        'accuracy',
        classes,
        only(classes, () => false),
      ).estimate,
    ).toMatchObject({ reason: 'empty' })
  })
  it('answers that are always right have no interval', () => {
    const exact = { ...amounts, labels: amounts.scores }
    expect(asked('mae', exact, { ...exact, labels: exact.labels.map(() => Number.NaN) }).estimate).toMatchObject({
      kind: 'undefined',
      value: 0,
    })
  })
})
