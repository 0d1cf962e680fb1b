import type { CellValue, Coordinate, Point, Space } from './domain.ts'
import { fit } from './draw.ts'
import type { Evaluation } from './evaluate.ts'

/** Decides points on the real runtime; undefined when it must stop (interrupted, or a failure). */
export type Replay = (points: readonly Point[]) => Promise<readonly Evaluation[] | undefined>

/** A shrunken counterexample: still violated, every accepted step replayed. */
export interface Shrunk {
  readonly point: Point
  readonly margin: number | undefined
  readonly reference: Point
  /** Accepted steps. */
  readonly steps: number
  /** Candidates replayed. */
  readonly tried: number
  /** No single coordinate can go to its reference value any more: a local minimum was reached. */
  readonly minimal: boolean
}

const MAX_STEPS = 400

/**
 * Makes a counterexample easier to read: as few coordinates as possible differ from a reference (the nearest starting
 * row, else the simplest values), and what differs lies near it, in few digits. Greedy per coordinate; it ends where no
 * single coordinate can be set to its reference without losing the violation.
 */
export async function shrink(space: Space, start: Point, margin: number | undefined, replay: Replay): Promise<Shrunk> {
  const reference = nearestReference(space, start)
  let point = start
  let best = margin
  let steps = 0
  let tried = 0
  const done = (minimal: boolean): Shrunk => ({ point, margin: best, reference, steps, tried, minimal })
  while (steps < MAX_STEPS) {
    const candidates = resets(point, reference)
    const nearer = candidates.length === 0 ? [] : simplifications(space, point, reference)
    if (candidates.length + nearer.length === 0) return done(true)
    const step = (await accept(candidates)) ?? (await accept(nearer))
    if (step === 'stopped') return done(false)
    if (step === undefined) return done(true)
    point = step.point
    best = step.margin
    steps++
  }
  return done(false)

  async function accept(
    candidates: readonly Point[],
  ): Promise<{ readonly point: Point; readonly margin: number | undefined } | undefined | 'stopped'> {
    if (candidates.length === 0) return undefined
    const results = await replay(candidates)
    if (results === undefined) return 'stopped'
    tried += candidates.length
    for (const [i, candidate] of candidates.entries()) {
      const result = results[i]
      if (result?.kind === 'decided' && result.violated) return { point: candidate, margin: result.margin }
    }
    return undefined
  }
}

/** The starting row with the fewest differing coordinates (the first of equals), else the simplest point. */
function nearestReference(space: Space, point: Point): Point {
  let nearest = space.simplest
  let least = Infinity
  for (const candidate of space.starts) {
    const differing = differences(candidate, point).length
    if (differing < least) {
      least = differing
      nearest = candidate
    }
  }
  return nearest
}

/** The coordinates in which two points differ. */
export function differences(a: Point, b: Point): readonly number[] {
  return a.flatMap((value, i) => (Object.is(value, b[i]) ? [] : [i]))
}

/** Everything at once, each half, then each coordinate alone: set to the reference. */
function resets(point: Point, reference: Point): readonly Point[] {
  const differing = differences(point, reference)
  const toReference = (indices: readonly number[]): Point =>
    indices.reduce<Point>((changed, i) => changed.with(i, reference[i] ?? null), point)
  const middle = Math.ceil(differing.length / 2)
  const groups = differing.length > 2 ? [differing, differing.slice(0, middle), differing.slice(middle)] : []
  return [...groups, ...differing.map((i) => [i])].map(toReference)
}

/** Each differing number moved towards its reference: rounded to few digits, or half way. */
function simplifications(space: Space, point: Point, reference: Point): readonly Point[] {
  return differences(point, reference).flatMap((i) => {
    const coordinate = space.coordinates[i]
    const value = point[i]
    if (coordinate === undefined || coordinate.domain.type === 'category' || typeof value !== 'number') return []
    const target = reference[i]
    const simple = simpler(coordinate, value, typeof target === 'number' ? target : 0)
    return simple.filter((v) => coordinate.values?.includes(v) !== false).map((v) => point.with(i, v))
  })
}

function simpler(coordinate: Coordinate, value: number, target: number): readonly CellValue[] {
  const tries: number[] = []
  // A step must shorten the number or bring it at least a tenth nearer, so that the steps come to an end.
  for (const digits of [1, 2, 3, 4]) {
    const rounded = fit(coordinate, Number(value.toPrecision(digits)))
    if (length(rounded) < length(value)) tries.push(rounded)
  }
  const middle = (value + target) / 2
  const half = fit(
    coordinate,
    coordinate.domain.type === 'integer' ? Math.trunc(middle) : Number(middle.toPrecision(4)),
  )
  if (Math.abs(half - target) < 0.9 * Math.abs(value - target) && length(half) <= length(value)) tries.push(half)
  return [...new Set(tries)]
}

function length(value: number): number {
  return String(value).length
}
