import { createRandom } from '../../../packages/core/src/stats/prng.ts'
import { normal, oneOf, within } from '../draw.ts'
import { linearModel } from '../linear-model.ts'
import type { Pack } from '../pack.ts'

const WEIGHTS = { area: 12, rooms: 25, age: -1.5, distance: -9 } as const
const INTERCEPT = 250

function rows(): Pack['rows'] {
  const random = createRandom('template', 'regression')
  return Array.from({ length: 2500 }, (_, i) => {
    const area = within(normal(random, 75, 25, 1), 15, 300)
    const rooms = within(Math.round(area / 25 + random.normal() * 0.7), 1, 10)
    const age = random.int(101)
    const distance = within(Math.round(Math.abs(random.normal()) * 80) / 10, 0, 50)
    const district = oneOf(random, ['north', 'south', 'west'])
    const expected =
      INTERCEPT + WEIGHTS.area * area + WEIGHTS.rooms * rooms + WEIGHTS.age * age + WEIGHTS.distance * distance
    const outcome = within(Math.round(expected + normal(random, 0, 90)), 1, 10_000)
    return { id: i + 1, area, rooms, age, distance, district, split: i % 2 === 0 ? 'train' : 'test', outcome }
  })
}

/** Rents of flats by area, rooms, age and distance, and the linear model with the same weights. */
export const regression: Pack = {
  name: 'regression',
  rows: rows(),
  model: linearModel({
    inputs: [
      { name: 'area', type: 'float' },
      { name: 'rooms', type: 'int64' },
      { name: 'age', type: 'int64' },
      { name: 'distance', type: 'float' },
    ],
    weights: Object.values(WEIGHTS).map((weight) => [weight]),
    intercepts: [INTERCEPT],
  }),
}
