const UNITS = [
  ['days', 86_400_000_000],
  ['hours', 3_600_000_000],
  ['minutes', 60_000_000],
  ['seconds', 1_000_000],
  ['milliseconds', 1000],
  ['microseconds', 1],
] as const

/** Microseconds in the largest unit that divides them: `7 days`. */
export function speakSpan(micros: number): string {
  const [unit, size] = UNITS.find(([, each]) => micros % each === 0) ?? ['microseconds', 1]
  return `${micros / size} ${unit}`
}

/** Microseconds of so many units; undefined for an unknown unit. */
export function spanOfUnits(count: bigint, unit: string): number | undefined {
  const size = UNITS.find(([name]) => name === unit)?.[1]
  return size === undefined ? undefined : Number(count) * size
}
