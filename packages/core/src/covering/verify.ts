import type { CoveringModel, CoveringRow } from './model.ts'

/** What a suite lacks. Nothing lacks when all three are empty. */
export interface CoveringFaults {
  /** Rows that are not of the model: wrong length, or a value that is none. */
  readonly malformed: readonly number[]
  /** Rows that a condition forbids. */
  readonly forbidden: readonly number[]
  /** Combinations in no row although some allowed row has them; 20 at most, as factor and value. */
  readonly missing: readonly (readonly (readonly [factor: number, value: number])[])[]
}

/**
 * Judges a suite from nothing but the model: it shares no code with what makes suites, and looks for the row of each missing
 * combination by plain backtracking in the order of the factors.
 */
export function verifyCovering(model: CoveringModel, rows: readonly CoveringRow[]): CoveringFaults {
  const { levels, strength, conditions = [] } = model
  const malformed = rows.flatMap((row, i) =>
    row.length === levels.length && row.every((v, f) => Number.isInteger(v) && v >= 0 && v < (levels[f] ?? 0))
      ? []
      : [i],
  )
  const holds = (row: readonly (number | undefined)[]): boolean =>
    conditions.every(({ factors, allows }) => {
      const values = factors.map((f) => row[f])
      return values.some((v) => v === undefined) || allows(values as number[])
    })
  const forbidden = rows.flatMap((row, i) => (malformed.includes(i) || holds(row) ? [] : [i]))
  const speaking = new Set(conditions.flatMap(({ factors }) => [...factors]))

  const canBeRow = (row: (number | undefined)[], from = 0): boolean => {
    if (!holds(row)) return false
    const free = row.findIndex((v, f) => f >= from && v === undefined && speaking.has(f))
    if (free === -1) return true
    for (let v = 0; v < (levels[free] ?? 0); v++) {
      row[free] = v
      if (canBeRow(row, free + 1)) return true
    }
    row[free] = undefined
    return false
  }

  const missing: (readonly (readonly [number, number])[])[] = []
  const visit = (chosen: readonly number[], from: number): void => {
    if (missing.length >= 20) return
    if (chosen.length < strength) {
      for (let f = from; f < levels.length; f++) visit([...chosen, f], f + 1)
      return
    }
    const seen = new Set<string>()
    for (const row of rows) seen.add(chosen.map((f) => row[f]).join(','))
    const values = chosen.map(() => 0)
    for (;;) {
      if (!seen.has(values.join(','))) {
        const row: (number | undefined)[] = levels.map(() => undefined)
        for (const [i, f] of chosen.entries()) row[f] = values[i]
        if (canBeRow(row)) missing.push(chosen.map((f, i) => [f, values[i] ?? 0] as const))
        if (missing.length >= 20) return
      }
      let last = values.length - 1
      while (last >= 0 && (values[last] = (values[last] ?? 0) + 1) >= (levels[chosen[last] ?? 0] ?? 0))
        values[last--] = 0
      if (last < 0) return
    }
  }
  visit([], 0)
  return { malformed, forbidden, missing }
}
