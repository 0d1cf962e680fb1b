import { roundIntegers, roundNumbers, stats } from '@plumbline/core'
import type { Amount } from './overview.ts'

/** Whether bounds seen in rows would hold for as many others. */
export interface Stability {
  /** Draws of halves, and those in which no cell of the other half lay outside. */
  readonly draws: number
  readonly held: number
  /** The share of cells that may lie outside in a table of this size: the most in any draw, with a reserve. 0 = none. */
  readonly tolerance: number
}

const DRAWS = 400

/**
 * Draws halves of the rows at random, learns the bounds from one and counts the cells of the other outside. Only the ends
 * of the column matter, so that the values kept there decide it: a border that many cells share is found in every half,
 * a tail that thins out is not. As many cells outside are to be expected in a new table of the same size as in the other
 * half of an old one: how many of m new values lie beyond the greatest of n depends on m / n alone.
 */
export function stabilityOf(amount: Amount, cells: number): Stability {
  const { column, lows, highs } = amount
  const random = stats.createRandom('plumb-draft', `halves ${column.profile.name}`)
  let held = 0
  let most = 0
  for (let draw = 0; draw < DRAWS; draw++) {
    const low = split(lows, random)
    const high = split(highs, random)
    const [from, to] = [low.first[0], high.first[0]]
    if (from === undefined || to === undefined) {
      most = Math.max(most, Math.ceil(cells / 2))
      continue
    }
    const [lower, upper] = roundBounds(column.profile.type, from, to)
    const outside = low.second.filter((x) => x < lower).length + high.second.filter((x) => x > upper).length
    if (outside === 0) held++
    most = Math.max(most, outside)
  }
  return { draws: DRAWS, held, tolerance: most === 0 ? 0 : (3 * most) / Math.max(1, cells) }
}

function split(values: readonly number[], random: stats.Random) {
  const first: number[] = []
  const second: number[] = []
  for (const value of values) (random.uint32() % 2 === 0 ? first : second).push(value)
  return { first, second }
}

/** The bounds as a spec would write them. */
export function roundBounds(type: string, low: number, high: number): readonly [number, number] {
  const exact = type === 'integer' && Number.isSafeInteger(low) && Number.isSafeInteger(high)
  if (!exact) return roundNumbers(low, high)
  const [down, up] = roundIntegers(BigInt(low), BigInt(high))
  return [Number(down), Number(up)]
}

/** A share that may fail as the least share that must hold: `99.95%`; rounded so that it asks no more. */
export function mostlyText(tolerance: number): string {
  const exponent = Math.floor(Math.log10(tolerance))
  const digits = Math.max(0, -exponent - 2)
  const step = 10 ** -exponent
  const allowed = (Math.ceil(Number((tolerance * step).toFixed(9))) / step) * 100
  return `${Number((100 - allowed).toFixed(digits))}%`
}
