import { createRandom } from '../../../packages/core/src/stats/prng.ts'
import { normal, within } from '../draw.ts'
import { leastSquares } from '../least-squares.ts'
import { linearModel } from '../linear-model.ts'
import type { Pack } from '../pack.ts'

const [DAY, WEEK, DAYS, TRAIN_DAYS] = [24, 168, 120, 70]
const START = Date.UTC(2025, 0, 6)
/** Half the width of an interval that holds 90 % of a normal distribution, in deviations. */
const NORMAL_90 = 1.645

interface Hour {
  readonly step: number
  readonly day: number
  readonly at: string
  readonly temperature: number
  readonly weekend: boolean
  readonly last_day: number
  readonly last_week: number
  readonly split: string
  readonly outcome: number
}

function hours(): readonly Hour[] {
  const random = createRandom('template', 'forecasting')
  const demand: number[] = []
  const warmth: number[] = []
  // A week before the first row, from which its inputs are taken.
  for (let step = -WEEK; step < DAYS * DAY; step++) {
    const [hour, weekday] = [((step % DAY) + DAY) % DAY, ((Math.floor(step / DAY) % 7) + 7) % 7]
    const swing = 60 * Math.sin(((hour - 7) / DAY) * 2 * Math.PI)
    const temperature = normal(random, 8 + 5 * Math.sin(((hour - 9) / DAY) * 2 * Math.PI), 2.5, 1)
    const outcome = 200 + swing - (weekday >= 5 ? 50 : 0) - 2.5 * temperature + normal(random, 0, 12)
    warmth.push(temperature)
    demand.push(within(Math.round(outcome), 0, 1000))
  }
  const ago = (step: number, by: number): number => demand[step + WEEK - by] ?? 0
  return Array.from({ length: DAYS * DAY }, (_, step) => {
    const day = Math.floor(step / DAY)
    return {
      step,
      day,
      at: new Date(START + step * 3_600_000).toISOString(),
      temperature: warmth[step + WEEK] ?? 0,
      weekend: day % 7 >= 5,
      last_day: ago(step, DAY),
      last_week: ago(step, WEEK),
      split: day < TRAIN_DAYS ? 'train' : 'test',
      outcome: ago(step, 0),
    }
  })
}

const read = (row: Hour): readonly number[] => [row.temperature, Number(row.weekend), row.last_day, row.last_week]

function forecasting(): Pack {
  const rows = hours()
  const train = rows.filter(({ split }) => split === 'train')
  const weights = leastSquares(
    train.map(read),
    train.map(({ outcome }) => outcome),
  )
  const [slopes, intercept] = [weights.slice(0, -1), weights.at(-1) ?? 0]
  const errors = train.map(
    (row) => row.outcome - read(row).reduce((sum, x, i) => sum + x * (slopes[i] ?? 0), intercept),
  )
  const width = NORMAL_90 * Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
  return {
    name: 'forecasting',
    rows: rows.map((row) => ({ ...row })),
    model: linearModel({
      inputs: [
        { name: 'temperature', type: 'float' },
        { name: 'weekend', type: 'bool' },
        { name: 'last_day', type: 'float' },
        { name: 'last_week', type: 'float' },
      ],
      weights: slopes.map((slope) => [slope, slope, slope]),
      intercepts: [intercept, intercept - width, intercept + width],
    }),
  }
}

/** Demand of every hour of four months, and a linear forecast of it, fitted to the first ten weeks, with a 90 % interval. */
export const forecast: Pack = forecasting()
