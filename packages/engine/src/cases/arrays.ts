import type { CaseArray, CaseCell } from '@plumbline/core/cases'
import { type Condition, coveringArray } from '@plumbline/core/covering'

/** A factor of an array: a name, and the values that stand for its domain. */
export interface Factor {
  readonly name: string
  readonly values: readonly [CaseCell, ...CaseCell[]]
}

/** A condition on some factors, by name. */
export interface FactorCondition {
  readonly factors: readonly string[]
  readonly allows: (cells: ReadonlyMap<string, CaseCell>) => boolean
}

/** How arrays are made. */
export interface ArrayOptions {
  readonly strength: number
  readonly seed: string
  /** Moves of the search for a smaller one. */
  readonly moves: number
}

/** Rows in which every combination of so many factors' values stands that the conditions allow; a string says why there are none. */
export function rowsOver(
  factors: readonly Factor[],
  conditions: readonly FactorCondition[],
  { strength, seed, moves }: ArrayOptions,
): { readonly rows: readonly ReadonlyMap<string, CaseCell>[]; readonly array: Omit<CaseArray, 'clauses'> } | string {
  const index = new Map(factors.map(({ name }, i) => [name, i]))
  const cellAt = (factor: number, value: number): CaseCell => factors[factor]?.values[value] ?? null
  const asked = conditions.map(({ factors: names, allows }): Condition => {
    const own = [...new Set(names)].flatMap((name) => index.get(name) ?? []).toSorted((a, b) => a - b)
    return {
      factors: own,
      allows: (values) =>
        allows(new Map(own.map((factor, i) => [factors[factor]?.name ?? '', cellAt(factor, values[i] ?? 0)]))),
    }
  })
  const t = Math.min(strength, factors.length)
  const made = coveringArray(
    { levels: factors.map(({ values }) => values.length), strength: t, conditions: asked },
    { seed, moves },
  )
  if (!made.ok) return made.fault
  const { rows, lowerBound, method, tuples } = made.suite
  if (rows.length === 0) return 'no values of its columns were found that may stand together'
  return {
    rows: rows.map((row) => new Map(row.map((value, factor) => [factors[factor]?.name ?? '', cellAt(factor, value)]))),
    array: { factors: factors.length, strength: t, rows: rows.length, lowerBound, method, ...tuples },
  }
}
