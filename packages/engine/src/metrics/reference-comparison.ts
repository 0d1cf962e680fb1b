import { stats } from '@plumbline/core'
import type { ComparedInput, LabelFreeRows } from './label-free-rows.ts'

/** Rows with a value outside what a reference has, how many of its own kind would be, and the column they are most in. */
export function rowsOutside(
  inputs: readonly ComparedInput[],
  reference: LabelFreeRows,
  rows: LabelFreeRows,
): { readonly rows: number; readonly expected: number; readonly worst?: string } {
  const isOutside = new Uint8Array(rows.scores.length)
  let expected = 0
  let most = { name: '', rows: 0 }
  const columns = [
    { name: 'score', kind: 'amount' as const, known: reference.scores, values: rows.scores },
    ...inputs.map(({ name, kind }, i) => ({
      name,
      kind,
      known: reference.inputs[i] as Float64Array,
      values: rows.inputs[i] as Float64Array,
    })),
  ]
  for (const { name, kind, known, values } of columns) {
    const isKnown = kind === 'amount' ? withinRange(known) : amongValues(known)
    // One more row of the same kind would be the least or the greatest of all in two of n + 1 cases.
    if (kind === 'amount') expected += 2 / (known.length + 1)
    let found = 0
    values.forEach((value, row) => {
      if (isKnown(value)) return
      found++
      isOutside[row] = 1
    })
    if (found > most.rows) most = { name, rows: found }
  }
  const outside = isOutside.reduce((sum, each) => sum + each, 0)
  return { rows: outside, expected, ...(most.rows === 0 ? {} : { worst: most.name }) }
}

function withinRange(known: Float64Array): (value: number) => boolean {
  let [low, high, missing] = [Infinity, -Infinity, false]
  for (const value of known) {
    if (Number.isNaN(value)) missing = true
    low = value < low ? value : low
    high = value > high ? value : high
  }
  return (value) => (Number.isNaN(value) ? missing : value >= low && value <= high)
}

function amongValues(known: Float64Array): (value: number) => boolean {
  // A set holds NaN as one value, as it does here.
  const values = new Set(known)
  return (value) => values.has(value)
}

/** Ranges of an amount that are told apart. */
const RANGES = 5
/** Values of a category that are told apart; the rarer ones are one. */
const VALUES = 20

/** The rows of both sides by the values of each input, and by stratum within. Labelled rows only, of the reference. */
export function valueStrata(
  strata: stats.ScoreStrata,
  inputs: readonly ComparedInput[],
  reference: LabelFreeRows,
  rows: LabelFreeRows,
  decides: boolean,
  outcome: stats.OutcomeOf,
): readonly stats.ValueStrata[] {
  const strataOf = (of: LabelFreeRows): Int32Array =>
    Int32Array.from(
      of.scores,
      (score, row) => stats.stratumOf(strata, score, decides ? (of.decisions[row] as number) : 0) ?? -1,
    )
  const [there, here] = [strataOf(reference), strataOf(rows)]
  return inputs.map(({ name, kind }, i) => {
    const known = reference.inputs[i] as Float64Array
    const { placeOf, values } = kind === 'amount' ? byRange(known) : byValue(known)
    const tallied = (cells: Float64Array, stratum: Int32Array, counts: (row: number) => boolean): Uint32Array => {
      const found = new Uint32Array(values * strata.count)
      cells.forEach((cell, row) => {
        const at = stratum[row] as number
        if (at < 0 || !counts(row)) return
        const place = placeOf(cell) * strata.count + at
        found[place] = (found[place] as number) + 1
      })
      return found
    }
    const sums = new Float64Array(values * strata.count)
    known.forEach((cell, row) => {
      const [at, label] = [there[row] as number, reference.labels[row] as number]
      if (at < 0 || Number.isNaN(label)) return
      const place = placeOf(cell) * strata.count + at
      const value = outcome(label, decides ? (reference.decisions[row] as number) : 0, reference.scores[row] as number)
      sums[place] = (sums[place] as number) + value
    })
    return {
      column: name,
      values,
      reference: tallied(known, there, (row) => !Number.isNaN(reference.labels[row] as number)),
      sums,
      rows: tallied(rows.inputs[i] as Float64Array, here, () => true),
    }
  })
}

interface Places {
  readonly placeOf: (cell: number) => number
  readonly values: number
}

function byRange(known: Float64Array): Places {
  const sorted = known.filter((cell) => !Number.isNaN(cell)).sort()
  const edges = [
    ...new Set(
      Array.from({ length: RANGES - 1 }, (_, i) => sorted[Math.floor((sorted.length * (i + 1)) / RANGES)] ?? 0),
    ),
  ]
  const missing = edges.length + 1
  return {
    values: missing + 1,
    placeOf: (cell) => (Number.isNaN(cell) ? missing : edges.filter((edge) => cell >= edge).length),
  }
}

function byValue(known: Float64Array): Places {
  const counts = new Map<number, number>()
  for (const cell of known) counts.set(cell, (counts.get(cell) ?? 0) + 1)
  const common = [...counts].sort(([a, n], [b, m]) => m - n || a - b).slice(0, VALUES)
  const places = new Map(common.map(([cell], place) => [cell, place]))
  return { values: common.length + 1, placeOf: (cell) => places.get(cell) ?? common.length }
}
