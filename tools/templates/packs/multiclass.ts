import { createRandom, type Random } from '../../../packages/core/src/stats/prng.ts'
import { normal, oneOf, within } from '../draw.ts'
import { softmaxModel } from '../linear-model.ts'
import type { Pack } from '../pack.ts'

/** By input: what it adds to the log odds of each class. */
const WEIGHTS = { weight: [-0.9, 0.1, 0.8], hardness: [1.2, -1.4, 0.1], moisture: [0.02, 0.1, -0.12] } as const
const INTERCEPTS = [0.2, -0.4, 0.1] as const

/** Draws a class by its probabilities. */
function drawn(random: Random, odds: readonly number[]): number {
  const powers = odds.map((each) => Math.exp(2 * each))
  let left = random.float() * powers.reduce((sum, power) => sum + power, 0)
  const found = powers.findIndex((power) => (left -= power) < 0)
  return found < 0 ? powers.length - 1 : found
}

function rows(): Pack['rows'] {
  const random = createRandom('template', 'multiclass-classification')
  return Array.from({ length: 3000 }, (_, i) => {
    const weight = within(normal(random, 0, 1.5), -10, 10)
    const hardness = within(normal(random, 0, 1.5), -10, 10)
    const moisture = random.int(21)
    const plant = oneOf(random, ['east', 'west'])
    const odds = INTERCEPTS.map(
      (intercept, k) =>
        intercept +
        (WEIGHTS.weight[k] ?? 0) * weight +
        (WEIGHTS.hardness[k] ?? 0) * hardness +
        (WEIGHTS.moisture[k] ?? 0) * (moisture - 10),
    )
    return {
      id: i + 1,
      weight,
      hardness,
      moisture,
      plant,
      split: i % 2 === 0 ? 'train' : 'test',
      outcome: drawn(random, odds),
    }
  })
}

/** Pieces sorted into three classes, and the multinomial model with the same weights. */
export const multiclass: Pack = {
  name: 'multiclass-classification',
  rows: rows(),
  model: softmaxModel({
    inputs: [
      { name: 'weight', type: 'float' },
      { name: 'hardness', type: 'float' },
      { name: 'moisture', type: 'int64' },
    ],
    weights: Object.values(WEIGHTS).map((weights) => weights.map((weight) => 2 * weight)),
    intercepts: INTERCEPTS.map((intercept, k) => 2 * (intercept - 10 * (WEIGHTS.moisture[k] ?? 0))),
  }),
}
