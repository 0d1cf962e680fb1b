import { afterAll, expect, it } from 'vitest'
import { createSolver } from '../../../packages/solver/src/index.ts'
import { fuzzSmt } from './fuzz.ts'
import { installed } from './native.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const conditions = Number(process.env['PLUMB_FUZZ_SMT'] ?? 50)
const solver = createSolver()
afterAll(() => solver.close())
const natives = installed()

it('answers about random conditions are never contradicted, by rows or by other solvers, and most get one', async () => {
  const run = await fuzzSmt({ seed, conditions, milliseconds: 60_000, steps: 60_000, solver, natives, nativeEvery: 6 })
  expect(run.mistakes).toEqual([])
  expect((run.satisfiable + run.unsatisfiable) / run.conditions, JSON.stringify(run.reasons)).toBeGreaterThan(0.8)
  expect(run.unsatisfiable).toBeGreaterThan(0)
  expect(run.rowsTried).toBeGreaterThan(conditions)
  if (natives.length > 0) expect(run.compared).toBeGreaterThan(0)
})
