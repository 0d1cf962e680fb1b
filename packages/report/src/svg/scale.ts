import type { AgainstBound } from '@plumbline/core'

/** A linear axis from numbers to pixels. */
export interface Scale {
  readonly low: number
  readonly high: number
  readonly width: number
  /** The pixel of a value, kept inside the drawing; ±∞ are its edges. */
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

/** Pixels left free on each side, so that a point at the end is whole. */
const INSET = 8

/** One axis for all the measurements, bounds and intervals given. */
export function scaleOf(rows: readonly AgainstBound[], width: number): Scale {
  const values = rows
    .flatMap(({ value, bound, interval }) => [
      value,
      bound,
      ...(interval === undefined ? [] : [interval.low, interval.high]),
    ])
    .filter(Number.isFinite)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const apart = most - least
  const room = apart > 0 ? apart * 0.12 : Math.max(Math.abs(most), 1) * 0.1
  const low = values.length === 0 ? 0 : least - room
  const high = values.length === 0 ? 1 : most + room
  const at = (value: number): number => {
    const inside = Math.min(high, Math.max(low, value))
    return round(INSET + ((inside - low) / (high - low)) * (width - 2 * INSET))
  }
  return { low, high, width, at, ticks: ticksBetween(low, high, 4) }
}

/** At most `most` round numbers between two ends (steps of 1, 2 or 5 times a power of ten). */
export function ticksBetween(low: number, high: number, most: number): readonly number[] {
  const span = high - low
  if (!(span > 0) || !Number.isFinite(span)) return []
  const power = 10 ** Math.floor(Math.log10(span / most))
  const step = [1, 2, 5, 10, 20].map((factor) => factor * power).find((size) => span / size <= most) ?? span
  const first = Math.ceil(low / step)
  const count = Math.floor(high / step) - first + 1
  return Array.from({ length: Math.max(0, Math.min(count, most + 1)) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  )
}

/** A pixel with one decimal is exact enough, and short. */
export function round(pixel: number): number {
  return Math.round(pixel * 10) / 10
}
