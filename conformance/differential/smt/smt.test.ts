import { afterAll, expect, it } from 'vitest'
import type { Expr } from '../../../packages/core/src/expr/expr.ts'
import { satisfiable } from '../../../packages/core/src/deep/satisfiable.ts'
import { BOOL, DOUBLE } from '../../../packages/core/src/expr/type.ts'
import { literalOf } from '../../../packages/core/src/expr/value.ts'
import { ask } from '../../../packages/core/src/targets/smt/index.ts'
import { createSolver } from '../../../packages/solver/src/index.ts'
import { columns, fuzzSmt, isExact } from './fuzz.ts'
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

it('a number that no float64 is, is proved to be none, though as a real number it is there', async () => {
  const expr: Expr = {
    node: 'call',
    type: BOOL,
    fn: 'eq_double_int',
    args: [{ node: 'column', type: DOUBLE, name: 'x' }, literalOf({ kind: 'int' }, 2n ** 62n + 1n)],
  }
  const demand = { name: 'it', expr, missing: 'fail', holds: true } as const
  const limits = { milliseconds: 60_000, steps: 100_000 }
  expect(await satisfiable([demand], columns, { solver, limits })).toMatchObject({ kind: 'unsatisfiable' })
  expect(isExact(ask([demand], columns, false))).toBe(false)
})
