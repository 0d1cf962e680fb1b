import { toOnnx } from '../../../examples/credit-default/trainer/onnx.js'
import { createRandom, type Random } from '../../../packages/core/src/stats/prng.ts'
import { normal, within } from '../draw.ts'
import type { Pack } from '../pack.ts'

interface Law {
  readonly name: string
  readonly rows: number
  readonly inputs: readonly { readonly name: string; readonly integer: boolean }[]
  readonly intercept: number
  /** By input; 0 = the model makes no use of it. */
  readonly weights: Readonly<Record<string, number>>
  readonly draw: (random: Random) => Readonly<Record<string, number | string | boolean>>
}

const number = (name: string) => ({ name, integer: false })
const integer = (name: string) => ({ name, integer: true })

const laws: readonly Law[] = [
  {
    name: 'binary-classification',
    rows: 2500,
    inputs: [number('a'), number('b'), integer('visits')],
    intercept: -1.2,
    weights: { a: 1.4, b: -0.9, visits: 0.12 },
    draw: (random) => ({
      a: within(normal(random, 0, 1), -10, 10),
      b: within(normal(random, 0, 1), -10, 10),
      visits: random.int(11),
      channel: ['web', 'shop', 'phone'][random.int(3)] ?? 'web',
    }),
  },
  {
    name: 'credit-scoring',
    rows: 2500,
    inputs: [number('income'), number('amount'), integer('age'), integer('late_payments'), integer('sex')],
    intercept: -1,
    weights: { income: -0.00006, amount: 0.00008, age: -0.005, late_payments: 1.1, sex: 0 },
    draw: (random) => ({
      income: within(Math.round(Math.exp(normal(random, 10.4, 0.5, 4))), 0, 1_000_000),
      amount: within(Math.round(Math.exp(normal(random, 9.2, 0.7, 4))), 100, 500_000),
      age: within(Math.round(normal(random, 43, 13)), 18, 100),
      late_payments: random.float() < 0.6 ? 0 : random.int(5),
      sex: 1 + random.int(2),
    }),
  },
  {
    name: 'fraud-detection',
    // Few are fraud, so that more rows are needed for a bound on those found.
    rows: 4500,
    inputs: [number('amount'), integer('hour'), number('minutes_since_last'), integer('abroad'), integer('new_device')],
    intercept: -6.5,
    weights: { amount: 0.004, hour: -0.02, minutes_since_last: -0.0001, abroad: 3, new_device: 4 },
    draw: (random) => ({
      amount: within(Math.round(Math.exp(normal(random, 4, 1, 4)) * 100) / 100, 0, 100_000),
      hour: random.int(24),
      minutes_since_last: within(Math.round(Math.exp(normal(random, 6, 1.5, 4))), 0, 100_000),
      abroad: random.float() < 0.15,
      new_device: random.float() < 0.2,
    }),
  },
]

/** Packs whose model answers yes or no: rows drawn from a known law, and the model that has this law's own weights. */
export const twoClasses: readonly Pack[] = laws.map(({ name, rows: count, inputs, intercept, weights, draw }) => {
  const random = createRandom('template', name)
  const rows = Array.from({ length: count }, (_, i) => {
    const row = draw(random)
    const odds = Object.entries(weights).reduce((sum, [key, weight]) => sum + weight * Number(row[key]), intercept)
    const outcome = random.float() < 1 / (1 + Math.exp(-odds))
    return { id: i + 1, ...row, split: i % 2 === 0 ? 'train' : 'test', outcome }
  })
  // What has no weight is an input all the same, which the model makes no use of.
  const features = inputs.map((input) => input.name).filter((each) => weights[each] !== 0)
  const model = { kind: 'scorecard' as const, features, intercept, weights: features.map((each) => weights[each] ?? 0) }
  return { name, rows, model: toOnnx(model, inputs, { law: name }) }
})
