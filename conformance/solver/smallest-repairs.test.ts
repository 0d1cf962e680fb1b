import { analyseMetrics } from '@plumbline/core/deep'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { anyClause, type Asked, TABLES } from './small-tables.ts'
import { compiledSpec } from '../../packages/core/src/testing/compiled-spec.ts'

const solver = createSolver()
afterAll(() => solver.close())
const random = createRandom(process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline', 'smallest-repairs')
const SPECS = Number(process.env['PLUMB_REPAIRS'] ?? 80)
/** Bounds that are tried move by so much. */
const STEP = 0.05
/** A repair is in thousandths, and of several moves only where they are worth it. */
const WORTH = 0.95

const specOf = (clauses: readonly Asked[]): string => `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data:
  rows: { source: rows.csv, columns: { c: { type: number, optional: true }, b: { type: boolean } } }
slices: { part: b, rest: "!b" }
clauses:
${clauses.map(({ text }, i) => `  k${i}: { says: One., of: rows, ${text} }`).join('\n')}
`

const TABLES_OF_NUMBERS = TABLES.number.filter((table) => table.length > 0)
const sizeOf = (value: number): number => Math.max(1, Math.abs(value))

/** Bounds of the clauses, moved by less than `most` in total, with which some table meets all; undefined where none on the grid has one. */
function smallerRepair(clauses: readonly Asked[], most: number): readonly number[] | undefined {
  const at = (left: readonly Asked[], bounds: readonly number[], budget: number): readonly number[] | undefined => {
    const [first, ...rest] = left
    if (first === undefined) {
      const isMet = TABLES_OF_NUMBERS.some((table) =>
        clauses.every((each, i) => each.meetsAt?.(table, bounds[i] ?? Number.NaN) ?? each.meets(table)),
      )
      return isMet ? bounds : undefined
    }
    const bound = first.bound
    if (bound === undefined) return at(rest, [...bounds, Number.NaN], budget)
    const steps = Math.floor((budget * sizeOf(bound)) / STEP)
    for (let step = -steps; step <= steps; step++) {
      const spent = (Math.abs(step) * STEP) / sizeOf(bound)
      const found = at(rest, [...bounds, bound + step * STEP], budget - spent)
      if (found !== undefined) return found
    }
    return undefined
  }
  return at(clauses, [], most)
}

test('no table of three rows is met by moving bounds less than a repair does', async () => {
  let repaired = 0
  for (let i = 0; i < SPECS; i++) {
    const clauses = Array.from({ length: 3 }, () => anyClause(random))
    const text = specOf(clauses)
    const value = compiledSpec(text)
    const { findings } = await analyseMetrics(value, { solver, limits: { milliseconds: 20_000 } })
    for (const finding of findings) {
      if (finding.kind !== 'impossible-metrics' || finding.repair === undefined) continue
      const named = finding.clauses.flatMap(({ id }) =>
        id.startsWith('k') ? [clauses[Number(id.slice(1))] as Asked] : [],
      )
      const movesRow = finding.repair.moves.some(({ name }) => clauses[Number(name.slice(1))]?.bound === undefined)
      if (named.length > 2 || movesRow) continue
      repaired++
      const moves = finding.repair.moves.map(({ name, from, to }) => `${name}: ${from.value} to ${to.value}`).join()
      const found = smallerRepair(named, finding.repair.distance * WORTH)
      expect(found, `${moves} of ${text}`).toBeUndefined()
    }
  }
  expect(repaired).toBeGreaterThan(4)
})
