const INT64 = { low: -(2n ** 63n), high: 2n ** 63n - 1n } as const

/**
 * Widens observed bounds to round ones: outwards to multiples of half the power of ten below their distance, so that 17
 * to 90 becomes 15 to 90. Sign is kept: nothing at or above zero gets a bound below it. A distance below 50 is left as
 * it is: months and hours would only get values that do not exist.
 */
export function roundIntegers(low: bigint, high: bigint): readonly [bigint, bigint] {
  const span = high - low
  const step = span < 50n ? 1n : 5n * 10n ** BigInt(String(span).length - 2)
  const down = floorTo(low, step)
  const up = -floorTo(-high, step)
  return [down < INT64.low ? INT64.low : down, up > INT64.high ? INT64.high : up]
}

function floorTo(value: bigint, step: bigint): bigint {
  const rest = ((value % step) + step) % step
  return value - rest
}

/** The same for float64, by decimal text, so that 0.15 does not become 0.15000000000000002. */
export function roundNumbers(low: number, high: number): readonly [number, number] {
  const span = high - low
  // A distance beyond float64, or none at all: there is nothing to round to.
  if (!Number.isFinite(span) || span === 0) return [low, high]
  const exponent = Math.floor(Math.log10(span)) - 1
  const multiple = (count: number): number => Number(`${count * 5}e${exponent}`)
  const unit = multiple(1)
  if (unit === 0) return [low, high]
  const down = multiple(Math.floor(low / unit))
  const up = multiple(Math.ceil(high / unit))
  // Far from zero the step is below the precision of float64; a bound must never cut off what was seen.
  return [
    down <= low && Number.isFinite(down) ? zeroSafe(down) : low,
    up >= high && Number.isFinite(up) ? zeroSafe(up) : high,
  ]
}

const zeroSafe = (value: number): number => (value === 0 ? 0 : value)

/** A share, a fifth larger and rounded up to two digits: the bound for missing cells. At most 1. */
export function roundShare(share: number): number {
  const larger = Math.max(share * 1.2, 1e-4)
  const exponent = Math.floor(Math.log10(larger)) - 1
  return Math.min(1, Number(`${Math.ceil(Number((larger / 10 ** exponent).toFixed(9)))}e${exponent}`))
}

/** Nine tenths of a count of rows, rounded down to two digits (below 100: to one row); at least 1. */
export function roundRows(rows: number): number {
  const least = Math.floor(rows * 0.9)
  const step = 10 ** Math.max(0, String(least).length - 2)
  return Math.max(1, Math.floor(least / step) * step)
}
