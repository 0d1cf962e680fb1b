import { compile } from '@plumbline/core'
import { analyseMetrics, countablePopulations, type LabelCounts } from '@plumbline/core/deep'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { type Bounded, type Group, shortfall, specOf } from '../solver/decisions-of-groups.ts'
import { COUNTED_CASES } from './counted-cases.ts'
import type { Cells } from './decisions.ts'

const solver = createSolver()
afterAll(() => solver.close())

/** Rows are looked at as shares of many: each row is so many. */
const FINER = 2
/** Of what is rounded by the bound of a repair. */
const ROUNDING = 1e-9

const decisionsOf = ({ rows, positives }: Group): readonly Cells[] => {
  const [most, others] = [positives * FINER, (rows - positives) * FINER]
  return Array.from({ length: most + 1 }, (_, tp) =>
    Array.from({ length: others + 1 }, (__, fp) => ({ tp, fp, fn: most - tp, tn: others - fp })),
  ).flat()
}

/** The least that bounds have to move in total for some decision of the counted rows; each decision is tried. */
function leastMoves(clauses: readonly Bounded[], ones: readonly Cells[], twos: readonly Cells[]): number {
  let least = Number.POSITIVE_INFINITY
  for (const one of ones)
    for (const two of twos) {
      let total = 0
      for (const each of clauses) {
        total += Math.max(0, shortfall(each, one, two))
        if (total >= least) break
      }
      if (total < least) least = total
    }
  return least
}

test.each(COUNTED_CASES.map((each) => [each.name, each] as const))('%s', async (_, { groups, clauses, against }) => {
  const [one, two] = groups
  const [ones, twos] = [decisionsOf(one), decisionsOf(two)]
  const least = (places: readonly number[]): number =>
    leastMoves(
      places.map((i) => clauses[i] as Bounded),
      ones,
      twos,
    )
  const all = clauses.map((_clause, i) => i)
  // The author is judged, too.
  expect(least(against ?? all) <= ROUNDING, 'whether some decision meets it').toBe(against === undefined)
  const { value } = compile({ main: { path: 'plumb.yaml', text: specOf(clauses) }, others: [] })
  if (value === undefined) throw new Error(specOf(clauses))
  const whole = { rows: one.rows + two.rows, positives: one.positives + two.positives }
  const known = countablePopulations(value).map(({ key }) => {
    const group = /"value":"?([12])"?/.exec(key)?.[1]
    return [key, group === undefined ? whole : group === '1' ? one : two] as const
  })
  const labels: LabelCounts = new Map([['rows', new Map(known)]])
  const asking = { solver, limits: { milliseconds: 20_000 } }
  const { findings, undecided } = await analyseMetrics(value, asking, labels)
  const conflicts = findings.filter(({ kind }) => kind === 'impossible-metrics')
  expect(undecided).toBe(0)
  if (against === undefined) {
    expect(conflicts).toEqual([])
    return
  }
  expect(conflicts.length).toBeGreaterThan(0)
  for (const finding of conflicts) {
    if (finding.kind !== 'impossible-metrics') continue
    const named = finding.clauses.map(({ id }) => Number(id.slice(1)))
    expect(least(named), named.join()).toBeGreaterThan(ROUNDING)
    for (const left of named) expect(least(named.filter((i) => i !== left))).toBeLessThanOrEqual(ROUNDING)
    const moves = finding.repair?.moves ?? []
    expect(moves.length).toBeGreaterThan(0)
    // Shares of rows can be put nearer than whole rows, never farther; bounds are put at the next thousandth.
    expect(finding.repair?.distance).toBeLessThan(least(named) * 1.03 + 1.5e-3 * moves.length)
  }
  const [first] = conflicts
  if (first?.kind === 'impossible-metrics')
    expect(first.clauses.map(({ id }) => Number(id.slice(1))).toSorted()).toEqual(against)
})
