import type { CellValue, Coordinate, Point, Space } from './domain.ts'
import type { Random } from './random.ts'

/** The share of missing values in uniform draws from an optional range. */
const MISSING_SHARE = 0.05

/** One point drawn uniformly and independently per coordinate: the measure of the bound on the violation probability. */
export function uniformPoint(space: Space, random: Random): Point {
  return space.coordinates.map((coordinate) => uniformValue(coordinate, random))
}

function uniformValue(coordinate: Coordinate, random: Random): CellValue {
  const { values, low, high, domain } = coordinate
  if (values !== undefined) return values[random.int(values.length)] ?? null
  if (domain.optional === true && random.float() < MISSING_SHARE) return null
  return fit(coordinate, low + (high - low) * random.float() + (domain.type === 'integer' ? random.float() - 0.5 : 0))
}

/** Values worth trying on their own: bounds, zero, one, and each side of every interesting number; all if few. */
export function specialValues(coordinate: Coordinate): readonly CellValue[] {
  const { values, low, high, domain } = coordinate
  const numbers = [low, high, 0, 1, -1, (low + high) / 2]
  for (const t of domain.interesting ?? []) {
    if (domain.type === 'integer') numbers.push(Math.floor(t), Math.floor(t) + 1)
    else numbers.push(t, nextFloat32(t, 1), nextFloat32(t, -1))
  }
  const inside = numbers.filter((number) => number >= low && number <= high).map((number) => fit(coordinate, number))
  const extra = domain.optional === true ? [null] : []
  return values ?? [...new Set([...inside, ...extra])]
}

/** `point` with one to three coordinates changed: to special values, uniform ones, or by a step on a random scale. */
export function mutate(point: Point, space: Space, specials: readonly (readonly CellValue[])[], random: Random): Point {
  const changed = [...point]
  for (let count = 1 + random.int(3); count > 0; count--) {
    const i = random.int(changed.length)
    const coordinate = space.coordinates[i]
    if (coordinate !== undefined) changed[i] = neighbour(changed[i] ?? null, coordinate, specials[i] ?? [], random)
  }
  return changed
}

function neighbour(
  value: CellValue,
  coordinate: Coordinate,
  specials: readonly CellValue[],
  random: Random,
): CellValue {
  const kind = random.float()
  if (kind < 0.3 && specials.length > 0) return specials[random.int(specials.length)] ?? null
  if (kind < 0.45 || typeof value !== 'number' || coordinate.domain.type === 'category')
    return uniformValue(coordinate, random)
  const scale = (coordinate.high - coordinate.low) * 10 ** (-4 * random.float())
  const step = random.normal() * scale
  const whole = coordinate.domain.type === 'integer' && Math.abs(step) < 1 ? Math.sign(step) : step
  const moved = fit(coordinate, value + whole)
  return coordinate.values === undefined || coordinate.values.includes(moved) ? moved : uniformValue(coordinate, random)
}

/** Each coordinate from one of two points. */
export function crossover(a: Point, b: Point, random: Random): Point {
  return a.map((value, i) => (random.float() < 0.5 ? value : (b[i] ?? null)))
}

/** The value of the coordinate nearest to a number: inside the bounds, whole for integers. */
export function fit(coordinate: Coordinate, number: number): number {
  const rounded = coordinate.domain.type === 'integer' ? Math.round(number) : number
  return Math.min(coordinate.high, Math.max(coordinate.low, rounded))
}

/** The float32 next to `value` in a direction: the other side of a split. */
function nextFloat32(value: number, direction: 1 | -1): number {
  const float = Float32Array.of(value)
  const bits = new Int32Array(float.buffer)
  const start = float[0] ?? value
  if ((direction === 1 && start > value) || (direction === -1 && start < value)) return start
  if (start === 0) return direction * 2 ** -149
  bits[0] = (bits[0] ?? 0) + (start > 0 === (direction === 1) ? 1 : -1)
  return float[0] ?? value
}
