import { stats } from '@plumbline/core'
import type { OutputValues, Predictions } from '../predictions.ts'
import type { PredictRequest, Runner } from '../runner.ts'
import { type Outcome, success } from '../outcome.ts'
import { pickRows } from './cells.ts'

/** Rows asked again, and how many of them were then answered otherwise. */
export interface Repeated {
  readonly rows: number
  readonly differing: number
}

const SAMPLE = 32
/** Where there are so many times the rows of a sample, a draw rarely meets one that was drawn before. */
const MANY = 100
/** Answers in float32 differ in their last bits with the rows they are batched with; a function of other inputs differs by more. */
const RELATIVE = 1e-6

/**
 * Asks a seeded sample of the rows a second time and counts the answers that are not the same. Numbers may differ by
 * 1e-6 relative (float32 in another batch); whatever else differs is counted. A failure of the second asking is one.
 */
export async function askAgain(
  runner: Runner,
  request: PredictRequest,
  before: Predictions,
  seed: string,
): Promise<Outcome<Repeated>> {
  const places = sampled(request.rows, before, runner.repeats ?? SAMPLE, stats.createRandom(seed, 'asked again'))
  if (places.length === 0) return success({ rows: 0, differing: 0 })
  const again = await runner.predict({
    ...request,
    fresh: true,
    rows: places.length,
    data: new Map([...request.data].map(([name, column]) => [name, pickRows(column, places)])),
  })
  // What may be spent is spent on the rows themselves.
  if (!again.ok) return again.error.code === 'engine/model-budget' ? success({ rows: 0, differing: 0 }) : again
  const differs = (place: number, row: number): boolean =>
    again.value.calls?.errors.has(row) === true ||
    [...before.outputs].some(([name, values]) => !alike(values[place], again.value.outputs.get(name)?.[row]))
  return success({ rows: places.length, differing: places.filter((place, row) => differs(place, row)).length })
}

/** Rows that were answered, in their order; of very many a few are drawn without listing all. */
function sampled(rows: number, { calls }: Predictions, most: number, random: stats.Random): readonly number[] {
  const answered = (row: number): boolean => calls?.errors.has(row) !== true
  if (rows > MANY * most && (calls?.errors.size ?? 0) === 0) {
    const drawn = new Set<number>()
    while (drawn.size < most) drawn.add(random.int(rows))
    return [...drawn].sort((a, b) => a - b)
  }
  return random
    .shuffle(Array.from({ length: rows }, (_, row) => row).filter(answered))
    .slice(0, most)
    .sort((a, b) => a - b)
}

/** Asks all rows once more, in a seeded order of their own, and says of each whether it was then answered otherwise. */
export async function askReordered(
  runner: Runner,
  request: PredictRequest,
  before: Predictions,
  seed: string,
): Promise<Outcome<readonly boolean[]>> {
  const order = stats.createRandom(seed, 'another order').shuffle(Array.from({ length: request.rows }, (_, row) => row))
  const again = await runner.predict({
    ...request,
    fresh: true,
    data: new Map([...request.data].map(([name, column]) => [name, pickRows(column, order)])),
  })
  if (!again.ok) return again
  const differing = Array.from({ length: request.rows }, () => false)
  for (const [i, row] of order.entries())
    differing[row] =
      again.value.calls?.errors.has(i) === true ||
      [...before.outputs].some(([name, values]) => !alike(values[row], again.value.outputs.get(name)?.[i]))
  return success(differing)
}

function alike(a: OutputValues[number] | undefined, b: OutputValues[number] | undefined): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b
  return Object.is(a, b) || Math.abs(a - b) <= RELATIVE * Math.max(Math.abs(a), Math.abs(b))
}
